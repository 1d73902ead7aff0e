// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of TimelinePainter that shows where the job could have ended.

#include "ui/common/format.h"
#include "ui/timeline/finish_lines.h"
#include "ui/timeline/timeline_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace poolscope {

namespace {

struct Finish
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::Finish)
};

constexpr double kPadding = 4;
constexpr double kNearest = 8; ///< pixels; lines that lie closer are one for the eye

} // namespace

void TimelinePainter::paintFinish(QPainter& painter, const QRectF& lanesRect,
                                  const FinishLines& finish)
{
    painter.save();
    painter.setClipRect(lanesRect, Qt::IntersectClip);
    const double left = std::max(lanesRect.left(), toX(m_scale, finish.tail.idealEndNs));
    const double right = std::min(lanesRect.right(), toX(m_scale, finish.tail.endNs));
    if (right > left) {
        QColor veil = m_style.theme.failure;
        veil.setAlphaF(0.10F);
        painter.fillRect(QRectF(left, lanesRect.top(), right - left, lanesRect.height()), veil);
        veil.setAlphaF(0.35F);
        painter.fillRect(QRectF(left, lanesRect.top(), right - left, lanesRect.height()),
                         QBrush(veil, Qt::BDiagPattern));
    }
    struct Line
    {
        Nanos timeNs;
        QString text;
        QColor color;
        Qt::PenStyle pen;
    };
    const Theme& theme = m_style.theme;
    const auto lines = std::to_array<Line>({
        {finish.tail.idealEndNs, Finish::tr("evenly spread"), theme.accent, Qt::DashLine},
        {finish.longestFirstNs, Finish::tr("longest first"), theme.accent, Qt::DashDotLine},
        {finish.lowerNs, Finish::tr("no schedule ends before"), theme.text, Qt::DotLine},
        {finish.upperNs, Finish::tr("greedy, without hand-over, at most"), theme.text, Qt::DotLine},
    });
    painter.setFont(m_style.smallFont);
    const QFontMetricsF metrics(m_style.smallFont);
    double y = lanesRect.top() + 1;
    std::vector<double> taken{
        toX(m_scale, finish.tail.endNs)}; // nothing to say there: it is the end
    for (const Line& line : lines) {
        const double x = snap(toX(m_scale, line.timeNs));
        const bool isTaken = std::ranges::any_of(
            taken, [x](double other) { return std::abs(x - other) < kNearest; });
        if (x < lanesRect.left() || x > lanesRect.right() || isTaken) {
            continue;
        }
        taken.push_back(x);
        painter.setPen(QPen(line.color, std::max(1.0, m_px), line.pen));
        painter.drawLine(QPointF(x + 0.5, lanesRect.top()), QPointF(x + 0.5, lanesRect.bottom()));
        const QString text = QStringLiteral("%1 %2").arg(line.text, formatDuration(line.timeNs));
        const double width = metrics.horizontalAdvance(text) + 2 * kPadding;
        const bool isLeft = x + width > lanesRect.right();
        const QRectF label(isLeft ? x - width : x + 1, y, width, metrics.height());
        QColor ground = theme.panel;
        ground.setAlphaF(0.85F);
        painter.fillRect(label, ground);
        painter.setPen(line.color);
        painter.drawText(label, Qt::AlignCenter, text);
        y += metrics.height() + 1;
    }
    painter.restore();
}

} // namespace poolscope
