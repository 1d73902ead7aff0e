// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/experiment_json.h"

#include "core/analysis/pool_size.h"
#include "core/analysis/scaling_fit.h"
#include "core/control/experiment_figures.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace poolscope {

namespace {

QJsonValue finite(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null);
}

QJsonObject object(const Estimate& estimate, double unit = 1)
{
    return {{QStringLiteral("value"), finite(estimate.value / unit)},
            {QStringLiteral("low"), finite(estimate.low / unit)},
            {QStringLiteral("high"), finite(estimate.high / unit)}};
}

QString word(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QJsonObject duelObject(const ExperimentPlan& plan, const std::vector<ArmRun>& runs)
{
    QJsonArray pairs;
    for (const DuelPair& pair : pairsOf(plan, runs)) {
        pairs.append(QJsonObject{{QStringLiteral("first"), sideName(plan, pair.first)},
                                 {QStringLiteral("second"), sideName(plan, pair.second)},
                                 {QStringLiteral("verdict"), word(toText(pair.comparison.verdict))},
                                 {QStringLiteral("ratio"), object(pair.comparison.ratio)},
                                 {QStringLiteral("rounds"), pair.comparison.rounds}});
    }
    QJsonArray sides;
    for (int arm = 0; arm < static_cast<int>(plan.arms.size()); ++arm) {
        const ArmMeans means = meansOf(runs, arm);
        sides.append(QJsonObject{
            {QStringLiteral("executor"), sideName(plan, arm)},
            {QStringLiteral("makespan_s"), means.makespanNs / 1e9},
            {QStringLiteral("start_up_s"), means.startUpNs / 1e9},
            {QStringLiteral("hand_over_per_task_s"), means.handOverNs / 1e9},
            {QStringLiteral("peak_memory_kib"), static_cast<qint64>(means.peakMemoryKiB)}});
    }
    return {{QStringLiteral("pairs"), pairs}, {QStringLiteral("sides"), sides}};
}

QJsonObject fitObject(const ScalingFit& fit)
{
    QJsonObject result{{QStringLiteral("law"), word(toText(fit.law))},
                       {QStringLiteral("evidence"), word(toText(fit.evidence))}};
    if (fit.hasCurve()) {
        result[QStringLiteral("sigma")] = object(fit.sigma);
        result[QStringLiteral("kappa")] = object(fit.kappa);
        result[QStringLiteral("lambda")] = object(fit.lambda);
        if (const auto knee = fit.knee()) {
            result[QStringLiteral("knee")] = object(*knee);
        }
    }
    return result;
}

QJsonObject sweepObject(const ExperimentPlan& plan, const std::vector<ArmRun>& runs)
{
    const std::vector<Repeat> repeats = throughputsOf(plan, runs);
    const PoolSizeAdvice advice = advisePoolSize(repeats);
    QJsonArray points;
    for (const PoolSizePoint& point : advice.points) {
        points.append(QJsonObject{{QStringLiteral("workers"), point.workers},
                                  {QStringLiteral("tasks_per_s"), object(point.throughput)},
                                  {QStringLiteral("speed_up"), object(point.speedUp)},
                                  {QStringLiteral("efficiency"), object(point.efficiency)}});
    }
    return {{QStringLiteral("can_tell"), advice.canTell},
            {QStringLiteral("firm"), advice.isFirm()},
            {QStringLiteral("recommended"), advice.recommended},
            {QStringLiteral("best"), advice.best},
            {QStringLiteral("share_of_best"), object(advice.shareOfBest)},
            {QStringLiteral("fits"), QJsonArray{fitObject(fitScaling(repeats, ScalingLaw::Amdahl)),
                                                fitObject(fitScaling(repeats, ScalingLaw::Usl))}},
            {QStringLiteral("points"), points}};
}

QJsonObject chunksObject(const std::vector<ArmRun>& runs)
{
    const ChunkCurve curve = chunkCurveOf(chunkRunsOf(runs));
    QJsonArray points;
    for (const ChunkPoint& point : curve.points) {
        points.append(QJsonObject{{QStringLiteral("chunk"), point.chunk},
                                  {QStringLiteral("makespan_s"), object(point.makespanNs, 1e9)},
                                  {QStringLiteral("work_s"), point.workNs / 1e9},
                                  {QStringLiteral("hand_over_s"), point.handOverNs / 1e9},
                                  {QStringLiteral("imbalance_s"), point.imbalanceNs / 1e9},
                                  {QStringLiteral("other_s"), point.otherNs / 1e9},
                                  {QStringLiteral("in_flat"), point.isInFlat}});
    }
    return {{QStringLiteral("can_tell"), curve.canTell},
            {QStringLiteral("firm"), curve.isFirm()},
            {QStringLiteral("recommended"), curve.recommended},
            {QStringLiteral("best"), curve.best},
            {QStringLiteral("points"), points}};
}

} // namespace

QByteArray experimentJson(ExperimentKind kind, const ExperimentPlan& plan,
                          const std::vector<ArmRun>& runs)
{
    QJsonObject report = kind == ExperimentKind::Duel    ? duelObject(plan, runs)
                         : kind == ExperimentKind::Sweep ? sweepObject(plan, runs)
                                                         : chunksObject(runs);
    report[QStringLiteral("rounds")] = plan.rounds;
    return QJsonDocument(report).toJson(QJsonDocument::Indented);
}

} // namespace poolscope
