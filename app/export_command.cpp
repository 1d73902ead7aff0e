// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/export_options.h"
#include "app/exporter.h"
#include "app/headless_application.h"
#include "app/option_values.h"
#include "core/io/file_format.h"
#include "ui/figure/figure.h"
#include "ui/figure/figure_view.h"
#include "ui/figure/run_file_hash.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <cstdio>

namespace poolscope {

namespace {

/// \return whether anything of what is asked for needs the picture.
bool needsFigure(const ExportOptions& options)
{
    const QStringList outputs = options.parser.values(options.output);
    return options.parser.isSet(options.bars) || options.parser.isSet(options.caption) ||
           std::any_of(outputs.begin(), outputs.end(), &isPicture);
}

/// Writes what belongs to a picture, and the pictures. Error: the first that failed.
Result<void> writePictures(const ExportOptions& options, const Snapshot& snapshot,
                           const FigureOptions& wanted)
{
    const QCommandLineParser& parser = options.parser;
    const Result<Figure> figure = Figure::make(snapshot, wanted);
    if (!figure) {
        return figure.error();
    }
    for (const QString& path : parser.values(options.output)) {
        if (isPicture(path)) {
            if (auto written = writeFigure(figure.value(), path); !written) {
                return written;
            }
        }
    }
    if (parser.isSet(options.bars)) {
        if (auto written = writeBytes(figure.value().barsCsv(), parser.value(options.bars));
            !written) {
            return written;
        }
    }
    if (parser.isSet(options.caption)) {
        const FigureFacts& facts = figure.value().facts();
        const QString text = facts.caption + QStringLiteral("\n\n") + facts.altText + u'\n';
        return writeBytes(text.toUtf8(), parser.value(options.caption));
    }
    return {};
}

/// Writes every output. Error: the first that failed.
Result<void> writeOutputs(const ExportOptions& options, const Snapshot& snapshot,
                          const QString& runFile)
{
    const QCommandLineParser& parser = options.parser;
    auto figure = options.figure(snapshot);
    if (!figure) {
        return figure.error();
    }
    if (parser.isSet(options.writeView)) {
        if (auto written = writeViewFile(figure.value(), parser.value(options.writeView));
            !written) {
            return written;
        }
    }
    if (needsFigure(options)) {
        figure.value().runFileHash = runFileHash(runFile);
        if (auto written = writePictures(options, snapshot, figure.value()); !written) {
            return written;
        }
    }
    for (const QString& path : parser.values(options.output)) {
        if (!isPicture(path)) {
            if (auto written = exportSnapshot(snapshot, path); !written) {
                return written;
            }
        }
    }
    return {};
}

} // namespace

int exportCommand(int& argc, char** argv, const QStringList& words)
{
    ExportOptions options;
    QCommandLineParser& parser = options.parser;
    if (!parser.parse(QStringList{QStringLiteral("poolscope export")} + words)) {
        return reportError(parser.errorText(), WrongUsage);
    }
    if (parser.isSet(options.help)) {
        std::fputs(qPrintable(helpOf(parser, QStringLiteral("poolscope export"))), stdout);
        return AllDone;
    }
    const bool isAsked = std::ranges::any_of(
        std::array{&options.output, &options.bars, &options.caption, &options.writeView},
        [&parser](const QCommandLineOption* option) { return parser.isSet(*option); });
    if (parser.positionalArguments().size() != 1 || !isAsked) {
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
    const QString runFile = parser.positionalArguments().constFirst();
    const auto run = readRunFile(QFile::encodeName(runFile).toStdString());
    if (!run) {
        return reportError(QString::fromStdString(run.error().message), SomeNotDone);
    }
    if (auto written = writeOutputs(options, *run.value(), runFile); !written) {
        return reportError(QString::fromStdString(written.error().message), SomeNotDone);
    }
    return AllDone;
}

} // namespace poolscope
