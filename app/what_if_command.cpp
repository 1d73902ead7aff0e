// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/exporter.h"
#include "app/headless_application.h"
#include "app/interrupt.h"
#include "app/option_values.h"
#include "core/analysis/aligned_runs.h"
#include "core/analysis/what_if.h"
#include "core/control/catalogue_view.h"
#include "core/control/experiment.h"
#include "core/control/rerun.h"
#include "core/io/file_format.h"
#include "ui/common/format.h"
#include "ui/common/recording_text.h"
#include "ui/common/what_if_text.h"

#include <QCommandLineParser>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <optional>

namespace poolscope {

namespace {

struct WhatIfParser
{
    QCommandLineParser parser;
    QCommandLineOption executor{{"e", "executor"},
                                CommandLine::tr("Which executor of the run; default: its first."),
                                CommandLine::tr("kind")};
    QCommandLineOption workers{{"j", "workers"},
                               CommandLine::tr("How many workers; default: as recorded."),
                               CommandLine::tr("count")};
    QCommandLineOption chunk{{"c", "chunk"},
                             CommandLine::tr("Tasks handed over together; default: as recorded."),
                             CommandLine::tr("count")};
    QCommandLineOption order{"order",
                             CommandLine::tr("as_submitted, longest_first or shortest_first."),
                             CommandLine::tr("order"), "as_submitted"};
    QCommandLineOption run{
        "run", CommandLine::tr("Then runs it, and says how far the prediction was off.")};
    QCommandLineOption exportFile{
        {"o", "export"},
        CommandLine::tr("Writes the recorded run with the predicted one below it; repeatable."),
        CommandLine::tr("file")};
    QCommandLineOption json{"json", CommandLine::tr("Prints one JSON object instead of text.")};
    QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};

    WhatIfParser()
    {
        parser.setApplicationDescription(
            CommandLine::tr("Replays the run times of a recorded run with other workers, chunks or "
                            "order, and says what would come of it."));
        parser.addPositionalArgument("run.pscope", CommandLine::tr("The run file to read."));
        parser.addOptions({executor, workers, chunk, order, run, exportFile, json, help});
    }
};

Result<int> executorOf(const WhatIfParser& options, const Snapshot& snapshot)
{
    if (!options.parser.isSet(options.executor)) {
        return 0;
    }
    const std::string wanted = options.parser.value(options.executor).toStdString();
    const auto& executors = snapshot.meta->executors;
    const auto found = std::ranges::find(executors, wanted, &ExecutorMeta::kind);
    if (found == executors.end()) {
        return usageError(CommandLine::tr("--executor %1: the run has no such executor.")
                              .arg(QString::fromStdString(wanted)));
    }
    return static_cast<int>(found - executors.begin());
}

Result<WhatIfPlan> planOf(const WhatIfParser& options, const WhatIfPlan& recorded)
{
    WhatIfPlan plan = recorded;
    if (options.parser.isSet(options.workers)) {
        const auto workers = parseNumber(QStringLiteral("workers"),
                                         options.parser.value(options.workers), 1, maxWorkers());
        if (!workers) {
            return workers.error();
        }
        plan.workers = static_cast<int>(workers.value());
    }
    if (options.parser.isSet(options.chunk)) {
        const auto chunk = parseNumber(QStringLiteral("chunk"), options.parser.value(options.chunk),
                                       1, maxChunk());
        if (!chunk) {
            return chunk.error();
        }
        plan.chunk = static_cast<std::uint64_t>(chunk.value());
    }
    const QString word = options.parser.value(options.order);
    const auto order = whatIfOrderOf(word.toStdString());
    if (!order) {
        return usageError(
            CommandLine::tr("--order %1: give as_submitted, longest_first or shortest_first.")
                .arg(word));
    }
    plan.order = *order;
    if (options.parser.isSet(options.run) && plan.order != WhatIfOrder::AsSubmitted) {
        return usageError(CommandLine::tr("--run: how long a task takes is not known before it "
                                          "ran, so it can only be run as submitted."));
    }
    return plan;
}

/// Runs it for real. \return what it took; nothing: it did not come to its end, and that was said.
std::optional<Nanos> runForReal(const Snapshot& snapshot, int executor, const WhatIfPlan& plan)
{
    RunSettings settings = rerunSettings(*snapshot.meta, executor);
    settings.executors.front().workers = plan.workers;
    settings.chunk = static_cast<int>(plan.chunk);
    Experiment experiment;
    const Interrupt interrupt;
    QObject::connect(&interrupt, &Interrupt::interrupted, &experiment, &Experiment::cancel);
    QObject::connect(&experiment, &Experiment::failed, &experiment,
                     [](const QString& message) { reportError(message, SomeNotDone); });
    QObject::connect(&experiment, &Experiment::finished, &experiment,
                     [] { QCoreApplication::quit(); });
    ExperimentPlan experimentPlan;
    experimentPlan.arms = {settings};
    experiment.start(experimentPlan);
    QCoreApplication::exec();
    return experiment.runs().empty() ? std::nullopt
                                     : std::optional(experiment.runs().front().summary.makespanNs);
}

QByteArray textOf(const WhatIfAnswer& answer, std::optional<Nanos> tookNs)
{
    QStringList lines{CommandLine::tr("%1 workers, chunks of %2, %3")
                          .arg(answer.plan.workers)
                          .arg(answer.plan.chunk)
                          .arg(orderText(answer.plan.order)),
                      predictionText(answer)};
    for (const QString& doubt : doubtTexts(answer)) {
        lines << CommandLine::tr("Doubt: %1").arg(doubt);
    }
    if (tookNs) {
        lines << predictionErrorText(answer.makespanNs, *tookNs);
    }
    return lines.join(QLatin1Char('\n')).toUtf8() + '\n';
}

QByteArray jsonOf(const WhatIfAnswer& answer, std::optional<Nanos> tookNs)
{
    const auto word = [](std::string_view text) {
        return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
    };
    QJsonArray doubts;
    for (const WhatIfDoubt doubt : answer.doubts) {
        doubts.append(word(toText(doubt)));
    }
    QJsonObject object{{QStringLiteral("workers"), answer.plan.workers},
                       {QStringLiteral("chunk"), static_cast<qint64>(answer.plan.chunk)},
                       {QStringLiteral("order"), word(toText(answer.plan.order))},
                       {QStringLiteral("predicted_s"), toSeconds(answer.makespanNs)},
                       {QStringLiteral("recorded_s"), toSeconds(answer.recordedNs)},
                       {QStringLiteral("replayed_s"), toSeconds(answer.replayedNs)},
                       {QStringLiteral("doubts"), doubts}};
    if (tookNs) {
        object[QStringLiteral("took_s")] = toSeconds(*tookNs);
    }
    return QJsonDocument(object).toJson();
}

/// \return the exit status.
int answerIt(const WhatIfParser& options, const SnapshotPtr& run)
{
    const auto executor = executorOf(options, *run);
    if (!executor) {
        return reportError(QString::fromStdString(executor.error().message), WrongUsage);
    }
    const auto plan = planOf(options, recordedPlan(*run, executor.value()));
    if (!plan) {
        return reportError(QString::fromStdString(plan.error().message), WrongUsage);
    }
    const auto answer = whatIf(*run, executor.value(), plan.value());
    if (!answer) {
        return reportError(QString::fromStdString(answer.error().message), SomeNotDone);
    }
    std::optional<Nanos> tookNs;
    bool isComplete = true;
    if (options.parser.isSet(options.run)) {
        tookNs = runForReal(*run, executor.value(), plan.value());
        isComplete = tookNs.has_value();
    }
    const QString note = goneNote(*run, executor.value());
    if (options.parser.isSet(options.json)) {
        print(jsonOf(answer.value(), tookNs));
    } else {
        print((note.isEmpty() ? QByteArray() : note.toUtf8() + '\n') +
              textOf(answer.value(), tookNs));
    }
    if (const QStringList files = options.parser.values(options.exportFile); !files.isEmpty()) {
        const auto predicted = predictedRun(*run, executor.value(), plan.value());
        if (!predicted) {
            return reportError(QString::fromStdString(predicted.error().message), SomeNotDone);
        }
        const std::array runs{run, predicted.value()};
        const std::array<std::string, 2> names{CommandLine::tr("recorded").toStdString(),
                                               CommandLine::tr("predicted").toStdString()};
        const auto both = alignRuns(runs, names);
        if (!both) {
            return reportError(QString::fromStdString(both.error().message), SomeNotDone);
        }
        for (const Error& error : exportToAll(*both.value(), files)) {
            reportError(QString::fromStdString(error.message), SomeNotDone);
            isComplete = false;
        }
    }
    return isComplete ? AllDone : SomeNotDone;
}

} // namespace

int whatIfCommand(int& argc, char** argv, const QStringList& words)
{
    WhatIfParser options;
    if (!options.parser.parse(QStringList{QStringLiteral("poolscope whatif")} + words)) {
        return reportError(options.parser.errorText(), WrongUsage);
    }
    const QStringList files = options.parser.values(options.exportFile);
    const auto application =
        makeHeadlessApplication(argc, argv, std::ranges::any_of(files, isPicture));
    if (options.parser.isSet(options.help)) {
        print(helpOf(options.parser, QStringLiteral("poolscope whatif")).toUtf8());
        return AllDone;
    }
    if (options.parser.positionalArguments().size() != 1) {
        return reportError(
            CommandLine::tr("whatif needs one run file, as in 'poolscope whatif run.pscope "
                            "--workers 8'; 'poolscope run --export run.pscope' writes one."),
            WrongUsage);
    }
    for (const QString& path : files) {
        if (auto usable = checkExportPath(path); !usable) {
            return reportError(QString::fromStdString(usable.error().message), WrongUsage);
        }
    }
    const auto run = readRunFile(
        QFile::encodeName(options.parser.positionalArguments().constFirst()).toStdString());
    if (!run) {
        return reportError(QString::fromStdString(run.error().message), SomeNotDone);
    }
    return answerIt(options, run.value());
}

} // namespace poolscope
