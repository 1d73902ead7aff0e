// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/lanes_painter.h"

#include "ui/common/format.h"
#include "ui/figure/figure_painter.h"
#include "ui/figure/figure_words.h"
#include "ui/figure/svg_canvas.h"
#include "ui/timeline/bar_painter.h"
#include "ui/timeline/lane_facts.h"

#include <QImage>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {} // namespace

LanesPainter::LanesPainter(const FigureScene& scene, double devicePx, bool isDrawing)
    : m_scene(scene)
    , m_px(devicePx)
    , m_hair(isDrawing ? 0.5 : std::max(0.5, devicePx))
    , m_painter(scene.style)
{
    m_painter.begin(scene.snapshot, scene.scale, scene.snapshot.nowNs, devicePx);
    m_painter.setAxis(scene.axis);
    m_painter.setLeastBar(scene.rule.belowNs);
    m_arePixels = isDrawing && exceedsElements();
}

double LanesPainter::snap(double value) const
{
    return std::round(value / m_px) * m_px;
}

QRectF LanesPainter::rectOf(const FigureRow& row) const
{
    const double top = snap(row.top);
    return {snap(m_scene.scale.left), top, m_scene.scale.width,
            std::max(m_px, snap(row.bottom()) - top)};
}

bool LanesPainter::exceedsElements()
{
    const TimeScale& scale = m_scene.scale;
    double bars = 0;
    for (const LaneView& lane : m_scene.snapshot.lanes) {
        if (!m_scene.isCollapsed(lane.info().executor) && drawsBars(lane, scale, m_px)) {
            const std::uint64_t first = firstRecordEndingAfter(lane, m_scene.range.beginNs);
            bars += static_cast<double>(firstRecordEndingAfter(lane, m_scene.range.endNs) - first);
        }
    }
    if (bars > m_scene.options.mostElements) {
        return true;
    }
    // Names, waits and marks add to the bars: what is really drawn is counted.
    SvgCanvas counter(m_scene.sizePt(), TextForm::Text);
    QPainter painter(&counter);
    for (const FigureRow& row : m_scene.rows) {
        if (row.lane >= 0) {
            const LaneView& lane = m_scene.snapshot.lanes[static_cast<std::size_t>(row.lane)];
            if (drawsBars(lane, scale, m_px)) {
                paintLane(painter, lane, rectOf(row));
            }
        }
        if (counter.elementCount() > m_scene.options.mostElements) {
            return true;
        }
    }
    return false;
}

void LanesPainter::paint(QPainter& painter)
{
    QRectF group;
    int executor = -1;
    const auto endGroup = [&] {
        if (!group.isNull()) {
            m_painter.paintEventLines(painter, group, executor);
        }
        group = QRectF();
    };
    for (const FigureRow& row : m_scene.rows) {
        if (row.isGroup()) {
            endGroup();
            executor = row.executor;
            paintGroup(painter, row);
            continue;
        }
        const QRectF rect = rectOf(row);
        paintLabel(painter, row);
        paintRow(painter, row, rect);
        group = group.united(rect);
    }
    endGroup();
    paintEvents(painter, m_scene, m_painter.eventMarks());
}

void LanesPainter::paintRow(QPainter& painter, const FigureRow& row, const QRectF& rect)
{
    if (row.isSummary) {
        m_painter.paintSummary(painter, rect, row.executor); // pixels, in a drawing too
        return;
    }
    const LaneView& lane = m_scene.snapshot.lanes[static_cast<std::size_t>(row.lane)];
    if (m_arePixels) {
        paintLaneAsPixels(painter, lane, rect);
    } else {
        paintLane(painter, lane, rect);
    }
}

void LanesPainter::paintGroup(QPainter& painter, const FigureRow& row)
{
    const FigureScene& scene = m_scene;
    const QFontMetricsF bold(scene.fonts.bold);
    const QString title = groupTitle(scene.snapshot, row.executor);
    const double room = scene.width - 2 * FigureScene::kMargin;
    const QRectF line(FigureScene::kMargin, row.top, room, row.height - 1);
    drawLine(painter, title, line, scene.fonts.bold, scene.style.theme.text);
    const double facts =
        std::max(scene.scale.left, line.left() + bold.horizontalAdvance(title) + 8);
    if (facts < line.right() - 40) {
        drawLine(painter, scene.groupText(row.executor),
                 QRectF(facts, row.top, line.right() - facts, row.height - 1), scene.fonts.small,
                 scene.style.theme.dimText);
    }
    const QString busy = figure::tr("busy");
    const double busyWidth = QFontMetricsF(scene.fonts.small).horizontalAdvance(busy);
    const double busyLeft = scene.scale.left - 3 - busyWidth;
    if (line.left() + bold.horizontalAdvance(title) + 4 < busyLeft) {
        drawLine(painter, busy, QRectF(busyLeft, row.top, busyWidth + 1, row.height - 1),
                 scene.fonts.small, scene.style.theme.dimText);
    }

    // The bracket around the executor's lanes.
    double top = -1;
    double bottom = 0;
    for (const FigureRow& other : scene.rows) {
        if (!other.isGroup() && other.executor == row.executor) {
            top = top < 0 ? other.top : top;
            bottom = other.bottom();
        }
    }
    if (top >= 0) {
        const double x = FigureScene::kMargin + 1;
        const QColor& color = scene.style.theme.dimText;
        painter.fillRect(QRectF(x, top, m_hair, bottom - top), color);
        painter.fillRect(QRectF(x, top, 2.5, m_hair), color);
        painter.fillRect(QRectF(x, bottom - m_hair, 2.5, m_hair), color);
    }
}

void LanesPainter::paintLabel(QPainter& painter, const FigureRow& row)
{
    if (!row.hasLabel) {
        return;
    }
    const FigureScene& scene = m_scene;
    const LaneView* lane =
        row.isSummary ? nullptr : &scene.snapshot.lanes[static_cast<std::size_t>(row.lane)];
    const double tall = std::max(row.height, FigureScene::kSmallLine);
    const QRectF line(FigureScene::kMargin + 6, row.top + (row.height - tall) / 2,
                      scene.scale.left - 3 - FigureScene::kMargin - 6, tall);
    const bool isQueue = lane != nullptr && lane->info().kind == LaneKind::Queue;
    std::optional<double> share;
    if (lane == nullptr) {
        share = shareOf(row.executor);
    } else if (!isQueue) {
        share = busyShare(scene.snapshot, *lane, scene.range, scene.snapshot.nowNs);
    }
    QString figure;
    if (isQueue) {
        figure = formatCount(lane->recordCount);
    } else if (share) {
        figure = formatShare(std::round(*share * 100) / 100);
    }
    const double figureWidth = QFontMetricsF(scene.fonts.small).horizontalAdvance(figure);
    drawLine(painter, figure,
             QRectF(line.right() - figureWidth - 1, line.top(), figureWidth + 1, tall),
             scene.fonts.small, scene.style.theme.dimText, Qt::AlignRight);
    drawLine(painter, lane == nullptr ? scene.summaryLabelOf(row.executor) : scene.labelOf(*lane),
             line.adjusted(0, 0, -figureWidth - 4, 0),
             row.height >= 9.5 ? scene.fonts.text : scene.fonts.small, scene.style.theme.text);
}

void LanesPainter::paintLane(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    if (drawsBars(lane, m_scene.scale, m_px)) {
        m_painter.paintLaneBackground(painter, lane, rect);
        paintIdleLine(painter, lane, rect);
        paintMerged(painter, lane, rect);
        m_painter.paintLaneBars(painter, lane, rect);
    } else {
        m_painter.paintLane(painter, lane, rect);
        paintIdleLine(painter, lane, rect);
    }
    m_painter.paintRunning(painter, lane, rect);
    paintCutEnds(painter, lane, rect);
    m_painter.paintLifeMarks(painter, lane, rect);
}

void LanesPainter::paintLaneAsPixels(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    QImage image((rect.size() / m_px).toSize(), QImage::Format_RGB32);
    image.fill(m_scene.style.theme.window);
    QPainter pixels(&image);
    pixels.scale(image.width() / rect.width(), image.height() / rect.height());
    pixels.translate(-rect.topLeft());
    paintLane(pixels, lane, rect);
    pixels.end();
    painter.drawImage(rect, image);
}

/// A light line where the lane has a worker, below the bars: idle is white.
void LanesPainter::paintIdleLine(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    const LaneParts parts = laneParts(rect, m_px);
    const double y = snap(parts.bars.bottom());
    for (const LaneLife& life : livesOf(lane)) {
        const Nanos end = life.closedNs < 0 ? m_scene.snapshot.nowNs : life.closedNs;
        const double from = std::max(rect.left(), toX(m_scene.scale, life.openedNs));
        const double to = std::min(rect.right(), toX(m_scene.scale, end));
        if (to > from) {
            painter.fillRect(QRectF(from, y, to - from, std::max(m_px, m_hair)),
                             m_scene.style.theme.grid);
        }
    }
}

void LanesPainter::paintMerged(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    if (lane.info().kind == LaneKind::Queue) {
        return;
    }
    const QRectF bars = laneParts(rect, m_px).bars;
    forEachPlottedBar(lane, m_scene.range, m_scene.rule, [&](const PlottedBar& bar) {
        if (bar.isMerged() || bar.endNs - bar.beginNs < m_scene.rule.belowNs) {
            paintMergedBar(painter, lane, bar, bars);
        }
    });
}

/// As high as its busy share, below a line that ends in ticks; with the count where it fits.
void LanesPainter::paintMergedBar(QPainter& painter, const LaneView& lane, const PlottedBar& bar,
                                  const QRectF& bars)
{
    const FigureScene& scene = m_scene;
    const double left = std::max(bars.left(), snap(toX(scene.scale, bar.beginNs)));
    const double right = std::min(bars.right(), snap(toX(scene.scale, bar.endNs)));
    const BarColors& colors = mainColorsOf(lane, bar);
    const double least = scene.rule.belowPt / scene.unitPt;
    if (!bar.isMerged()) {
        painter.fillRect(QRectF(left, bars.top(), std::max(least, right - left), bars.height()),
                         colors.fill);
        return;
    }
    const double width = std::max(2 * least, right - left);
    const double share = static_cast<double>(bar.busyNs) /
                         static_cast<double>(std::max<Nanos>(1, bar.endNs - bar.beginNs));
    const double high = std::max(1.0, (bars.height() - 2) * std::clamp(share, 0.0, 1.0));
    painter.fillRect(QRectF(left, bars.bottom() - high, width, high), colors.muted);
    const QColor& mark = scene.style.theme.dimText;
    painter.fillRect(QRectF(left, bars.top(), width, m_hair), mark);
    painter.fillRect(QRectF(left, bars.top(), m_hair, 1.5), mark);
    painter.fillRect(QRectF(left + width - m_hair, bars.top(), m_hair, 1.5), mark);
    const QString count = QStringLiteral("×") + formatCount(bar.count);
    const QFontMetricsF small(scene.fonts.small);
    if (small.horizontalAdvance(count) + 4 <= width && bars.height() >= FigureScene::kSmallLine) {
        const QRectF room(left, bars.top() + 1, width, bars.height() - 1);
        drawLine(painter, count, room, scene.fonts.small,
                 share > 0.6 ? colors.label : scene.style.theme.text, Qt::AlignHCenter);
    }
}

const BarColors& LanesPainter::mainColorsOf(const LaneView& lane, const PlottedBar& bar) const
{
    const Snapshot& snapshot = m_scene.snapshot;
    const ColorMode mode = effectiveMode(m_scene.style.coloring.mode, snapshot);
    std::array<Nanos, kColorClasses> ns{};
    for (std::uint64_t i = bar.first; i < bar.first + bar.count; ++i) {
        const TaskRecord& record = lane.lane->record(i);
        ns[static_cast<std::size_t>(colorClass(mode, snapshot, lane.info(), record))] +=
            record.runNs();
    }
    const auto most = std::ranges::max_element(ns) - ns.begin();
    return m_scene.style.classColors(mode, static_cast<int>(most));
}

std::optional<double> LanesPainter::shareOf(int executor) const
{
    double sum = 0;
    int known = 0;
    for (const LaneView& lane : m_scene.snapshot.lanes) {
        if (lane.isWorkerOf(executor)) {
            if (const auto share =
                    busyShare(m_scene.snapshot, lane, m_scene.range, m_scene.snapshot.nowNs)) {
                sum += *share;
                ++known;
            }
        }
    }
    return known > 0 ? std::optional(sum / known) : std::nullopt;
}

/// What goes on outside the crop ends in teeth instead of straight.
void LanesPainter::paintCutEnds(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    constexpr int kTeeth = 4;
    constexpr double kDepth = 2;
    const QRectF bars = laneParts(rect, m_px).bars;
    const auto tear = [&](double edge, double inwards) {
        QPolygonF cut;
        for (int i = 0; i <= 2 * kTeeth; ++i) {
            cut << QPointF(edge + (i % 2 == 0 ? 0 : inwards * kDepth),
                           bars.top() + bars.height() * i / (2 * kTeeth));
        }
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_scene.style.theme.window);
        painter.drawPolygon(cut);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_scene.style.theme.text, m_hair, Qt::SolidLine, Qt::FlatCap));
        painter.drawPolyline(cut);
        painter.restore();
    };
    const auto isWide = [&](Nanos from, Nanos to) {
        return static_cast<double>(std::min(to, m_scene.range.endNs) -
                                   std::max(from, m_scene.range.beginNs)) /
                   m_scene.scale.nsPerPx >
               2 * kDepth;
    };
    const auto look = [&](Nanos timeNs, double edge, double inwards) {
        const std::uint64_t index = firstRecordEndingAfter(lane, timeNs);
        if (index < lane.recordCount) {
            const TaskRecord& record = lane.lane->record(index);
            if (record.startNs < timeNs && isWide(record.startNs, record.endNs)) {
                tear(edge, inwards);
            }
        }
    };
    look(m_scene.range.beginNs, rect.left(), 1);
    look(m_scene.range.endNs, rect.right(), -1);
}

} // namespace poolscope
