// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The part of TimelinePainter that shows the threads that run no tasks.

#include "ui/common/format.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/timeline/timeline_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kPadding = 24; // below the names of workers, a step further in

/// Calls \p visit with each stretch in \p range, cut to it.
template <class Visit>
void forSpansIn(const InfrastructureView& view, TimeRange range, const Visit& visit)
{
    for (std::uint64_t i = firstSpanEndingAfter(view, range.beginNs); i < view.spanCount; ++i) {
        const BusySpan& span = view.lane->span(i);
        if (span.beginNs >= range.endNs) {
            break;
        }
        visit(std::max(span.beginNs, range.beginNs), std::min(span.endNs, range.endNs));
    }
}

} // namespace

void TimelinePainter::paintInfrastructureHeader(QPainter& painter, const QRectF& rect,
                                                const InfrastructureView& view)
{
    const TimeRange range = visibleRange(m_scale);
    Nanos busy = 0;
    forSpansIn(view, range, [&busy](Nanos from, Nanos to) { busy += to - from; });
    const Nanos seen = std::min(range.endNs, m_nowNs) - std::max<Nanos>(0, range.beginNs);
    const double share =
        seen > 0 ? std::clamp(static_cast<double>(busy) / static_cast<double>(seen), 0.0, 1.0) : 0;
    const QFontMetricsF metrics(m_style.smallFont);
    painter.setFont(m_style.smallFont);
    painter.setPen(m_style.theme.dimText);
    const QString percent = formatShare(share);
    const QRectF text = rect.adjusted(kPadding, 0, -10, 0);
    painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter, percent);
    const double room = text.width() - metrics.horizontalAdvance(percent) - 8;
    painter.drawText(
        text, Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(timeline::fromStd(view.lane->info().name), Qt::ElideRight, room));
}

void TimelinePainter::paintInfrastructure(QPainter& painter, const QRectF& rect,
                                          const InfrastructureView& view)
{
    const auto columns = static_cast<std::size_t>(std::max(1.0, std::ceil(rect.width())));
    std::vector<float> busy(columns, 0.0F); // of each unit's time
    forSpansIn(view, visibleRange(m_scale), [&](Nanos from, Nanos to) {
        double left = toX(m_scale, from) - rect.left();
        const double right = std::min(toX(m_scale, to) - rect.left(), static_cast<double>(columns));
        while (left < right) {
            const auto column = static_cast<std::size_t>(std::max(0.0, left));
            const double next = std::min(right, static_cast<double>(column) + 1);
            busy[std::min(column, columns - 1)] += static_cast<float>(next - left);
            left = std::max(next, left + 1e-9);
        }
    });
    painter.fillRect(rect, m_style.theme.panel);
    const QRectF strip = rect.adjusted(0, 2, 0, -2);
    painter.fillRect(strip, blended(m_style.theme.laneEven, m_style.theme.panel, 0.6));
    constexpr float kLeast = 0.002F;
    for (std::size_t i = 0; i < columns; ++i) {
        if (busy[i] > kLeast) {
            const double opacity =
                0.2 + 0.8 * std::sqrt(std::min(1.0, static_cast<double>(busy[i])));
            painter.fillRect(
                QRectF(strip.left() + static_cast<double>(i), strip.top(), 1, strip.height()),
                blended(m_style.theme.dimText, m_style.theme.panel, opacity));
        }
    }
}

} // namespace poolscope
