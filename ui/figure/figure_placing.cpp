// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of FigureScene that says where everything lies, from top to bottom.

#include "ui/figure/figure_painter.h"
#include "ui/figure/figure_scene.h"
#include "ui/figure/figure_size.h"
#include "ui/timeline/timeline_painter.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kGroup = 12; // height of an executor's title
constexpr double kGroupGap = 4; // below its lanes
constexpr double kMarks = 14; // height of the flags
constexpr double kTallestLane = 13; // when the lanes choose
constexpr double kLowestLane = 2;
constexpr double kMostAspect = 1.1; // of lanes that choose: taller, and they get lower
constexpr double kLabelPitch = 8.5; // labels closer than that would overlap

double laneGap(double laneHeight)
{
    return laneHeight >= 8 ? 2 : 0.5;
}

} // namespace

void FigureScene::place()
{
    const double top = placeTop();
    const double below = placeBelow(0);
    const double given = options.heightMm / kMmPerInch * kPointsPerInch / unitPt;
    const double lanes = rowCount();
    double groups = 0;
    placeRows(top, 0);
    for (const FigureRow& row : rows) {
        groups += row.isGroup() ? kGroup + kGroupGap : 0;
    }
    neededHeight = top + groups + lanes * (kLowestLane + laneGap(kLowestLane)) + below;
    placeRows(top, given > 0 ? given - top - below : -1);
    const double needed = placeBelow(lanesBottom);
    height = given > 0 ? given : std::ceil(needed);
}

double FigureScene::placeTop()
{
    title = options.panel.isEmpty() ? facts.title
                                    : u'(' + options.panel + QStringLiteral(") ") + facts.title;
    double y = kMargin + 14;
    if (options.parts.hasSubtitle) {
        subtitle = wrapped(facts.subtitle, fonts.text, width - 2 * kMargin, 2);
        y += kLine * static_cast<double>(subtitle.size());
    }
    y += 3;
    if (options.parts.hasHere) {
        hereTop = y + 1;
        y += kLine + 2;
    }
    TimelinePainter painter(style);
    painter.begin(snapshot, scale, snapshot.nowNs, 1);
    if (!painter.eventMarks().empty()) {
        marksTop = y;
        y += kMarks;
    }
    return y;
}

void FigureScene::placeRows(double top, double available)
{
    rows.clear();
    std::vector<int> groups;
    for (const LaneView& lane : snapshot.lanes) {
        if (groups.empty() || groups.back() != lane.info().executor) {
            groups.push_back(lane.info().executor);
        }
    }
    const double taken = static_cast<double>(groups.size()) * (kGroup + kGroupGap);
    const double lanes = std::max(1, rowCount());
    const double pitch =
        available < 0 ? std::min(kTallestLane + laneGap(kTallestLane), kMostAspect * width / lanes)
                      : (available - taken) / lanes;
    const double gap = laneGap(pitch - 2);
    const double laneHeight = std::max(kLowestLane, pitch - gap);
    const int every = std::max(1, static_cast<int>(std::ceil(kLabelPitch / (laneHeight + gap))));

    double y = top;
    for (const int executor : groups) {
        rows.push_back({executor, -1, y, kGroup, true});
        y += kGroup;
        if (isCollapsed(executor)) {
            rows.push_back({executor, -1, y, laneHeight, true, true});
            y += laneHeight + gap + kGroupGap;
            continue;
        }
        int number = 0;
        for (std::size_t i = 0; i < snapshot.lanes.size(); ++i) {
            if (snapshot.lanes[i].info().executor == executor) {
                rows.push_back({executor, static_cast<int>(i), y, laneHeight, number % every == 0});
                y += laneHeight + gap;
                ++number;
            }
        }
        y += kGroupGap;
    }
    lanesBottom = groups.empty() ? top + kGroup : y - kGroupGap + 1;
}

double FigureScene::placeBelow(double y)
{
    if (options.parts.hasStrip) {
        hasKeyLine = stripKeyWidth(*this) > scale.width;
        stripTop = y + kSection + kSmallLine * (hasKeyLine ? 2 : 1);
        y = stripTop + kStrip;
    }
    axisTop = y;
    y += 4 + kSmallLine + kLine;
    if (options.parts.hasLegend && !facts.legend.entries.empty()) {
        legendTop = y + kSection;
        y = legendTop + placeLegend();
    }
    if (options.parts.hasNumbers && !facts.numbers.empty()) {
        numbersTop = y + kSection;
        y = numbersTop + placeNumbers();
    }
    footTop = y + 4;
    footnote = wrapped(facts.footnote, fonts.small, width - 2 * kMargin, 2);
    footer = options.parts.hasFooter
                 ? wrapped(facts.provenance, fonts.small, width - 2 * kMargin, 3)
                 : QStringList();
    const double lines = static_cast<double>(footnote.size() + footer.size());
    return (lines > 0 ? footTop + kSmallLine * lines : y) + kMargin;
}

double FigureScene::placeLegend()
{
    const QFontMetricsF metrics(fonts.text);
    const double left = kMargin;
    const double room = width - 2 * kMargin;
    legend.clear();
    double x = 0;
    double y = 0;
    for (const LegendEntry& entry : facts.legend.entries) {
        const double text = metrics.horizontalAdvance(entry.text);
        const double entryWidth = std::min(kSwatch + 4 + text + 1, room);
        if (x > 0 && x + entryWidth > room) {
            x = 0;
            y += kLine + 1;
        }
        legend.push_back({entry, QPointF(left + x, y), entryWidth});
        x += entryWidth + 12;
    }
    return y + kLine;
}

double FigureScene::placeNumbers()
{
    const QFontMetricsF metrics(fonts.small);
    const double room = width - 2 * kMargin;
    numberTable.clear();
    numberWidths.clear();
    numberLines.clear();
    QStringList head{QString()};
    for (const auto& [name, value] : facts.numbers.front().values) {
        head += name;
    }
    numberTable.push_back(head);
    for (const FigureNumbers& numbers : facts.numbers) {
        QStringList row{numbers.name};
        for (const auto& [name, value] : numbers.values) {
            row += value;
        }
        numberTable.push_back(row);
    }
    double sum = 0;
    for (qsizetype column = 0; column < head.size(); ++column) {
        double widest = 0;
        for (const QStringList& row : numberTable) {
            widest = std::max(widest, metrics.horizontalAdvance(row.value(column)));
        }
        numberWidths.push_back(widest + 1);
        sum += widest + 1;
    }
    const double gaps = 8 * static_cast<double>(head.size() - 1);
    if (sum + gaps <= room) {
        return 4 + kSmallLine * static_cast<double>(numberTable.size());
    }
    numberTable.clear();
    for (const FigureNumbers& numbers : facts.numbers) {
        QStringList parts;
        for (const auto& [name, value] : numbers.values) {
            QString part = name + u' ' + value; // is broken between parts only
            parts += part.replace(u' ', QChar(QChar::Nbsp));
        }
        numberLines +=
            wrapped(numbers.name + QStringLiteral(": ") + parts.join(QStringLiteral(" · ")),
                    fonts.small, room, 4);
    }
    return 4 + kSmallLine * static_cast<double>(numberLines.size());
}

} // namespace poolscope
