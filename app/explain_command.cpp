// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/expectation_report.h"
#include "app/explain_report.h"
#include "core/io/file_format.h"

#include <QCommandLineParser>
#include <QFile>

#include <cstdio>
#include <vector>

namespace poolscope {

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
    const QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};
    parser.setApplicationDescription(CommandLine::tr(
        "Says where the workers' time of a recorded run went, and what would make it faster."));
    parser.addPositionalArgument("run.pscope", CommandLine::tr("The run file to read."));
    parser.addOptions({assertion, json, help});
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
    const QByteArray report = parser.isSet(json) ? explainJson(*run.value())
                                                 : explainText(*run.value()).toLocal8Bit() + '\n';
    print(report);
    return reportExpectations(*run.value(), expectations) ? AllDone : NotAsExpected;
}

} // namespace poolscope
