// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/histogram_view.h"

#include "ui/common/format.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

constexpr std::size_t kDecade = DurationHistogram::kBinsPerDecade;
constexpr int kGap = 3;

/// \return "1 µs", "10 ms": a power of ten.
QString decadeText(std::size_t bin)
{
    static constexpr std::array kUnits{"ns", "µs", "ms", "s"};
    const std::size_t decade = bin / kDecade;
    const std::size_t unit = std::min(decade / 3, kUnits.size() - 1);
    const int number = static_cast<int>(std::lround(std::pow(10.0, decade - 3 * unit)));
    return QStringLiteral("%1 %2").arg(number).arg(QString::fromUtf8(kUnits[unit]));
}

std::array<std::pair<QString, Nanos>, 3> marksOf(const Percentiles& percentiles)
{
    return {{{QStringLiteral("p50"), percentiles.p50Ns},
             {QStringLiteral("p95"), percentiles.p95Ns},
             {QStringLiteral("p99"), percentiles.p99Ns}}};
}

} // namespace

HistogramView::HistogramView(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_theme(Theme::light())
    , m_title(title)
{
    setAccessibleName(tr("Histogram: %1").arg(title));
    updateDescription();
}

void HistogramView::setSeries(std::vector<Series> series)
{
    m_series = std::move(series);
    m_firstBin = DurationHistogram::kBins;
    m_endBin = 0;
    m_most = 0;
    for (const Series& each : m_series) {
        const auto [begin, end] = each.histogram.usedBins();
        if (begin == end) {
            continue;
        }
        m_firstBin = std::min(m_firstBin, begin);
        m_endBin = std::max(m_endBin, end);
        for (std::size_t bin = begin; bin < end; ++bin) {
            m_most = std::max(m_most, each.histogram.count(bin));
        }
    }
    if (m_endBin == 0) {
        m_firstBin = 0;
    } else { // whole decades, so that the axis does not jump with each new value
        m_firstBin = m_firstBin / kDecade * kDecade;
        m_endBin = std::min(DurationHistogram::kBins, (m_endBin + kDecade - 1) / kDecade * kDecade);
    }
    updateDescription();
    update();
}

void HistogramView::setScope(const QString& text)
{
    if (m_scope != text) {
        m_scope = text;
        update();
    }
}

void HistogramView::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

QSize HistogramView::sizeHint() const
{
    return {240, 70};
}

QSize HistogramView::minimumSizeHint() const
{
    return {140, 44};
}

QRect HistogramView::plotRect() const
{
    const int line = fontMetrics().height();
    return rect().adjusted(0, line * (1 + percentileRows()) + 1, -1, -line - kGap);
}

double HistogramView::xOf(double bin) const
{
    const QRect plot = plotRect();
    return plot.left() + (bin - static_cast<double>(m_firstBin)) * plot.width() /
                             static_cast<double>(m_endBin - m_firstBin);
}

double HistogramView::xOfDuration(Nanos duration) const
{
    return xOf(std::log10(static_cast<double>(std::max<Nanos>(1, duration))) *
               DurationHistogram::kBinsPerDecade);
}

int HistogramView::percentileRows() const
{
    return static_cast<int>(
        std::count_if(m_series.begin(), m_series.end(), [](const Series& series) {
            return series.percentiles && series.histogram.sum() > 0;
        }));
}

void HistogramView::paintAxis(QPainter& painter) const
{
    const QRect plot = plotRect();
    const QFontMetrics metrics = fontMetrics();
    painter.setPen(m_theme.grid);
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    int right = -kGap;
    for (std::size_t bin = m_firstBin; bin <= m_endBin; bin += kDecade) {
        const int x = static_cast<int>(std::lround(xOf(static_cast<double>(bin))));
        painter.setPen(m_theme.grid);
        painter.drawLine(x, plot.top(), x, plot.bottom() + 2);
        const QString text = decadeText(bin);
        const int width = metrics.horizontalAdvance(text);
        const int left = std::clamp(x - width / 2, 0, std::max(0, this->width() - width));
        if (left >= right + kGap) {
            painter.setPen(m_theme.dimText);
            painter.drawText(left, height() - metrics.descent(), text);
            right = left + width + kGap;
        }
    }
}

void HistogramView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const QFontMetrics metrics = fontMetrics();
    painter.setPen(m_theme.text);
    painter.drawText(0, metrics.ascent(), m_title);
    painter.setPen(m_theme.dimText);
    painter.drawText(metrics.horizontalAdvance(m_title) + 2 * kGap, metrics.ascent(), m_scope);
    if (m_firstBin == m_endBin) {
        painter.setPen(m_theme.dimText);
        painter.drawText(plotRect(), Qt::AlignCenter, tr("none"));
        return;
    }
    painter.setPen(m_theme.dimText);
    painter.drawText(QRect(0, 0, width(), metrics.height()), Qt::AlignRight,
                     tr("up to %1").arg(formatCount(m_most)));
    paintAxis(painter);
    paintBars(painter);
    paintPercentiles(painter);
}

void HistogramView::paintBars(QPainter& painter) const
{
    const QRect plot = plotRect();
    const auto count = static_cast<double>(m_series.size());
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        for (std::size_t bin = m_firstBin; bin < m_endBin; ++bin) {
            const std::uint64_t tasks = m_series[i].histogram.count(bin);
            if (tasks == 0) {
                continue;
            }
            // At least a pixel: a single task is what one may look for.
            const double height =
                std::max(1.0, static_cast<double>(tasks) / static_cast<double>(m_most) *
                                  (plot.height() - 1));
            const double left = xOf(static_cast<double>(bin) + static_cast<double>(i) / count);
            const double right = xOf(static_cast<double>(bin) + static_cast<double>(i + 1) / count);
            painter.fillRect(
                QRectF(left, plot.bottom() - height, std::max(1.0, right - left - 0.5), height),
                m_series[i].colour);
        }
    }
}

/// A row an executor: its colour, "p50 1.2 ms   p95 3.4 ms   p99 8 ms", and a line through the bars for each.
void HistogramView::paintPercentiles(QPainter& painter) const
{
    const QRect plot = plotRect();
    const QFontMetrics metrics = fontMetrics();
    int top = metrics.height();
    for (const Series& series : m_series) {
        if (!series.percentiles || series.histogram.sum() == 0) {
            continue;
        }
        painter.fillRect(QRect(0, top + metrics.height() / 2 - 4, 8, 8), series.colour);
        int x = 8 + 2 * kGap;
        for (const auto& [name, duration] : marksOf(*series.percentiles)) {
            const int at = static_cast<int>(std::lround(xOfDuration(duration)));
            painter.setPen(
                QPen(m_theme.text, 1, m_series.size() > 1 ? Qt::DotLine : Qt::SolidLine));
            painter.drawLine(at, plot.top(), at, plot.bottom());
            const QString text = QStringLiteral("%1 %2").arg(name, formatDuration(duration));
            if (x + metrics.horizontalAdvance(text) <= width()) {
                painter.drawText(x, top + metrics.ascent(), text);
            }
            x += metrics.horizontalAdvance(text) + 4 * kGap;
        }
        top += metrics.height();
    }
}

QString HistogramView::textAt(QPoint position) const
{
    const QRect plot = plotRect();
    if (m_firstBin == m_endBin || position.x() < plot.left() || position.x() > plot.right()) {
        return {};
    }
    const auto bins = static_cast<int>(m_endBin - m_firstBin);
    const auto bin =
        m_firstBin +
        static_cast<std::size_t>(
            std::min(bins - 1, (position.x() - plot.left()) * bins / std::max(1, plot.width())));
    QStringList lines;
    for (const Series& series : m_series) {
        lines += tr("%1: %2 from %3 to %4")
                     .arg(series.name, formatCount(series.histogram.count(bin)),
                          formatDuration(DurationHistogram::beginOf(bin)),
                          formatDuration(DurationHistogram::beginOf(bin + 1)));
    }
    return lines.join(u'\n');
}

bool HistogramView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

/// "Thread pool: 2,000, from 1 µs to 1.33 s, most from 1 ms to 1.33 ms".
void HistogramView::updateDescription()
{
    QStringList lines;
    for (const Series& series : m_series) {
        const auto [begin, end] = series.histogram.usedBins();
        if (begin == end) {
            lines += tr("%1: none").arg(series.name);
            continue;
        }
        std::size_t peak = begin;
        for (std::size_t bin = begin; bin < end; ++bin) {
            peak = series.histogram.count(bin) > series.histogram.count(peak) ? bin : peak;
        }
        lines += tr("%1: %2, from %3 to %4, most from %5 to %6")
                     .arg(series.name, formatCount(series.histogram.sum()),
                          formatDuration(DurationHistogram::beginOf(begin)),
                          formatDuration(DurationHistogram::beginOf(end)),
                          formatDuration(DurationHistogram::beginOf(peak)),
                          formatDuration(DurationHistogram::beginOf(peak + 1)));
        if (series.percentiles) {
            for (const auto& [name, duration] : marksOf(*series.percentiles)) {
                lines.last() += tr(", %1 %2").arg(name, formatDuration(duration));
            }
        }
    }
    setAccessibleDescription(lines.isEmpty() ? tr("Nothing to show") : lines.join(u'\n'));
}

} // namespace poolscope
