// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/experiment_report.h"

#include "app/command_line_text.h"
#include "app/experiment_figures.h"
#include "core/analysis/pool_size.h"
#include "core/analysis/scaling_fit.h"

#include <QStringList>

namespace poolscope {

namespace {

constexpr double kMillis = 1e6;

QString number(double value, int digits = 2)
{
    return QString::number(value, 'f', digits);
}

QString interval(const Estimate& estimate, int digits = 2)
{
    return CommandLine::tr("%1 (95 % %2 to %3)")
        .arg(number(estimate.value, digits), number(estimate.low, digits),
             number(estimate.high, digits));
}

QString pairText(const ExperimentOptions& options, const DuelPair& pair)
{
    const Comparison& comparison = pair.comparison;
    const QString first = kindOf(options, pair.first);
    const QString second = kindOf(options, pair.second);
    const bool isFirst = comparison.ratio.value >= 1;
    const QString figures =
        CommandLine::tr("%1x faster, 95 % %2-%3, %4 rounds")
            .arg(number(comparison.speedUp().value), number(comparison.speedUp().low),
                 number(comparison.speedUp().high))
            .arg(comparison.rounds);
    switch (comparison.verdict) {
    case Verdict::FirstFaster:
    case Verdict::SecondFaster:
        return QStringLiteral("%1 %2").arg(isFirst ? first : second, figures);
    case Verdict::Undecided:
        return CommandLine::tr("%1 may be faster than %2 (%3), but that is not sure: more rounds "
                               "decide.")
            .arg(isFirst ? first : second, isFirst ? second : first, figures);
    case Verdict::NoDifference:
        return CommandLine::tr("No difference beyond noise between %1 and %2 (%3 rounds; one of "
                               "about %4 % had been seen).")
            .arg(first, second)
            .arg(comparison.rounds)
            .arg(number(comparison.detectable * 100, 0));
    case Verdict::TooFewRounds:
        break;
    }
    return CommandLine::tr("Too few rounds to compare %1 and %2: at least %3.")
        .arg(first, second)
        .arg(Comparison::kFewestRounds);
}

QString duelText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    QStringList lines;
    for (const DuelPair& pair : pairsOf(options, runs)) {
        lines << pairText(options, pair);
    }
    lines << QString()
          << CommandLine::tr("executor           makespan   start-up   hand-over/task   memory");
    for (int arm = 0; arm < static_cast<int>(options.plan.arms.size()); ++arm) {
        const ArmMeans means = meansOf(runs, arm);
        lines << QStringLiteral("%1 %2 ms %3 ms %4 us   %5")
                     .arg(kindOf(options, arm), -16)
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

QString fitText(const ScalingFit& fit)
{
    const QString law =
        fit.law == ScalingLaw::Amdahl ? CommandLine::tr("Amdahl's law") : CommandLine::tr("USL");
    switch (fit.evidence) {
    case FitEvidence::TooFewSizes:
        return CommandLine::tr("%1: cannot tell, too few numbers of workers.").arg(law);
    case FitEvidence::NotRepeated:
        return CommandLine::tr("%1: cannot tell, nothing was run twice.").arg(law);
    case FitEvidence::TooNoisy:
        return CommandLine::tr("%1: cannot tell, the runs are too noisy.").arg(law);
    case FitEvidence::OtherShape:
        return CommandLine::tr("%1 does not hold here: the curve has another shape.").arg(law);
    case FitEvidence::Enough:
        break;
    }
    QString text = CommandLine::tr("%1: serial share (sigma) %2").arg(law, interval(fit.sigma, 3));
    if (fit.law == ScalingLaw::Usl) {
        text += CommandLine::tr(", kappa %1").arg(interval(fit.kappa, 5));
        if (const auto knee = fit.knee()) {
            text += CommandLine::tr(", knee at %1 workers").arg(interval(*knee, 1));
        }
    }
    return text + CommandLine::tr("; measured from %1 to %2 workers, beyond is a guess.")
                      .arg(fit.fewestWorkers)
                      .arg(fit.mostWorkers);
}

QString sweepText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    const std::vector<Repeat> repeats = throughputsOf(options.plan, runs);
    const PoolSizeAdvice advice = advisePoolSize(repeats);
    QStringList lines;
    if (!advice.canTell) {
        lines << CommandLine::tr("Cannot tell how many workers to take: each number must run "
                                 "twice at least.");
    } else {
        lines << (advice.recommended == advice.best
                      ? CommandLine::tr("Take %1 workers: the best throughput of those measured.")
                            .arg(advice.recommended)
                      : CommandLine::tr(
                            "Take %1 workers: %2 of the best throughput, that of %3 workers.")
                            .arg(advice.recommended)
                            .arg(interval(advice.shareOfBest))
                            .arg(advice.best));
        if (advice.doesMoreHurt()) {
            lines << CommandLine::tr("More hurt: %1 workers have %2 of its throughput.")
                         .arg(advice.most)
                         .arg(interval(advice.mostOverRecommended));
        }
    }
    lines << fitText(fitScaling(repeats, ScalingLaw::Amdahl))
          << fitText(fitScaling(repeats, ScalingLaw::Usl)) << QString()
          << CommandLine::tr("workers   tasks/s   speed-up                     efficiency");
    for (const PoolSizePoint& point : advice.points) {
        lines << QStringLiteral("%1 %2   %3   %4")
                     .arg(point.workers, 7)
                     .arg(number(point.throughput.value, 1), 9)
                     .arg(interval(point.speedUp), -26)
                     .arg(number(point.efficiency.value));
    }
    return lines.join(QLatin1Char('\n'));
}

QString chunksText(const ExperimentOptions& options, const std::vector<ArmRun>& runs)
{
    const ChunkCurve curve = chunkCurveOf(chunkRunsOf(runs));
    QStringList lines;
    if (curve.canTell) {
        lines << (curve.flatFrom == curve.flatTo
                      ? CommandLine::tr("Take chunks of %1: no other size of those measured is as "
                                        "good.")
                            .arg(curve.recommended)
                      : CommandLine::tr(
                            "Take chunks of %1: sizes from %2 to %3 cannot be told from "
                            "the best.")
                            .arg(curve.recommended)
                            .arg(curve.flatFrom)
                            .arg(curve.flatTo));
    } else {
        lines << CommandLine::tr("Cannot tell which size of chunks to take: each must run twice "
                                 "at least.");
    }
    if (!runs.empty()) {
        lines << CommandLine::tr("Python's Pool.map would take %1, ProcessPoolExecutor.map 1.")
                     .arg(poolMapDefaultChunk(runs.front().summary.tasks,
                                              options.plan.arms.front().executors.front().workers));
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
