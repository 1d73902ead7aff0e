// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/format.h"

#include <QLocale>

#include <array>
#include <cmath>

namespace poolscope {

namespace {

struct Unit
{
    double size;
    const char* symbol;
};

// From 999.5 on three digits would read 1000, so that goes to the next unit.
constexpr double kRoundsUp = 999.5;

QString threeDigits(double value)
{
    const double magnitude = std::abs(value);
    int decimals = 2;
    if (magnitude >= 99.95) {
        decimals = 0;
    } else if (magnitude >= 9.995) {
        decimals = 1;
    }
    return QLocale().toString(value, 'f', decimals);
}

template <std::size_t N>
const Unit& unitFor(const std::array<Unit, N>& units, double value)
{
    std::size_t i = 0;
    while (i + 1 < N && value / units[i].size >= kRoundsUp) {
        ++i;
    }
    return units[i];
}

QString twoParts(qint64 large, const char* largeSymbol, qint64 small, const char* smallSymbol)
{
    const QLocale locale;
    const QString smallText = locale.toString(small).rightJustified(2, locale.zeroDigit().at(0));
    return QStringLiteral("%1 %2 %3 %4")
        .arg(locale.toString(large), QLatin1String(largeSymbol), smallText,
             QLatin1String(smallSymbol));
}

} // namespace

QString formatDuration(Nanos duration)
{
    if (duration < 0) {
        return QLocale().negativeSign() + formatDuration(-duration);
    }
    if (duration < kNanosPerMicro) {
        return QStringLiteral("%1 ns").arg(QLocale().toString(qlonglong{duration}));
    }
    const double seconds = toSeconds(duration);
    if (seconds >= 59.95) {
        const qint64 whole = std::llround(seconds);
        return whole < 3600 ? twoParts(whole / 60, "min", whole % 60, "s")
                            : twoParts(whole / 3600, "h", whole % 3600 / 60, "min");
    }
    static constexpr std::array<Unit, 3> kUnits{{{1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}};
    const Unit& unit = unitFor(kUnits, static_cast<double>(duration));
    return QStringLiteral("%1 %2").arg(threeDigits(static_cast<double>(duration) / unit.size),
                                       QString::fromUtf8(unit.symbol));
}

QString formatRate(double perSecond)
{
    if (!(perSecond > 0)) {
        return QStringLiteral("0/s");
    }
    if (perSecond < kRoundsUp) {
        return QStringLiteral("%1/s").arg(threeDigits(perSecond));
    }
    static constexpr std::array<Unit, 3> kUnits{{{1e3, "k"}, {1e6, "M"}, {1e9, "G"}}};
    const Unit& unit = unitFor(kUnits, perSecond);
    return QStringLiteral("%1 %2/s").arg(threeDigits(perSecond / unit.size),
                                         QLatin1String(unit.symbol));
}

QString formatCount(quint64 count)
{
    return QLocale().toString(count);
}

QString formatMemory(double kib)
{
    if (!(kib > 0)) {
        return QStringLiteral("0 KiB");
    }
    constexpr double kMiB = 1024;
    static constexpr std::array<Unit, 4> kUnits{
        {{1, "KiB"}, {kMiB, "MiB"}, {kMiB * kMiB, "GiB"}, {kMiB * kMiB * kMiB, "TiB"}}};
    const Unit& unit = unitFor(kUnits, kib);
    return QStringLiteral("%1 %2").arg(threeDigits(kib / unit.size), QLatin1String(unit.symbol));
}

QString formatShare(double share)
{
    const double percent = std::isfinite(share) ? share * 100 : 0;
    const int decimals = percent > 0 && percent < 9.95 ? 1 : 0;
    return QStringLiteral("%1 %").arg(QLocale().toString(percent, 'f', decimals));
}

} // namespace poolscope
