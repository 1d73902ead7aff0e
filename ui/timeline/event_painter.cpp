// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of TimelinePainter that shows what happens rarely: control events and lives.

#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kMarkHeight = 12;

bool hasMark(ControlKind kind)
{
    switch (kind) {
    case ControlKind::Resize:
    case ControlKind::Pause:
    case ControlKind::Resume:
    case ControlKind::Cancel:
    case ControlKind::Kill:
    case ControlKind::WorkerDied:
    case ControlKind::Error:
        return true;
    case ControlKind::WorkerStarted:
    case ControlKind::WorkerRetired:
    case ControlKind::TaskRetried:
        break;
    }
    return false; // the lanes show these
}

bool isBad(ControlKind kind)
{
    return kind == ControlKind::WorkerDied || kind == ControlKind::Error ||
           kind == ControlKind::Kill;
}

QString markText(const ControlEvent& event)
{
    switch (event.kind) {
    case ControlKind::Resize:
        return QStringLiteral("%1 → %2").arg(QString::fromStdString(event.text)).arg(event.value);
    case ControlKind::Pause:
        return QStringLiteral("II");
    default:
        return {};
    }
}

} // namespace

QRectF deathMark(double x, const QRectF& lane)
{
    const double arm = std::min(4.5, lane.height() / 4);
    return {x + 2, lane.center().y() - arm, 2 * arm, 2 * arm};
}

std::vector<EventMark> TimelinePainter::eventMarks() const
{
    std::vector<EventMark> marks;
    if (!m_snapshot->controlEvents) {
        return marks;
    }
    const TimeRange range = visibleRange(m_scale);
    for (const ControlEvent& event : *m_snapshot->controlEvents) {
        if (hasMark(event.kind) && range.contains(event.timeNs)) {
            marks.push_back({&event, toX(m_scale, event.timeNs)});
        }
    }
    return marks;
}

QColor TimelinePainter::markColor(const ControlEvent& event) const
{
    if (isBad(event.kind)) {
        return m_style.theme.failure;
    }
    const auto executors = m_snapshot->meta->executors.size();
    return executors > 1
               ? m_style
                     .executors[static_cast<std::size_t>(event.executor) % m_style.executors.size()]
                     .fill
               : m_style.theme.accent;
}

void TimelinePainter::paintEventMarks(QPainter& painter, const QRectF& rulerRect)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    double freeFrom = rulerRect.left();
    for (const EventMark& mark : eventMarks()) {
        freeFrom = paintMarkText(painter, mark, rulerRect.bottom(), freeFrom);
    }
    painter.restore();
}

double TimelinePainter::paintMarkText(QPainter& painter, const EventMark& mark, double y,
                                      double free)
{
    const QColor color = markColor(*mark.event);
    const QString text = markText(*mark.event);
    QFont font = m_style.smallFont;
    if (font.pixelSize() > 0) {
        font.setPixelSize(std::max(7, font.pixelSize() - 1));
    } else {
        font.setPointSizeF(font.pointSizeF() - 0.5);
    }
    const double width = QFontMetricsF(font).horizontalAdvance(text) + 10;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    if (text.isEmpty() || mark.x < free) {
        // No room for words: the tip alone, so that the event is still seen.
        const std::array<QPointF, 3> tip{QPointF(mark.x - 4, y - 6), QPointF(mark.x + 4, y - 6),
                                         QPointF(mark.x, y)};
        painter.drawConvexPolygon(tip.data(), static_cast<int>(tip.size()));
        return std::max(free, mark.x + 5);
    }
    const QRectF flag(mark.x, y - kMarkHeight - 1, width, kMarkHeight);
    painter.drawRoundedRect(flag, 2.5, 2.5);
    painter.drawRect(QRectF(flag.left(), flag.top(), 3, y - flag.top()));
    painter.setFont(font);
    painter.setPen(color.lightnessF() > 0.45F ? QColor(0x0B, 0x0E, 0x12) : QColor(Qt::white));
    painter.drawText(flag, Qt::AlignCenter, text);
    return flag.right() + 3;
}

QRectF TimelinePainter::goneRect(const QRectF& rulerRect) const
{
    const std::optional<Nanos> sinceNs = detailSince(*m_snapshot);
    if (!sinceNs) {
        return {};
    }
    const double left = std::max(rulerRect.left(), toX(m_scale, 0));
    const double right = std::min(rulerRect.right(), snap(toX(m_scale, *sinceNs)));
    return right > left ? QRectF(left, rulerRect.top(), right - left, rulerRect.height())
                        : QRectF();
}

void TimelinePainter::paintGone(QPainter& painter, const QRectF& rulerRect)
{
    const QRectF gone = goneRect(rulerRect);
    if (gone.isEmpty()) {
        return;
    }
    constexpr double kHatchHeight = 9;
    constexpr double kGap = 6;
    const QRectF band(gone.left(), gone.bottom() - kHatchHeight, gone.width(), kHatchHeight);
    painter.save();
    painter.setClipRect(band);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_style.theme.dimText, 1));
    // From a fixed place, so that the lines do not run along while the band grows.
    for (double x = std::floor(band.left() / kGap) * kGap - kHatchHeight; x < band.right();
         x += kGap) {
        painter.drawLine(QPointF(x, band.bottom()), QPointF(x + kHatchHeight, band.top()));
    }
    painter.setClipping(false);
    painter.restore();
    if (gone.right() < rulerRect.right()) {
        painter.fillRect(QRectF(gone.right() - 1, gone.top() + 2, 2, gone.height() - 2),
                         m_style.theme.dimText);
    }
    const QString text =
        QCoreApplication::translate("poolscope::TimelinePainter", "detail is gone");
    const QFontMetricsF metrics(m_style.smallFont);
    const QRectF words(0, 0, metrics.horizontalAdvance(text) + 8, kHatchHeight + 2);
    if (words.width() + 2 * kGap <= band.width()) {
        const QRectF place(band.right() - words.width() - kGap, band.bottom() - words.height(),
                           words.width(), words.height());
        painter.fillRect(place, m_style.theme.panel);
        painter.setPen(m_style.theme.dimText);
        painter.setFont(m_style.smallFont);
        painter.drawText(place, Qt::AlignCenter, text);
    }
}

void TimelinePainter::paintEventLines(QPainter& painter, const QRectF& lanesRect, int executor)
{
    if (!m_snapshot->controlEvents) {
        return;
    }
    const TimeRange range = visibleRange(m_scale);
    Nanos pausedAt = -1;
    const auto veil = [&](Nanos from, Nanos to) {
        const double left = std::max(lanesRect.left(), toX(m_scale, from));
        const double right = std::min(lanesRect.right(), toX(m_scale, to));
        if (right > left) {
            QColor color = m_style.theme.dimText;
            color.setAlphaF(0.11F);
            painter.fillRect(QRectF(left, lanesRect.top(), right - left, lanesRect.height()),
                             color);
        }
    };
    for (const ControlEvent& event : *m_snapshot->controlEvents) {
        if (event.executor != executor) {
            continue;
        }
        if (event.kind == ControlKind::Pause && pausedAt < 0) {
            pausedAt = event.timeNs;
        } else if (event.kind == ControlKind::Resume && pausedAt >= 0) {
            veil(pausedAt, event.timeNs);
            pausedAt = -1;
        } else if (event.kind == ControlKind::Resize && range.contains(event.timeNs)) {
            QColor color = markColor(event);
            color.setAlphaF(0.75F);
            painter.fillRect(QRectF(snap(toX(m_scale, event.timeNs)), lanesRect.top(),
                                    std::max(1.0, m_px), lanesRect.height()),
                             color);
        }
    }
    if (pausedAt >= 0) {
        veil(pausedAt, m_nowNs);
    }
}

void TimelinePainter::paintLifeMarks(QPainter& painter, const LaneView& lane, const QRectF& rect)
{
    const double line = fineLine(m_px);
    const double serif = 3 * line;
    const QColor& color = m_style.theme.dimText;
    const auto bracket = [&](Nanos time, double direction) {
        const double x = snap(toX(m_scale, time));
        if (x < rect.left() || x > rect.right()) {
            return;
        }
        const double left = direction > 0 ? x : x - line;
        const double ends = direction > 0 ? left : left + line - serif;
        painter.fillRect(QRectF(left, rect.top(), line, rect.height()), color);
        painter.fillRect(QRectF(ends, rect.top(), serif, line), color);
        painter.fillRect(QRectF(ends, rect.bottom() - line, serif, line), color);
    };
    for (const LaneLife& life : livesOf(lane)) {
        bracket(life.openedNs, 1);
        if (life.closedNs >= 0) {
            bracket(life.closedNs, -1);
        }
    }
    if (!m_snapshot->controlEvents || m_snapshot->controlEvents->empty() || !m_snapshot->recorder) {
        return;
    }
    const int index = m_snapshot->recorder->indexOf(*lane.lane);
    for (const ControlEvent& event : *m_snapshot->controlEvents) {
        if (event.kind != ControlKind::WorkerDied || event.lane != index) {
            continue;
        }
        const double x = toX(m_scale, event.timeNs);
        if (x < rect.left() - 4 || x > rect.right() + 4) {
            continue;
        }
        const QRectF cross = deathMark(x, rect);
        const double arm = cross.width() / 2;
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        const QPointF at = cross.center();
        for (const auto& [pen, width] :
             {std::pair{m_style.frame, 4.0}, std::pair{m_style.theme.failure, 2.0}}) {
            painter.setPen(QPen(pen, width, Qt::SolidLine, Qt::RoundCap));
            painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm));
            painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm));
        }
        painter.restore();
    }
}

} // namespace poolscope
