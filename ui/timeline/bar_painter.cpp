// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/bar_painter.h"

#include "ui/timeline/bar_labels.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kShapeWidth = 6; // below, an outcome is a mark
constexpr double kGhostWidth = 5;
constexpr double kTravelWidth = 4;

} // namespace

struct BarPainter::Bar
{
    QRectF rect;
    const BarColors& colors;
    const TaskRecord& record;
};

double BarPainter::snap(double x) const
{
    return std::round(x / m_px) * m_px;
}

/// Calls \p paint with each bar that has a pixel of its own, and the end of the task before it on the lane.
template <class Paint>
void BarPainter::forEachBar(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                            const QRectF& rect, const Paint& paint)
{
    const LaneParts parts = laneParts(rect, m_px);
    const TimeRange range = visibleRange(scale);
    std::uint64_t i = firstRecordEndingAfter(lane, range.beginNs - 1);
    Nanos previousEnd = i > lane.firstRecord ? lane.lane->record(i - 1).endNs : 0;
    double covered = rect.left() - 1;
    for (; i < lane.recordCount; ++i) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs >= range.endNs) {
            break;
        }
        const bool isDone = record.state() == TaskState::Done;
        const double left = snap(std::max(toX(scale, record.startNs), rect.left() - 4));
        const double right = snap(std::min(toX(scale, record.endNs), rect.right() + 4));
        const bool isLeftOut = isDone && record.runNs() < m_leastNs;
        if (!isLeftOut && (right > covered || !isDone)) { // else its pixel is taken
            covered = std::max(covered, right);
            const double width = std::max(right - left, m_px);
            paint(Bar{QRectF(left, parts.bars.top(), width >= 3 * m_line ? width - m_line : width,
                             parts.bars.height()),
                      m_style.colorsOf(snapshot, lane.info(), record), record},
                  right, previousEnd);
        }
        previousEnd = record.endNs;
    }
}

void BarPainter::paintLane(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                           const QRectF& rect, bool hasTexts)
{
    const LaneParts parts = laneParts(rect, m_px);
    const bool isQueue = lane.info().kind == LaneKind::Queue;
    const auto xOf = [&](Nanos timeNs) { return snap(std::max(toX(scale, timeNs), rect.left())); };
    forEachBar(snapshot, lane, scale, rect, [&](const Bar& bar, double right, Nanos previousEnd) {
        const TaskRecord& record = bar.record;
        if (!isQueue) {
            const LaneLife* life = lane.lifeAt(record.startNs);
            const Nanos freeNs = std::max(previousEnd, life != nullptr ? life->openedNs : 0);
            const Nanos sentNs = record.startNs - static_cast<Nanos>(record.sentLeadNs);
            const double free = xOf(std::max(freeNs, record.submitNs));
            const double sent = std::max(free, xOf(sentNs));
            paintGhost(free, sent, parts.bars);
            paintTravel(sent, bar.rect.left(), parts.bars);
            paintTravel(right, xOf(record.endNs + static_cast<Nanos>(record.returnLagNs)),
                        parts.bars);
        }
        paintBar(bar);
        if (hasTexts) {
            paintLabel(bar);
        }
        if (!isQueue) {
            paintWait(bar, parts.wait, record.waitNs());
        }
    });
}

void BarPainter::paintTexts(const Snapshot& snapshot, const LaneView& lane, const TimeScale& scale,
                            const QRectF& rect)
{
    if (m_labels.lineHeight() <= laneParts(rect, m_px).bars.height() + 3) {
        forEachBar(snapshot, lane, scale, rect,
                   [this](const Bar& bar, double, Nanos) { paintLabel(bar); });
    }
}

void BarPainter::paintRunning(const Snapshot& snapshot, const LaneView& lane,
                              const TimeScale& scale, const QRectF& rect, Nanos nowNs)
{
    const RunningNow& running = lane.running;
    if (running.startNs < 0 || running.startNs >= nowNs) {
        return;
    }
    const LaneParts parts = laneParts(rect, m_px);
    const double left = snap(std::max(toX(scale, running.startNs), rect.left() - 4));
    const double right = snap(std::min(toX(scale, nowNs), rect.right() + 4));
    if (right < rect.left() || left > rect.right()) {
        return;
    }
    const BarColors& colors = m_style.runningColors(snapshot, lane, nowNs - running.startNs);
    const QRectF bar(left, parts.bars.top(), std::max(right - left, 2 * m_line),
                     parts.bars.height());
    m_painter.fillRect(bar, blended(colors.fill, m_style.theme.laneEven, 0.62));
    paintFrame(bar, m_style.theme.running, m_line);
    // The growing end: what distinguishes it from a bar that is complete.
    if (bar.width() > kShapeWidth) {
        m_painter.fillRect(QRectF(bar.right() - 2.5, bar.top(), 2.5, bar.height()),
                           m_style.theme.running);
    }
    if (bar.width() >= BarLabels::kMinWidth) {
        const QStaticText* text =
            m_labels.label(running.task, BarLabels::kNoTime, std::min(bar.width(), 110.0));
        if (text != nullptr && m_labels.lineHeight() <= bar.height() + 3) {
            m_painter.setFont(m_labels.font());
            m_painter.setPen(m_style.theme.text);
            m_painter.drawStaticText(QPointF(std::max(bar.left(), rect.left()) + 4,
                                             bar.center().y() - text->size().height() / 2),
                                     *text);
        }
    }
}

void BarPainter::paintBar(const Bar& bar)
{
    const TaskState state = bar.record.state();
    if (state == TaskState::Done) {
        m_fill.fill(bar.rect, bar.colors.fill);
        if (bar.colors.needsEdge && bar.rect.width() >= kShapeWidth * m_line) {
            paintFrame(bar.rect, bar.colors.edge, m_line);
        }
        return;
    }
    paintOutcome(bar.rect, bar.colors, state);
}

void BarPainter::paintOutcome(const QRectF& rect, const BarColors& colors, TaskState state)
{
    const QColor& failure = m_style.theme.failure;
    const double line = m_line;
    if (rect.width() < kShapeWidth * line) {
        const bool bad = isFailure(state);
        m_painter.fillRect(rect, bad ? colors.fill : m_style.theme.dimText);
        if (bad) {
            const double width = std::max(rect.width(), 3 * line);
            const QRectF mark(snap(rect.center().x() - width / 2), rect.top(), width, 3 * line);
            m_painter.fillRect(mark, failure);
            m_painter.fillRect(QRectF(mark.left(), mark.bottom(), width, line), m_style.frame);
        }
        return;
    }
    switch (state) {
    case TaskState::Cancelled:
        m_painter.fillRect(rect, colors.hollow);
        paintHatch(rect, colors.fill, line * 0.7, 4 * line, Hatch::Level);
        paintFrame(rect, colors.fill, line);
        break;
    case TaskState::Lost:
        m_painter.fillRect(rect, blended(colors.fill, m_style.theme.laneEven, 0.55));
        paintHatch(rect, colors.fill, line * 0.7, 4 * line, Hatch::Upright);
        paintTornEnd(rect);
        break;
    default:
        m_painter.fillRect(rect, blended(colors.fill, m_style.theme.laneEven, 0.30));
        paintHatch(rect, failure, 1.8 * line, 6 * line,
                   state == TaskState::TimedOut ? Hatch::Down : Hatch::Up);
        paintFrame(rect, failure, 1.5 * line);
        if (state == TaskState::TimedOut) {
            m_painter.fillRect(QRectF(rect.right() - 3 * line, rect.top(), 3 * line, rect.height()),
                               failure);
        }
        break;
    }
}

void BarPainter::paintLabel(const Bar& bar)
{
    const double left = std::max(bar.rect.left(), m_fill.clip().left());
    const double width = std::min(bar.rect.right(), m_fill.clip().right()) - left;
    if (width < BarLabels::kMinWidth || m_labels.lineHeight() > bar.rect.height() + 3) {
        return;
    }
    const TaskState state = bar.record.state();
    const QStaticText* text = m_labels.label(bar.record.task, bar.record.runNs(), width);
    if (text == nullptr) {
        return;
    }
    const QPointF at(left + 4, bar.rect.center().y() - text->size().height() / 2);
    const bool isPlain = state == TaskState::Done;
    if (isFailure(state) && state != TaskState::Lost) { // a quiet place in the hatch
        m_painter.fillRect(QRectF(at - QPointF(2, 0), text->size() + QSizeF(4, 0)),
                           blended(bar.colors.fill, m_style.theme.laneEven, 0.30));
    }
    m_painter.setFont(m_labels.font());
    m_painter.setPen(isPlain ? bar.colors.label : m_style.theme.text);
    m_painter.drawStaticText(at, *text);
}

void BarPainter::paintWait(const Bar& bar, const QRectF& strip, Nanos waitNs)
{
    const double waitLog2 = std::log2(1.0 + static_cast<double>(std::max<Nanos>(0, waitNs)));
    if (waitTone(waitLog2) > 0) {
        m_fill.fill(QRectF(bar.rect.left(), strip.top(), bar.rect.width(), strip.height()),
                    m_style.waitOver(m_style.theme.laneEven, waitLog2));
    }
}

void BarPainter::paintGhost(double from, double to, const QRectF& bars)
{
    if (to - from < kGhostWidth * m_line) {
        return;
    }
    const QRectF rect(from, bars.top(), to - from - m_line, bars.height());
    QColor color = m_style.theme.wait;
    color.setAlphaF(0.30F);
    paintHatch(rect, color, m_line * 0.7, 6 * m_line);
}

/// A line as wide as two, with a post at either end: on its way, or waiting at the worker.
void BarPainter::paintTravel(double from, double to, const QRectF& bars)
{
    if (to - from < kTravelWidth * m_line) {
        return;
    }
    const QColor color = blended(m_style.theme.text, m_style.theme.laneEven, 0.55);
    const double middle = snap(bars.center().y());
    const double post = std::min(4 * m_line, bars.height() / 4);
    m_painter.fillRect(QRectF(from, middle, to - from, 2 * m_line), color);
    for (const double x : {from, to - m_line}) {
        m_painter.fillRect(QRectF(x, middle - post + m_line, m_line, 2 * post), color);
    }
}

void BarPainter::paintHatch(const QRectF& rect, const QColor& color, double width, double distance,
                            Hatch hatch)
{
    m_painter.save();
    m_painter.setClipRect(rect, Qt::IntersectClip);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    if (hatch == Hatch::Level) {
        for (double y = rect.bottom() - distance; y > rect.top(); y -= distance) {
            m_painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
        }
        m_painter.restore();
        return;
    }
    const double lean = hatch == Hatch::Upright ? 0 : rect.height();
    const bool isDown = hatch == Hatch::Down;
    for (double x = rect.left() - lean; x < rect.right(); x += distance) {
        m_painter.drawLine(QPointF(x, isDown ? rect.top() : rect.bottom()),
                           QPointF(x + lean, isDown ? rect.bottom() : rect.top()));
    }
    m_painter.restore();
}

void BarPainter::paintTornEnd(const QRectF& rect)
{
    constexpr int kTeeth = 4;
    const double depth = std::min(4.0, rect.width() / 3);
    QPolygonF edge;
    for (int i = 0; i <= kTeeth; ++i) {
        const double y = rect.top() + rect.height() * i / kTeeth;
        edge << QPointF(i % 2 == 0 ? rect.right() : rect.right() - depth, y);
    }
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF cut = edge;
    cut << QPointF(rect.right() + 1, rect.bottom()) << QPointF(rect.right() + 1, rect.top());
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_style.theme.laneEven);
    m_painter.drawPolygon(cut);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(m_style.theme.failure, 2 * m_line));
    m_painter.drawPolyline(edge);
    m_painter.restore();
}

void BarPainter::paintFrame(const QRectF& rect, const QColor& color, double width)
{
    m_fill.fill(QRectF(rect.left(), rect.top(), rect.width(), width), color);
    m_fill.fill(QRectF(rect.left(), rect.bottom() - width, rect.width(), width), color);
    m_fill.fill(QRectF(rect.left(), rect.top(), width, rect.height()), color);
    m_fill.fill(QRectF(rect.right() - width, rect.top(), width, rect.height()), color);
}

void paintOutcomeSample(QPainter& painter, const TimelineStyle& style, const QRectF& rect,
                        TaskState state, double devicePx)
{
    paintOutcomeSample(painter, style, rect, state, devicePx, style.kinds.back());
}

void paintOutcomeSample(QPainter& painter, const TimelineStyle& style, const QRectF& rect,
                        TaskState state, double devicePx, const BarColors& colors)
{
    BarLabels labels(style.smallFont);
    const QTransform device = painter.deviceTransform();
    const double ofDevice = 1 / std::max(1e-6, std::hypot(device.m11(), device.m12()));
    BarPainter bars(painter, style, labels, devicePx > 0 ? devicePx : ofDevice);
    bars.paintOutcome(rect, colors, state);
}

bool drawsBars(const LaneView& lane, const TimeScale& scale, double devicePx)
{
    const TimeRange range = visibleRange(scale);
    if (lane.letGo && range.beginNs < lane.letGo->lastEndNs) {
        return false; // of what is gone there are only columns
    }
    const std::uint64_t first = firstRecordEndingAfter(lane, range.beginNs);
    const std::uint64_t last = firstRecordEndingAfter(lane, range.endNs);
    // Three units each on average, on paper half of that; below, columns say more.
    return static_cast<double>(last - first) * 3 * fineLine(devicePx) <= scale.width;
}

std::uint64_t recordNear(const LaneView& lane, Nanos timeNs, Nanos reachNs)
{
    constexpr int kMostLooked = 512;
    std::uint64_t best = lane.recordCount;
    Nanos bestDistance = reachNs + 1;
    std::uint64_t i = firstRecordEndingAfter(lane, timeNs - reachNs - 1);
    for (int looked = 0; i < lane.recordCount && looked < kMostLooked; ++i, ++looked) {
        const TaskRecord& record = lane.lane->record(i);
        if (record.startNs > timeNs + reachNs) {
            break;
        }
        Nanos distance = std::max<Nanos>({0, record.startNs - timeNs, timeNs - record.endNs});
        if (isFailure(record.state())) {
            distance -= reachNs; // what went wrong is what one looks for
        }
        if (distance < bestDistance) {
            best = i;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace poolscope
