// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/delta_text.h"

#include "ui/common/advice_text.h"
#include "ui/common/format.h"
#include "ui/common/run_option_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>
#include <map>

namespace poolscope {

namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::DeltaText)
};

/// \p number with its sign, always, and without "−0".
QString withSign(double number, int decimals)
{
    const QLocale locale;
    const QString digits = locale.toString(std::abs(number), 'f', decimals);
    const bool isZero = digits == locale.toString(0.0, 'f', decimals);
    if (isZero) {
        return digits;
    }
    return (number < 0 ? QStringLiteral("−") : QStringLiteral("+")) + digits;
}

QString machineFactName(const QString& id)
{
    static const std::map<QString, const char*> names{
        {QStringLiteral("cpu"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "other processor")},
        {QStringLiteral("processors"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "processors")},
        {QStringLiteral("usable"),
         QT_TRANSLATE_NOOP("poolscope::DeltaText", "processors that could be used")},
        {QStringLiteral("memory"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "memory")},
        {QStringLiteral("system"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "system")},
        {QStringLiteral("kernel"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "kernel")},
        {QStringLiteral("clock"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "clock")},
    };
    const auto found = names.find(id);
    return found == names.end() ? id : Text::tr(found->second);
}

QString factName(const QString& fact)
{
    static const std::map<QString, const char*> names{
        {QStringLiteral("workload"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "other workload")},
        {QStringLiteral("seed"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "other seed")},
        {QStringLiteral("tasks"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "number of tasks")},
        {QStringLiteral("chunk"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "chunk")},
        {QStringLiteral("costs"), QT_TRANSLATE_NOOP("poolscope::DeltaText", "costs measured")},
        {QStringLiteral("version"),
         QT_TRANSLATE_NOOP("poolscope::DeltaText", "version of Poolscope")},
    };
    const QString group = fact.section(u':', 0, 0);
    const QString id = fact.section(u':', 1);
    if (group == QLatin1String("param")) {
        return Text::tr("parameter %1").arg(id);
    }
    if (group == QLatin1String("option")) {
        return runOptionName(id);
    }
    if (group == QLatin1String("workers")) {
        return Text::tr("workers of %1").arg(id);
    }
    if (group == QLatin1String("machine")) {
        return machineFactName(id);
    }
    const auto found = names.find(fact);
    return found == names.end() ? fact : Text::tr(found->second);
}

QString factValue(const FactDelta& fact, const std::string& value)
{
    if (value.empty()) {
        return Text::tr("none");
    }
    const QString text = QString::fromStdString(value);
    return fact.fact == "machine:memory" ? QLocale().formattedDataSize(text.toLongLong(), 1) : text;
}

} // namespace

QString deltaFigureName(DeltaFigure figure)
{
    switch (figure) {
    case DeltaFigure::Makespan:
        return Text::tr("makespan");
    case DeltaFigure::TasksPerSecond:
        return Text::tr("tasks a second");
    case DeltaFigure::RunMean:
        return Text::tr("run time, mean");
    case DeltaFigure::RunP50:
        return Text::tr("run time p50");
    case DeltaFigure::RunP95:
        return Text::tr("run time p95");
    case DeltaFigure::RunP99:
        return Text::tr("run time p99");
    case DeltaFigure::WaitP50:
        return Text::tr("queue wait p50");
    case DeltaFigure::WaitP95:
        return Text::tr("queue wait p95");
    case DeltaFigure::Utilisation:
        return Text::tr("workers busy");
    case DeltaFigure::NotDone:
        return Text::tr("tasks not done");
    case DeltaFigure::LostAttempts:
        return Text::tr("attempts lost");
    case DeltaFigure::CpuShare:
        return Text::tr("on a processor");
    case DeltaFigure::RunQueueShare:
        return Text::tr("waiting for a processor");
    case DeltaFigure::BlockedShare:
        return Text::tr("blocked");
    case DeltaFigure::PeakMemory:
        return Text::tr("memory of a worker");
    default:
        return Text::tr("workers' time: %1")
            .arg(laneTimeName(static_cast<LaneTime>(static_cast<int>(figure) -
                                                    static_cast<int>(DeltaFigure::Useful))));
    }
}

QString deltaValueText(DeltaFigure figure, double value)
{
    switch (unitOf(figure)) {
    case DeltaUnit::Nanoseconds:
        return formatDuration(std::llround(value));
    case DeltaUnit::PerSecond:
        return formatRate(value);
    case DeltaUnit::Share:
        return QStringLiteral("%1 %").arg(QLocale().toString(100 * value, 'f', 1));
    case DeltaUnit::Count:
        return QLocale().toString(value, 'f', value == std::round(value) ? 0 : 1);
    case DeltaUnit::Bytes:
        return QLocale().formattedDataSize(std::llround(value), 1);
    }
    return {};
}

QString deltaDifferenceText(const FigureDelta& delta)
{
    if (delta.first == delta.second) {
        return Text::tr("same");
    }
    const DeltaUnit unit = unitOf(delta.figure);
    if (unit == DeltaUnit::Share) {
        return Text::tr("%1 points").arg(withSign(100 * delta.difference(), 1));
    }
    if (unit == DeltaUnit::Count || delta.first == 0) {
        return (delta.difference() < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
               deltaValueText(delta.figure, std::abs(delta.difference()));
    }
    const double ratio = delta.ratio ? delta.ratio->value : delta.second / delta.first;
    constexpr double kManyTimes = 3;
    if (ratio >= kManyTimes) {
        return QStringLiteral("× %1").arg(QLocale().toString(ratio, 'f', 1));
    }
    return QStringLiteral("%1 %").arg(withSign(100 * (ratio - 1), 1));
}

QString deltaNoiseText(const FigureDelta& figure, const RunDelta& delta)
{
    if (figure.first == figure.second) {
        return {};
    }
    if (figure.noise == DeltaNoise::Within) {
        return Text::tr("within noise");
    }
    if (figure.noise == DeltaNoise::Unknown) {
        return delta.firstRuns == 1 && delta.secondRuns == 1
                   ? Text::tr("one run each: noise unknown")
                   : Text::tr("too few runs: noise unknown");
    }
    const double good = goodDirection(figure.figure) * figure.difference();
    QString text = Text::tr("beyond noise");
    if (good != 0) {
        text = good > 0 ? Text::tr("better, beyond noise") : Text::tr("worse, beyond noise");
    }
    if (figure.ratio && unitOf(figure.figure) != DeltaUnit::Share) { // those differ in points
        text += Text::tr(" (%1 to %2 %)")
                    .arg(withSign(100 * (figure.ratio->low - 1), 1),
                         withSign(100 * (figure.ratio->high - 1), 1));
    }
    return text;
}

QString factText(const FactDelta& fact)
{
    return QStringLiteral("%1: %2 → %3")
        .arg(factName(QString::fromStdString(fact.fact)), factValue(fact, fact.first),
             factValue(fact, fact.second));
}

QString unfairText(const RunDelta& delta)
{
    QStringList reasons;
    for (const FactDelta& fact : delta.facts) {
        if (fact.isUnfair) {
            reasons << factText(fact);
        }
    }
    return reasons.isEmpty() ? QString()
                             : Text::tr("They did not do the same work (%1), so what differs says "
                                        "little about how they were run.")
                                   .arg(reasons.join(QStringLiteral("; ")));
}

} // namespace poolscope
