// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/exporter.h"
#include "app/headless_application.h"
#include "app/option_values.h"
#include "core/io/file_format.h"
#include "ui/figure/figure.h"

#include <QCommandLineParser>
#include <QFile>

#include <cstdio>

namespace poolscope {

namespace {

/// What `poolscope export` was asked for.
struct ExportParser
{
    QCommandLineParser parser;
    QCommandLineOption output{
        {"o", "output"},
        CommandLine::tr("What to write, by suffix: .png .svg .pdf .json .csv .pscope; repeatable."),
        CommandLine::tr("file")};
    QCommandLineOption width{"width", CommandLine::tr("Width of a picture in millimetres."),
                             CommandLine::tr("mm"), "190"};
    QCommandLineOption height{
        "height", CommandLine::tr("Height of a picture in millimetres; 0: as the lanes need."),
        CommandLine::tr("mm"), "0"};
    QCommandLineOption dpi{"dpi", CommandLine::tr("Resolution of a picture in dots per inch."),
                           CommandLine::tr("dpi"), "300"};
    QCommandLineOption from{"from",
                            CommandLine::tr("Begin of the range in a picture, in milliseconds."),
                            CommandLine::tr("ms")};
    QCommandLineOption to{"to", CommandLine::tr("End of the range in a picture, in milliseconds."),
                          CommandLine::tr("ms")};
    QCommandLineOption title{"title",
                             CommandLine::tr("Title of a picture; default: made from the run."),
                             CommandLine::tr("text")};
    QCommandLineOption theme{"theme",
                             CommandLine::tr("Colours of a picture: paper, light or dark."),
                             CommandLine::tr("name"), "paper"};
    QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};

    ExportParser()
    {
        parser.setApplicationDescription(
            CommandLine::tr("Writes a recorded run as a picture or as data."));
        parser.addPositionalArgument("run.pscope", CommandLine::tr("The run file to read."));
        parser.addOptions({output, width, height, dpi, from, to, title, theme, help});
    }
};

Result<double> readNumber(const QCommandLineParser& parser, const QCommandLineOption& option,
                          double minimum, double maximum)
{
    bool isNumber = false;
    const double number = parser.value(option).toDouble(&isNumber);
    if (!isNumber || number < minimum || number > maximum) {
        return Error{CommandLine::tr("--%1 %2: give a number from %3 to %4.")
                         .arg(option.names().constLast(), parser.value(option))
                         .arg(minimum)
                         .arg(maximum)
                         .toStdString()};
    }
    return number;
}

Result<FigureOptions> readFigureOptions(const ExportParser& options, const Snapshot& snapshot)
{
    const QCommandLineParser& parser = options.parser;
    const auto width = readNumber(parser, options.width, 40, 2000);
    const auto height = readNumber(parser, options.height, 0, 2000);
    const auto dpi = readNumber(parser, options.dpi, 50, 1200);
    for (const auto* number : {&width, &height, &dpi}) {
        if (!*number) {
            return number->error();
        }
    }
    FigureOptions figure;
    figure.sizeMm = {width.value(), height.value()};
    figure.dpi = static_cast<int>(dpi.value());
    figure.title = parser.value(options.title);
    const QString theme = parser.value(options.theme);
    if (theme == QLatin1String("light")) {
        figure.theme = Theme::light();
    } else if (theme == QLatin1String("dark")) {
        figure.theme = Theme::dark();
    } else if (theme != QLatin1String("paper")) {
        return Error{
            CommandLine::tr("--theme %1: give paper, light or dark.").arg(theme).toStdString()};
    }
    if (parser.isSet(options.from) || parser.isSet(options.to)) {
        TimeRange range{0, snapshot.nowNs};
        const double longestMs = 1e10;
        for (const auto& [option, edge] :
             {std::pair{&options.from, &range.beginNs}, std::pair{&options.to, &range.endNs}}) {
            if (!parser.isSet(*option)) {
                continue;
            }
            const auto millis = readNumber(parser, *option, 0, longestMs);
            if (!millis) {
                return millis.error();
            }
            *edge = static_cast<Nanos>(millis.value() * static_cast<double>(kNanosPerMilli));
        }
        if (range.isEmpty()) {
            return Error{
                CommandLine::tr("--from and --to: the range is empty; the run takes %1 ms.")
                    .arg(static_cast<double>(snapshot.nowNs) / 1e6)
                    .toStdString()};
        }
        figure.range = range;
    }
    return figure;
}

/// Writes every output. Error: the first that failed.
Result<void> writeOutputs(const ExportParser& options, const Snapshot& snapshot)
{
    const auto figure = readFigureOptions(options, snapshot);
    if (!figure) {
        return figure.error();
    }
    for (const QString& path : options.parser.values(options.output)) {
        auto written = isPicture(path) ? writeFigure(snapshot, figure.value(), path)
                                       : exportSnapshot(snapshot, path);
        if (!written) {
            return written;
        }
    }
    return {};
}

} // namespace

int exportCommand(int& argc, char** argv, const QStringList& words)
{
    ExportParser options;
    QCommandLineParser& parser = options.parser;
    if (!parser.parse(QStringList{QStringLiteral("poolscope export")} + words)) {
        return reportError(parser.errorText(), WrongUsage);
    }
    if (parser.isSet(options.help)) {
        std::fputs(qPrintable(helpOf(parser, QStringLiteral("poolscope export"))), stdout);
        return AllDone;
    }
    if (parser.positionalArguments().size() != 1 || !parser.isSet(options.output)) {
        return reportError(
            CommandLine::tr("export needs one run file and at least one --output, as in "
                            "'poolscope export run.pscope -o timeline.png'."),
            WrongUsage);
    }
    for (const QString& path : parser.values(options.output)) {
        if (auto usable = checkExportPath(path); !usable) {
            return reportError(QString::fromStdString(usable.error().message), WrongUsage);
        }
    }
    const auto application = makeHeadlessApplication(argc, argv, true);
    const auto run =
        readRunFile(QFile::encodeName(parser.positionalArguments().constFirst()).toStdString());
    if (!run) {
        return reportError(QString::fromStdString(run.error().message), SomeNotDone);
    }
    if (auto written = writeOutputs(options, *run.value()); !written) {
        return reportError(QString::fromStdString(written.error().message), SomeNotDone);
    }
    return AllDone;
}

} // namespace poolscope
