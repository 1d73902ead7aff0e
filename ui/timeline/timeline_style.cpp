// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_style.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.red() / 255.0) + 0.7152 * linear(color.green() / 255.0) +
           0.0722 * linear(color.blue() / 255.0);
}

double contrast(const QColor& a, const QColor& b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

BarColors barColors(const QColor& fill, const Theme& theme)
{
    const QColor dark(0x10, 0x14, 0x1A);
    BarColors colors;
    colors.fill = fill;
    colors.muted = blended(fill, theme.laneEven, 0.86);
    colors.edge = theme.isDark ? fill.lighter(135) : fill.darker(140);
    colors.hollow = blended(fill, theme.laneEven, 0.16);
    colors.label = contrast(fill, dark) >= contrast(fill, Qt::white) ? dark : QColor(Qt::white);
    colors.needsEdge = contrast(fill, theme.laneEven) < 1.6;
    return colors;
}

// Steps of cividis (Nunez et al., PLOS ONE 2018), which is made for the colour-blind; on a dark lane its dark end
// is left out.
const std::array<QColor, 8> kDeepRamp{QColor(0x00224E), QColor(0x1A386F), QColor(0x434E6C),
                                      QColor(0x61656F), QColor(0x7D7C78), QColor(0x9B9476),
                                      QColor(0xBCAE6C), QColor(0xDEC958)};
const std::array<QColor, 8> kBrightRamp{QColor(0x3B4A70), QColor(0x545A6E), QColor(0x6C6E72),
                                        QColor(0x858378), QColor(0xA09877), QColor(0xBCAE6C),
                                        QColor(0xDEC958), QColor(0xFEE838)};

QColor outcomeColor(std::size_t colorClass)
{
    // Done, failed, timed out, lost, cancelled; the shapes tell them apart, too.
    constexpr std::array<QRgb, 8> kColors{0x56B4E9, 0xD55E00, 0xE69F00, 0xCC79A7,
                                          0x646B78, 0x646B78, 0x646B78, 0x646B78};
    return QColor(kColors[colorClass]);
}

} // namespace

TimelineStyle::TimelineStyle(const Theme& themeToUse, const QFont& base)
    : theme(themeToUse)
    , font(base)
    , smallFont(base)
    , boldFont(base)
    , frame(themeToUse.isDark ? QColor(0x0B, 0x0D, 0x11) : QColor(Qt::white))
{
    if (base.pixelSize() > 0) {
        smallFont.setPixelSize(std::max(7, base.pixelSize() - 1));
    } else {
        smallFont.setPointSizeF(std::max(7.0, base.pointSizeF() - 1.0));
    }
    boldFont.setWeight(QFont::DemiBold);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        kinds[i] = barColors(theme.kinds[i], theme);
        executors[i] = barColors(theme.executors[i], theme);
        outcomes[i] = barColors(outcomeColor(i), theme);
        durations[i] = barColors((theme.isDark ? kBrightRamp : kDeepRamp)[i], theme);
    }
    faint = barColors(blended(theme.dimText, theme.laneEven, 0.22), theme);
    faint.muted = faint.fill;
    faint.label = blended(theme.dimText, theme.laneEven, 0.7);
    faint.needsEdge = false;
}

const BarColors& TimelineStyle::colors(const Snapshot& snapshot, int executor,
                                       std::uint8_t kind) const
{
    if (snapshot.meta->plan->kinds.size() > 1) {
        return kinds[std::min<std::size_t>(kind, kinds.size() - 1)];
    }
    return executors[static_cast<std::size_t>(executor) % executors.size()];
}

const BarColors& TimelineStyle::colorsOf(const Snapshot& snapshot, const LaneInfo& lane,
                                         const TaskRecord& record) const
{
    const ColorMode mode = effectiveMode(coloring.mode, snapshot);
    return classColors(mode, colorClass(mode, snapshot, lane, record));
}

const BarColors& TimelineStyle::runningColors(const Snapshot& snapshot, const LaneView& lane,
                                              Nanos runNs) const
{
    const ColorMode mode = effectiveMode(coloring.mode, snapshot);
    return classColors(mode, runningColorClass(mode, snapshot, lane, runNs));
}

const BarColors& TimelineStyle::classColors(ColorMode mode, int colorClass) const
{
    return coloring.isHidden(colorClass) ? faint : fullColors(mode, colorClass);
}

const BarColors& TimelineStyle::fullColors(ColorMode mode, int colorClass) const
{
    const auto index = static_cast<std::size_t>(colorClass) % kinds.size();
    switch (mode) {
    case ColorMode::Executor:
        return executors[index];
    case ColorMode::Outcome:
        return outcomes[index];
    case ColorMode::RunTime:
    case ColorMode::QueueWait:
        return durations[index];
    case ColorMode::Kind:
    case ColorMode::Name:
    case ColorMode::Worker:
        break;
    }
    return kinds[index];
}

const QColor& TimelineStyle::lane(const LaneInfo& info) const
{
    return info.index % 2 == 0 ? theme.laneEven : theme.laneOdd;
}

QColor TimelineStyle::waitOver(const QColor& lane, double waitLog2) const
{
    return blended(theme.wait, lane, waitTone(waitLog2));
}

LaneParts laneParts(const QRectF& lane, double devicePx)
{
    const auto snap = [devicePx](double length) {
        return std::max(1.0, std::round(length / devicePx)) * devicePx;
    };
    const double strip = snap(std::clamp(lane.height() * 0.12, 2.0, 4.0));
    const double gap = snap(1.0);
    const QRectF bars = lane.adjusted(0, 0, 0, -(strip + gap));
    return {bars, QRectF(lane.left(), lane.bottom() - strip, lane.width(), strip)};
}

double fineLine(double devicePx)
{
    return std::max(devicePx, std::clamp(2 * devicePx, 0.5, 1.0));
}

double waitTone(double waitLog2)
{
    constexpr double kTenSeconds = 33.2;
    if (waitLog2 < kLeastWaitLog2) {
        return 0;
    }
    const double place =
        std::min(1.0, (waitLog2 - kLeastWaitLog2) / (kTenSeconds - kLeastWaitLog2));
    return 0.06 + 0.94 * place * std::sqrt(place); // long waits must stand out
}

QColor blended(const QColor& top, const QColor& bottom, double opacity)
{
    const auto mix = [opacity](int over, int under) {
        return static_cast<int>(std::lround(over * opacity + under * (1 - opacity)));
    };
    return {mix(top.red(), bottom.red()), mix(top.green(), bottom.green()),
            mix(top.blue(), bottom.blue())};
}

} // namespace poolscope
