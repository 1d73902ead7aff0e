// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/expectation_report.h"
#include "app/explain_report.h"
#include "core/io/file_format.h"

#include <QCommandLineParser>
#include <QFile>

#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

namespace poolscope {

namespace {

/// \return the range that was asked for; nothing: none was. Error: it is no range, or not one of the run.
Result<std::optional<TimeRange>> parseRange(const QCommandLineParser& parser,
                                            const QCommandLineOption& option, const Snapshot& run)
{
    if (!parser.isSet(option)) {
        return std::optional<TimeRange>();
    }
    const QStringList ends = parser.value(option).split(QLatin1Char(','));
    bool isFrom = false;
    bool isTo = false;
    const double from = ends.value(0).toDouble(&isFrom);
    const double to = ends.value(1).toDouble(&isTo);
    const TimeRange range{std::llround(from * 1e9), std::llround(to * 1e9)};
    if (ends.size() != 2 || !isFrom || !isTo || from < 0 || range.isEmpty() ||
        range.beginNs >= run.nowNs) {
        return Error{CommandLine::tr("--range %1: give two moments of the run in seconds, as in "
                                     "'0.5,1.25'; it ends at %2 s.")
                         .arg(parser.value(option))
                         .arg(toSeconds(run.nowNs))
                         .toStdString()};
    }
    return std::optional(range);
}

} // namespace

int explainCommand(int& argc, char** argv, const QStringList& words)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption json{"json",
                                  CommandLine::tr("Prints one JSON object instead of text.")};
    const QCommandLineOption assertion{
        "assert",
        CommandLine::tr("Ends with status 3 unless it holds, as 'p95_run < 20ms'; repeatable."),
        CommandLine::tr("condition")};
    const QCommandLineOption range{
        "range", CommandLine::tr("Also says where the workers' time went between two moments."),
        CommandLine::tr("from,to in seconds")};
    const QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};
    parser.setApplicationDescription(CommandLine::tr(
        "Says where the workers' time of a recorded run went, and what would make it faster."));
    parser.addPositionalArgument("run.pscope", CommandLine::tr("The run file to read."));
    parser.addOptions({assertion, range, json, help});
    if (!parser.parse(QStringList{QStringLiteral("poolscope explain")} + words)) {
        return reportError(parser.errorText(), WrongUsage);
    }
    if (parser.isSet(help)) {
        std::fputs(qPrintable(helpOf(parser, QStringLiteral("poolscope explain"))), stdout);
        return AllDone;
    }
    if (parser.positionalArguments().size() != 1) {
        return reportError(
            CommandLine::tr("explain needs one run file, as in 'poolscope explain run.pscope'; "
                            "'poolscope run --export run.pscope' writes one."),
            WrongUsage);
    }
    std::vector<Expectation> expectations;
    for (const QString& text : parser.values(assertion)) {
        auto expectation = parseExpectation(text.toStdString());
        if (!expectation) {
            return reportError(QStringLiteral("--assert ") +
                                   QString::fromStdString(expectation.error().message),
                               WrongUsage);
        }
        expectations.push_back(std::move(expectation).value());
    }
    const auto run =
        readRunFile(QFile::encodeName(parser.positionalArguments().constFirst()).toStdString());
    if (!run) {
        return reportError(QString::fromStdString(run.error().message), SomeNotDone);
    }
    const auto part = parseRange(parser, range, *run.value());
    if (!part) {
        return reportError(QString::fromStdString(part.error().message), WrongUsage);
    }
    const QByteArray report = parser.isSet(json)
                                  ? explainJson(*run.value(), part.value())
                                  : explainText(*run.value(), part.value()).toLocal8Bit() + '\n';
    print(report);
    return reportExpectations(*run.value(), expectations) ? AllDone : NotAsExpected;
}

} // namespace poolscope
