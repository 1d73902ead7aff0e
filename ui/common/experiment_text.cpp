// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/experiment_text.h"

#include <QCoreApplication>

namespace poolscope {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Experiment", text);
}

QString number(double value, int digits = 2)
{
    return QString::number(value, 'f', digits);
}

QString workersText(int workers)
{
    return workers == 1 ? tr("1 worker") : tr("%1 workers").arg(workers);
}

QString moreRounds()
{
    return tr("More rounds, or a machine with nothing else to do, tell more.");
}

} // namespace

QString intervalText(const Estimate& estimate, int digits)
{
    return tr("%1 (95 % %2 to %3)")
        .arg(number(estimate.value, digits), number(estimate.low, digits),
             number(estimate.high, digits));
}

QString duelSentence(const Comparison& comparison, const QString& first, const QString& second)
{
    const bool isFirst = comparison.ratio.value >= 1;
    const QString& faster = isFirst ? first : second;
    const QString& slower = isFirst ? second : first;
    const QString figures =
        tr("95 % %1-%2, %3 rounds")
            .arg(number(comparison.speedUp().low), number(comparison.speedUp().high))
            .arg(comparison.rounds);
    const QString times = number(comparison.speedUp().value);
    switch (comparison.verdict) {
    case Verdict::FirstFaster:
    case Verdict::SecondFaster:
        return tr("%1 %2x faster than %3, %4.").arg(faster, times, slower, figures);
    case Verdict::Undecided:
        return tr("%1 may be faster than %2 (%3x, %4), but that is not sure: more rounds decide.")
            .arg(faster, slower, times, figures);
    case Verdict::NoDifference:
        return tr("No difference beyond noise between %1 and %2 (%3 rounds; one of about %4 % had "
                  "been seen).")
            .arg(first, second)
            .arg(comparison.rounds)
            .arg(number(comparison.detectable * 100, 0));
    case Verdict::TooFewRounds:
        break;
    }
    return tr("Too few rounds to compare %1 and %2: at least %3.")
        .arg(first, second)
        .arg(Comparison::kFewestRounds);
}

QStringList sweepSentences(const PoolSizeAdvice& advice)
{
    if (!advice.canTell) {
        return {tr("Cannot tell how many workers to take: each number must run twice at least.")};
    }
    if (!advice.isFirm()) {
        return {tr("Cannot tell how many workers to take, since the runs differ so much."),
                tr("The best throughput had %1.").arg(workersText(advice.best)), moreRounds()};
    }
    QStringList sentences;
    if (advice.recommended == advice.best) {
        sentences << tr("Take %1: the best throughput of those measured.")
                         .arg(workersText(advice.recommended));
    } else {
        sentences << tr("Take %1: %2 of the best throughput, that of %3.")
                         .arg(workersText(advice.recommended), intervalText(advice.shareOfBest),
                              workersText(advice.best));
    }
    if (advice.doesMoreHurt()) {
        sentences << tr("More hurt: %1 workers have %2 of its throughput.")
                         .arg(advice.most)
                         .arg(intervalText(advice.mostOverRecommended));
    }
    return sentences;
}

QString fitSentence(const ScalingFit& fit)
{
    const QString law = fit.law == ScalingLaw::Amdahl ? tr("Amdahl's law") : tr("USL");
    switch (fit.evidence) {
    case FitEvidence::TooFewSizes:
        return tr("%1: cannot tell, too few numbers of workers.").arg(law);
    case FitEvidence::NotRepeated:
        return tr("%1: cannot tell, nothing was run twice.").arg(law);
    case FitEvidence::TooNoisy:
        return tr("%1: cannot tell, the runs are too noisy.").arg(law);
    case FitEvidence::OtherShape:
        return tr("%1 does not hold here: the curve has another shape.").arg(law);
    case FitEvidence::Enough:
        break;
    }
    QString text = tr("%1: serial share (sigma) %2").arg(law, intervalText(fit.sigma, 3));
    if (fit.law == ScalingLaw::Usl) {
        text += tr(", kappa %1").arg(intervalText(fit.kappa, 5));
        if (const auto knee = fit.knee()) {
            text += tr(", knee at %1 workers").arg(intervalText(*knee, 1));
        }
    }
    return text + tr("; measured from %1 to %2 workers, beyond is a guess.")
                      .arg(fit.fewestWorkers)
                      .arg(fit.mostWorkers);
}

QStringList chunkSentences(const ChunkCurve& curve)
{
    if (!curve.canTell) {
        return {tr("Cannot tell which size of chunks to take: each must run twice at least.")};
    }
    if (!curve.isFirm()) {
        return {tr("Cannot tell which size of chunks to take, since the runs differ so much."),
                tr("The shortest makespan had chunks of %1.").arg(curve.best), moreRounds()};
    }
    if (curve.flatFrom == curve.flatTo) {
        return {tr("Take chunks of %1: no other size of those measured is as good.")
                    .arg(curve.recommended)};
    }
    return {tr("Take chunks of %1: sizes from %2 to %3 cannot be told from the best.")
                .arg(curve.recommended)
                .arg(curve.flatFrom)
                .arg(curve.flatTo)};
}

QString pythonChunkSentence(std::uint64_t tasks, int workers)
{
    return tr("Python's Pool.map would take %1, ProcessPoolExecutor.map 1.")
        .arg(poolMapDefaultChunk(tasks, workers));
}

QString armText(ExperimentKind kind, const ExperimentPlan& plan, int arm)
{
    const RunSettings& settings = plan.arms[static_cast<std::size_t>(arm)];
    switch (kind) {
    case ExperimentKind::Sweep:
        return workersText(settings.executors.front().workers);
    case ExperimentKind::Chunks:
        return tr("chunk %1").arg(settings.chunk);
    case ExperimentKind::Duel:
        break;
    }
    return sideName(plan, arm);
}

QString runText(const ExperimentPlan& plan, int index, const QString& arm, int round)
{
    return tr("run %1 of %2: %3, round %4")
        .arg(index + 1)
        .arg(static_cast<int>(plan.arms.size()) * plan.rounds)
        .arg(arm)
        .arg(round + 1);
}

} // namespace poolscope
