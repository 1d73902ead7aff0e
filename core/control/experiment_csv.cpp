// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/experiment_figures.h"
#include "core/control/experiment_json.h"

#include <QByteArrayList>

namespace poolscope {

namespace {

constexpr double kSecond = 1e9;
constexpr int kDigits = 9;

QByteArray seconds(double ns)
{
    return QByteArray::number(ns / kSecond, 'g', kDigits);
}

} // namespace

QByteArray experimentCsv(const ExperimentPlan& plan, const std::vector<ArmRun>& runs)
{
    QByteArray text =
        "round,executor,workers,chunk,tasks,makespan_s,tasks_per_s,work_s,hand_over_s,"
        "imbalance_s,other_s,start_up_s,hand_over_per_task_s,peak_memory_kib\n";
    for (const ArmRun& run : runs) {
        const RunSettings& arm = plan.arms[static_cast<std::size_t>(run.arm)];
        const QByteArrayList cells{
            QByteArray::number(run.round + 1),
            kindOf(plan, run.arm).toUtf8(),
            QByteArray::number(arm.executors.front().workers),
            QByteArray::number(arm.chunk),
            QByteArray::number(static_cast<qulonglong>(run.summary.tasks)),
            seconds(static_cast<double>(run.summary.makespanNs)),
            QByteArray::number(run.summary.tasksPerSecond, 'g', kDigits),
            seconds(run.split.workNs),
            seconds(run.split.handOverNs),
            seconds(run.split.imbalanceNs),
            seconds(run.split.otherNs),
            seconds(run.startUpNs),
            seconds(run.handOverNs),
            QByteArray::number(static_cast<qulonglong>(run.peakMemoryKiB)),
        };
        text += cells.join(',') + '\n';
    }
    return text;
}

} // namespace poolscope
