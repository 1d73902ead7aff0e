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
    }
}

const BarColors& TimelineStyle::colors(const Snapshot& snapshot, int executor,
                                       std::uint8_t kind) const
{
    if (snapshot.meta->plan->kinds.size() > 1) {
        return kinds[std::min<std::size_t>(kind, kinds.size() - 1)];
    }
    return executors[static_cast<std::size_t>(executor) % executors.size()];
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
