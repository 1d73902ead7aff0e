// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/time_axis.h"

#include <QLocale>

#include <algorithm>

namespace poolscope {

namespace {

struct Step
{
    Nanos ns = 1;
    int minors = 1; ///< parts of a step
};

Nanos floorTo(Nanos value, Nanos step)
{
    const Nanos remainder = value % step;
    return value - (remainder < 0 ? remainder + step : remainder);
}

Step chooseStep(Nanos duration, int maxMajors)
{
    // Below maxMajors steps fit in, so at most maxMajors ticks are seen wherever the range begins.
    Nanos decade = 1;
    for (;;) {
        for (const auto& [mantissa, minors] : {std::pair{1, 5}, std::pair{2, 4}, std::pair{5, 5}}) {
            const Nanos step = decade * mantissa;
            if (duration / step >= maxMajors) {
                continue;
            }
            if (mantissa == 5 && decade > 1 && duration < 4 * step &&
                duration / (step / 2) < maxMajors) {
                return {step / 2, 5};
            }
            return {step, step >= minors ? minors : 1};
        }
        decade *= 10;
    }
}

Nanos unitFor(Nanos stepNs)
{
    for (const Nanos unit : {kNanosPerSecond, kNanosPerMilli, kNanosPerMicro}) {
        if (stepNs >= unit) {
            return unit;
        }
    }
    return 1;
}

} // namespace

TimeAxis timeAxis(TimeRange range, int maxMajors)
{
    TimeAxis axis;
    const Step step = chooseStep(range.duration(), std::clamp(maxMajors, 2, 8));
    axis.stepNs = step.ns;
    axis.minorNs = step.ns % step.minors == 0 ? step.ns / step.minors : step.ns;
    axis.unitNs = unitFor(axis.stepNs);

    // Seven digits at each tick are noise: the common part is said once.
    constexpr Nanos kLongestLabel = 1'000'000;
    const Nanos group = axis.unitNs * 1000;
    if (range.endNs / axis.unitNs >= kLongestLabel && axis.unitNs < kNanosPerSecond) {
        axis.offsetNs = std::max<Nanos>(0, floorTo(range.beginNs, group));
    }
    for (Nanos tick = floorTo(range.beginNs + axis.stepNs - 1, axis.stepNs); tick < range.endNs;
         tick += axis.stepNs) {
        axis.majors.push_back(tick);
    }
    return axis;
}

QString unitText(const TimeAxis& axis)
{
    if (axis.unitNs == kNanosPerSecond) {
        return QStringLiteral("s");
    }
    if (axis.unitNs == kNanosPerMilli) {
        return QStringLiteral("ms");
    }
    return axis.unitNs == kNanosPerMicro ? QStringLiteral("µs") : QStringLiteral("ns");
}

QString tickText(const TimeAxis& axis, Nanos timeNs)
{
    const Nanos shown = timeNs - axis.offsetNs;
    const int decimals = axis.stepNs % axis.unitNs == 0 ? 0 : 1;
    QLocale locale;
    if (shown < 10'000 * axis.unitNs) {
        locale.setNumberOptions(QLocale::OmitGroupSeparator);
    }
    return locale.toString(static_cast<double>(shown) / static_cast<double>(axis.unitNs), 'f',
                           decimals);
}

} // namespace poolscope
