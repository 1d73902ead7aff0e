// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/answers/answers.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

namespace poolscope::bench {

std::vector<ArmRun> runAll(const ExperimentPlan& plan)
{
    Experiment experiment;
    bool isComplete = false;
    QObject::connect(&experiment, &Experiment::failed, &experiment, [](const QString& message) {
        std::fprintf(stderr, "%s\n", qPrintable(message));
    });
    QObject::connect(&experiment, &Experiment::finished, &experiment, [&isComplete](bool complete) {
        isComplete = complete;
        QCoreApplication::quit();
    });
    ExperimentPlan runnable = plan;
    for (RunSettings& arm : runnable.arms) {
        arm.workerProgram = workerProgram();
    }
    experiment.start(runnable);
    QCoreApplication::exec();
    return isComplete ? experiment.runs() : std::vector<ArmRun>();
}

std::string workerProgram()
{
    return QCoreApplication::applicationDirPath().toStdString() + "/../poolscope-worker";
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace poolscope::bench
