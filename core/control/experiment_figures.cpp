// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/experiment_figures.h"

#include <algorithm>

namespace poolscope {

QString kindOf(const ExperimentPlan& plan, int arm)
{
    return QString::fromStdString(plan.arms[static_cast<std::size_t>(arm)].executors.front().kind);
}

QString sideName(const ExperimentPlan& plan, int arm)
{
    const ExecutorSettings& own = plan.arms[static_cast<std::size_t>(arm)].executors.front();
    bool hasOther = false;
    int place = 1;
    bool hasTwin = false;
    for (int i = 0; i < static_cast<int>(plan.arms.size()); ++i) {
        const ExecutorSettings& other = plan.arms[static_cast<std::size_t>(i)].executors.front();
        if (i != arm && other.kind == own.kind) {
            hasOther = true;
            hasTwin = hasTwin || other.workers == own.workers;
            place += other.workers == own.workers && i < arm ? 1 : 0;
        }
    }
    QString name = kindOf(plan, arm);
    name += hasOther ? QStringLiteral(":%1").arg(own.workers) : QString();
    return hasTwin ? QStringLiteral("%1 #%2").arg(name).arg(place) : name;
}

ArmMeans meansOf(const std::vector<ArmRun>& runs, int arm)
{
    ArmMeans means;
    for (const ArmRun& run : runs) {
        if (run.arm == arm) {
            ++means.runs;
            means.makespanNs += static_cast<double>(run.summary.makespanNs);
            means.startUpNs += run.startUpNs;
            means.handOverNs += run.handOverNs;
            means.peakMemoryKiB = std::max(means.peakMemoryKiB, run.peakMemoryKiB);
        }
    }
    const double count = std::max(1, means.runs);
    means.makespanNs /= count;
    means.startUpNs /= count;
    means.handOverNs /= count;
    return means;
}

std::vector<DuelPair> pairsOf(const ExperimentPlan& plan, const std::vector<ArmRun>& runs)
{
    const auto arms = static_cast<int>(plan.arms.size());
    std::vector<DuelPair> pairs;
    for (int first = 0; first < arms; ++first) {
        for (int second = first + 1; second < arms; ++second) {
            pairs.push_back(
                {first, second,
                 compareRounds(duelRoundsOf(runs, first, second), arms * (arms - 1) / 2)});
        }
    }
    return pairs;
}

} // namespace poolscope
