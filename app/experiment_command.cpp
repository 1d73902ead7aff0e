// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/experiment_options.h"
#include "app/experiment_progress.h"
#include "app/experiment_report.h"
#include "app/headless_application.h"
#include "app/interrupt.h"
#include "app/workload_options.h"
#include "core/control/experiment_json.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

namespace poolscope {

namespace {

/// Runs all of it. \return the exit status.
int execute(const ExperimentOptions& options)
{
    Experiment experiment;
    const Interrupt interrupt;
    const ExperimentProgress progress(options.kind,
                                      experiment); // first, so that it clears the line
    bool isComplete = false;
    QObject::connect(&interrupt, &Interrupt::interrupted, &experiment, &Experiment::cancel);
    QObject::connect(&experiment, &Experiment::failed, &experiment,
                     [](const QString& message) { reportError(message, SomeNotDone); });
    QObject::connect(&experiment, &Experiment::finished, &experiment, [&isComplete](bool complete) {
        isComplete = complete;
        QCoreApplication::quit();
    });
    experiment.start(options.plan);
    QCoreApplication::exec();
    if (!experiment.runs().empty()) {
        print(options.isJson ? experimentJson(options.kind, options.plan, experiment.runs())
                             : experimentText(options, experiment.runs()).toUtf8() + '\n');
    }
    return isComplete ? AllDone : SomeNotDone;
}

int runExperiment(ExperimentKind kind, int& argc, char** argv, const QStringList& words)
{
    const auto options = parseExperimentOptions(kind, words);
    if (!options) {
        return reportError(QString::fromStdString(options.error().message), WrongUsage);
    }
    if (options.value().isHelpWanted) {
        print(options.value().helpText.toUtf8());
        return AllDone;
    }
    if (readsStandardInput(options.value().plan.arms.front())) {
        return reportError(CommandLine::tr("Standard input can be read once only; an experiment "
                                           "runs many times. Name a file: --items @list.txt."),
                           WrongUsage);
    }
    const auto application = makeHeadlessApplication(argc, argv, false);
    return execute(options.value());
}

} // namespace

int duelCommand(int& argc, char** argv, const QStringList& words)
{
    return runExperiment(ExperimentKind::Duel, argc, argv, words);
}

int sweepCommand(int& argc, char** argv, const QStringList& words)
{
    return runExperiment(ExperimentKind::Sweep, argc, argv, words);
}

int chunksCommand(int& argc, char** argv, const QStringList& words)
{
    return runExperiment(ExperimentKind::Chunks, argc, argv, words);
}

} // namespace poolscope
