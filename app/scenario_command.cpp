// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/headless_application.h"
#include "app/interrupt.h"
#include "core/base/machine_facts.h"
#include "core/control/experiment.h"
#include "core/control/scenario.h"
#include "ui/common/format.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kLineWidth = 96;

/// \return \p text in lines of at most kLineWidth characters.
QString wrapped(const QString& text)
{
    QString lines;
    qsizetype length = 0;
    for (const QString& word : text.split(QLatin1Char(' '))) {
        if (length > 0 && length + 1 + word.size() > kLineWidth) {
            lines += QLatin1Char('\n');
            length = 0;
        }
        lines += (length > 0 ? QStringLiteral(" ") : QString()) + word;
        length += word.size() + (length > 0 ? 1 : 0);
    }
    return lines;
}

QString listText(const std::vector<Scenario>& scenarios)
{
    QString text = CommandLine::tr("Teaching scenarios: each shows one thing in a few short runs. "
                                   "'poolscope scenario ID' runs one.\n\n");
    for (const Scenario& scenario : scenarios) {
        text += QStringLiteral("  %1 %2\n").arg(scenario.id, -18).arg(scenario.title);
    }
    return text;
}

QString introduction(const Scenario& scenario)
{
    return scenario.title + QStringLiteral("\n\n") + wrapped(scenario.look) +
           QStringLiteral("\n\n");
}

QString stepRow(const ScenarioStep& step, const RunSummary& run, double speedUp)
{
    return QStringLiteral("%1 %2 %3 %4 %5  %6x  %7\n")
        .arg(step.title, -42)
        .arg(formatDuration(run.makespanNs), 10)
        .arg(formatRate(run.tasksPerSecond), 12)
        .arg(formatDuration(run.run.p95Ns), 10)
        .arg(formatDuration(run.wait.p95Ns), 10)
        .arg(QString::number(speedUp, 'f', 2), 6)
        .arg(run.done == run.tasks ? QString()
                                   : CommandLine::tr("%1 of %2 done").arg(run.done).arg(run.tasks));
}

double speedUpOver(const RunSummary& base, const RunSummary& run)
{
    return base.tasksPerSecond > 0 ? run.tasksPerSecond / base.tasksPerSecond : 0;
}

QByteArray jsonOf(const Scenario& scenario, const std::vector<ArmRun>& runs)
{
    QJsonArray steps;
    for (const ArmRun& run : runs) {
        const RunSummary& figures = run.summary;
        steps.append(QJsonObject{
            {QStringLiteral("step"), scenario.steps[static_cast<std::size_t>(run.arm)].title},
            {QStringLiteral("makespan_s"), static_cast<double>(figures.makespanNs) / 1e9},
            {QStringLiteral("tasks_per_s"), figures.tasksPerSecond},
            {QStringLiteral("p95_run_ms"), static_cast<double>(figures.run.p95Ns) / 1e6},
            {QStringLiteral("p95_wait_ms"), static_cast<double>(figures.wait.p95Ns) / 1e6},
            {QStringLiteral("utilisation"), figures.utilisation},
            {QStringLiteral("tasks"), static_cast<qint64>(figures.tasks)},
            {QStringLiteral("done"), static_cast<qint64>(figures.done)}});
    }
    const QJsonObject all{{QStringLiteral("scenario"), scenario.id},
                          {QStringLiteral("title"), scenario.title},
                          {QStringLiteral("look"), scenario.look},
                          {QStringLiteral("next"), scenario.next},
                          {QStringLiteral("steps"), steps}};
    return QJsonDocument(all).toJson();
}

int execute(const Scenario& scenario, bool isJson)
{
    ExperimentPlan plan;
    plan.takesPartRuns = true; // in some of them not every task is to be done
    for (const ScenarioStep& step : scenario.steps) {
        plan.arms.push_back(step.settings);
    }
    Experiment experiment;
    const Interrupt interrupt;
    bool isComplete = false;
    QObject::connect(&interrupt, &Interrupt::interrupted, &experiment, &Experiment::cancel);
    QObject::connect(&experiment, &Experiment::failed, &experiment,
                     [](const QString& message) { reportError(message, SomeNotDone); });
    QObject::connect(&experiment, &Experiment::finished, &experiment, [&isComplete](bool complete) {
        isComplete = complete;
        QCoreApplication::quit();
    });
    if (!isJson) {
        print(introduction(scenario).toUtf8());
        print(QStringLiteral("%1 %2 %3 %4 %5  %6\n")
                  .arg(CommandLine::tr("step"), -42)
                  .arg(CommandLine::tr("makespan"), 10)
                  .arg(CommandLine::tr("throughput"), 12)
                  .arg(CommandLine::tr("run p95"), 10)
                  .arg(CommandLine::tr("wait p95"), 10)
                  .arg(CommandLine::tr("speed-up"))
                  .toUtf8());
        QObject::connect(
            &experiment, &Experiment::runFinished, &experiment, [&](const ArmRun& run) {
                const ScenarioStep& step = scenario.steps[static_cast<std::size_t>(run.arm)];
                const ArmRun& base = experiment.runs()[static_cast<std::size_t>(step.base)];
                print(stepRow(step, run.summary, speedUpOver(base.summary, run.summary)).toUtf8());
            });
    }
    experiment.start(plan);
    QCoreApplication::exec();
    if (isJson) {
        print(jsonOf(scenario, experiment.runs()));
    } else if (isComplete) {
        print((QLatin1Char('\n') + wrapped(CommandLine::tr("Next: ") + scenario.next) +
               QLatin1Char('\n'))
                  .toUtf8());
    }
    return isComplete ? AllDone : SomeNotDone;
}

} // namespace

int scenarioCommand(int& argc, char** argv, const QStringList& words)
{
    const auto application = makeHeadlessApplication(argc, argv, false);
    const std::vector<Scenario> scenarios = teachingScenarios(usableCpuCount());
    QStringList left = words;
    const bool isJson = left.removeAll(QStringLiteral("--json")) > 0;
    if (left.isEmpty() || left.first() == QLatin1String("--help") ||
        left.first() == QLatin1String("-h")) {
        print(listText(scenarios).toUtf8());
        return AllDone;
    }
    const auto found = std::ranges::find(scenarios, left.first(), &Scenario::id);
    if (found == scenarios.end() || left.size() > 1) {
        QStringList known;
        for (const Scenario& scenario : scenarios) {
            known << scenario.id;
        }
        return reportError(
            CommandLine::tr("scenario %1: there is no such scenario. Known: %2; and --json.")
                .arg(left.join(QLatin1Char(' ')), known.join(QStringLiteral(", "))),
            WrongUsage);
    }
    return execute(*found, isJson);
}

} // namespace poolscope
