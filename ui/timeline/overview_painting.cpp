// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of the overview that paints.

#include "ui/common/format.h"
#include "ui/timeline/hit_marks.h"
#include "ui/timeline/overview_strip_p.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

constexpr int kRefreshMs = 100; // of a run that goes on

} // namespace

void OverviewStrip::renderPicture()
{
    Picture& picture = *m_picture;
    const SnapshotPtr& snapshot = m_state.snapshot();
    const double ratio = devicePixelRatioF();
    const QRectF rect = plot();
    const QSize size(qRound(rect.width() * ratio), qRound(rect.height() * ratio));
    const bool isFresh =
        picture.moment.isOf(snapshot) || (snapshot->isLive && picture.moment.isOfRun(snapshot) &&
                                          picture.age.elapsed() < kRefreshMs);
    if (picture.image.size() == size && isFresh) {
        return;
    }
    picture.style.coloring = m_state.coloring();
    picture.image = QImage(size, QImage::Format_RGB32);
    picture.image.setDevicePixelRatio(ratio);
    picture.image.fill(picture.style.theme.panel);
    picture.moment = SnapshotMark(snapshot);
    picture.age.start();
    picture.painter.begin(*snapshot, scaleFor(m_state.bounds(), 0, rect.width()), snapshot->nowNs,
                          1 / ratio);
    const auto executors = static_cast<int>(snapshot->meta->executors.size());
    const int gap = executors > 1 ? qRound(ratio) : 0;
    const int each = std::max(2, (size.height() - gap * (executors - 1)) / std::max(1, executors));
    const TimeRange all = m_state.bounds();
    const ColumnRange columns{all.beginNs, static_cast<double>(all.duration()) / size.width(),
                              size.width()};
    for (int executor = 0; executor < executors; ++executor) {
        const int top = executor * (each + gap);
        if (top + each > size.height()) {
            break;
        }
        picture.painter.columns().renderExecutor(
            executor, columns,
            {reinterpret_cast<QRgb*>(picture.image.scanLine(top)), picture.image.bytesPerLine() / 4,
             each, 0, 0, std::max(2, qRound(2 * ratio))});
    }
}

void OverviewStrip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Theme& theme = m_picture->style.theme;
    painter.fillRect(rect(), theme.panel);
    if (!m_state.snapshot()) {
        return;
    }
    renderPicture();
    painter.drawImage(plot().topLeft(), m_picture->image);
    paintHeader(painter);
    paintWindow(painter);
    paintMarks(painter);
    painter.fillRect(QRectF(0, height() - 1, width(), 1), theme.grid);
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void OverviewStrip::paintHeader(QPainter& painter) const
{
    const TimelineStyle& style = m_picture->style;
    const QRectF header(12, 0, std::max(0, m_left - 24), height());
    const QFontMetricsF metrics(style.smallFont);
    painter.setFont(style.smallFont);
    painter.setPen(style.theme.dimText);
    const TimeRange visible = m_state.visible();
    const QString all = formatDuration(m_state.bounds().duration());
    const bool isWhole = windowRect().width() >= OverviewMetrics::kWholePart * plot().width();
    const QString text = isWhole ? tr("Whole run, %1").arg(all)
                                 : tr("%1 of %2").arg(formatDuration(visible.duration()), all);
    painter.drawText(header, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(text, Qt::ElideRight, header.width()));
}

void OverviewStrip::paintWindow(QPainter& painter) const
{
    const Theme& theme = m_picture->style.theme;
    const QRectF rect = plot();
    const QRectF window = windowRect();
    QColor veil = theme.panel;
    veil.setAlphaF(0.62F);
    painter.fillRect(QRectF(rect.left(), rect.top(), window.left() - rect.left(), rect.height()),
                     veil);
    painter.fillRect(
        QRectF(window.right(), rect.top(), rect.right() - window.right(), rect.height()), veil);
    if (m_state.selection()) {
        const TimeScale now = scale();
        const double left = toX(now, m_state.selection()->beginNs);
        const double right = std::max(left + 1, toX(now, m_state.selection()->endNs));
        painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), theme.selection);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(window, 2, 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    if (window.width() > 4 * OverviewMetrics::kEdgeReach) { // the edges can be taken hold of
        for (const double x : {window.left(), window.right()}) {
            painter.drawRoundedRect(QRectF(x - 2, window.center().y() - 7, 4, 14), 2, 2);
        }
    }
    painter.restore();
}

void OverviewStrip::paintMarks(QPainter& painter) const
{
    const Theme& theme = m_picture->style.theme;
    const QRectF rect = plot();
    const TimeScale now = scale();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    m_picture->painter.begin(*m_state.snapshot(), now, m_state.snapshot()->nowNs,
                             1 / devicePixelRatioF());
    const auto tip = [&](double x, const QColor& color) {
        const std::array<QPointF, 3> corners{QPointF(x - 3, 0), QPointF(x + 3, 0),
                                             QPointF(x, OverviewMetrics::kTop - 1)};
        painter.setBrush(color);
        painter.drawConvexPolygon(corners.data(), static_cast<int>(corners.size()));
    };
    const auto line = [&](double x, const QColor& color) {
        painter.fillRect(QRectF(x - 0.5, rect.top(), 1, rect.height()), color);
    };
    double covered = -1;
    for (const EventMark& mark : m_picture->painter.eventMarks()) {
        if (mark.x >= covered) { // a thousand deaths need no thousand triangles
            tip(mark.x, m_picture->painter.markColor(*mark.event));
            covered = mark.x + 1;
        }
    }
    if (m_state.hits()) {
        for (const double x : hitMarks(*m_state.hits(), now)) {
            painter.fillRect(QRectF(x, rect.bottom() - 1, 2, OverviewMetrics::kBottom), theme.wait);
        }
    }
    if (m_state.snapshot()->wholeNs > 0) {
        painter.fillRect(QRectF(toX(now, m_state.snapshot()->nowNs) - 1, 0, 2, height()),
                         theme.accent);
    }
    for (const Bookmark& bookmark : m_state.marks().bookmarks) {
        tip(toX(now, bookmark.timeNs), theme.text);
        line(toX(now, bookmark.timeNs), theme.text);
    }
    if (m_state.selected()) {
        if (const TaskRecord* record = findRecord(*m_state.snapshot(), *m_state.selected())) {
            line(toX(now, record->startNs), theme.accent);
        }
    }
    painter.restore();
}

} // namespace poolscope
