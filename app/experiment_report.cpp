// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/experiment_report.h"

#include "app/command_line_text.h"
#include "core/analysis/pool_size.h"
#include "core/analysis/scaling_fit.h"
#include "core/control/experiment_figures.h"
#include "ui/common/experiment_text.h"

#include <QStringList>

namespace poolscope {

namespace {

constexpr double kMillis = 1e6;

QString number(double value, int digits = 2)
{
    return QString::number(value, 'f', digits);
}

QString duelText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    QStringList lines;
    for (const DuelPair& pair : pairsOf(options.plan, runs)) {
        lines << duelSentence(pair.comparison, sideName(options.plan, pair.first),
                              sideName(options.plan, pair.second));
    }
    lines << QString()
          << CommandLine::tr("executor           makespan   start-up   hand-over/task   memory");
    for (int arm = 0; arm < static_cast<int>(options.plan.arms.size()); ++arm) {
        const ArmMeans means = meansOf(runs, arm);
        lines << QStringLiteral("%1 %2 ms %3 ms %4 us   %5")
                     .arg(sideName(options.plan, arm), -16)
                     .arg(number(means.makespanNs / kMillis), 8)
                     .arg(number(means.startUpNs / kMillis), 7)
                     .arg(number(means.handOverNs / 1e3, 1), 13)
                     .arg(means.peakMemoryKiB > 0
                              ? CommandLine::tr("%1 MiB").arg(
                                    number(static_cast<double>(means.peakMemoryKiB) / 1024, 1))
                              : CommandLine::tr("not measured (--costs totals)"));
    }
    return lines.join(QLatin1Char('\n'));
}

QString sweepText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    const std::vector<Repeat> repeats = throughputsOf(options.plan, runs);
    const PoolSizeAdvice advice = advisePoolSize(repeats);
    QStringList lines = sweepSentences(advice);
    lines << fitSentence(fitScaling(repeats, ScalingLaw::Amdahl))
          << fitSentence(fitScaling(repeats, ScalingLaw::Usl)) << QString()
          << CommandLine::tr("workers   tasks/s   speed-up                     efficiency");
    for (const PoolSizePoint& point : advice.points) {
        lines << QStringLiteral("%1 %2   %3   %4")
                     .arg(point.workers, 7)
                     .arg(number(point.throughput.value, 1), 9)
                     .arg(intervalText(point.speedUp), -26)
                     .arg(number(point.efficiency.value));
    }
    return lines.join(QLatin1Char('\n'));
}

QString chunksText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    const ChunkCurve curve = chunkCurveOf(chunkRunsOf(runs));
    QStringList lines = chunkSentences(curve);
    if (!runs.empty()) {
        lines << pythonChunkSentence(runs.front().summary.tasks,
                                     options.plan.arms.front().executors.front().workers);
    }
    lines << QString()
          << CommandLine::tr(
                 "  chunk      makespan          work     hand-over     imbalance         other");
    for (const ChunkPoint& point : curve.points) {
        lines << QStringLiteral("%1 %2 ms %3 ms %4 ms %5 ms %6 ms%7")
                     .arg(point.chunk, 7)
                     .arg(number(point.makespanNs.value / kMillis), 10)
                     .arg(number(point.workNs / kMillis), 10)
                     .arg(number(point.handOverNs / kMillis), 10)
                     .arg(number(point.imbalanceNs / kMillis), 10)
                     .arg(number(point.otherNs / kMillis), 10)
                     .arg(point.isInFlat ? QStringLiteral("  *") : QString());
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QString experimentText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    switch (options.kind) {
    case ExperimentKind::Duel:
        return duelText(options, runs);
    case ExperimentKind::Sweep:
        return sweepText(options, runs);
    case ExperimentKind::Chunks:
        break;
    }
    return chunksText(options, runs);
}

} // namespace poolscope
