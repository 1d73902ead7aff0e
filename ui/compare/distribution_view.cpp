// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/distribution_view.h"

#include "ui/common/format.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

constexpr double kGap = 8;
constexpr double kSample = 30; ///< of a line in the legend
constexpr double kLine = 2;

/// Whole decades that hold all curves.
std::pair<int, int> decadesOf(const std::vector<DurationCurve>& curves)
{
    int first = 100;
    int last = -100;
    for (const DurationCurve& curve : curves) {
        if (!curve.empty()) {
            first = std::min(first, static_cast<int>(std::floor(curve.front().x())));
            last = std::max(last, static_cast<int>(std::ceil(curve.back().x())));
        }
    }
    return {first, std::max(last, first + 1)};
}

QString decadeText(int decade)
{
    static constexpr std::array kUnits{"ns", "µs", "ms", "s"};
    const int unit = std::clamp(decade / 3, 0, static_cast<int>(kUnits.size()) - 1);
    return QStringLiteral("%1 %2")
        .arg(std::lround(std::pow(10.0, decade - 3 * unit)))
        .arg(QString::fromUtf8(kUnits[static_cast<std::size_t>(unit)]));
}

/// One panel: frame, axes, curves.
class Panel
{
public:
    Panel(QPainter& painter, const QRectF& area, const Theme& theme)
        : m_painter(painter)
        , m_theme(theme)
        , m_metrics(painter.font())
        , m_right(area.right())
        , m_plot(area.adjusted(m_metrics.horizontalAdvance(QStringLiteral("100 %")) + kGap,
                               m_metrics.height() + 4, -kGap, -m_metrics.height() - 4))
    {}

    void paint(const QString& title, const std::vector<DurationCurve>& curves)
    {
        m_painter.setPen(m_theme.text);
        m_painter.drawText(QPointF(m_plot.left(), m_plot.top() - m_metrics.descent() - 3), title);
        const auto [first, last] = decadesOf(curves);
        m_first = first;
        m_decades = last - first;
        paintShares();
        if (first > last) {
            m_painter.drawText(m_plot, Qt::AlignCenter, DistributionView::tr("none"));
            return;
        }
        paintDecades();
        for (std::size_t side = 0; side < curves.size(); ++side) {
            paintCurve(curves[side], sidePen(m_theme, side, kLine));
        }
    }

private:
    [[nodiscard]] double x(double log) const
    {
        return m_plot.left() + (log - m_first) / m_decades * m_plot.width();
    }
    [[nodiscard]] double y(double share) const { return m_plot.bottom() - share * m_plot.height(); }

    void paintShares()
    {
        for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
            m_painter.setPen(QPen(m_theme.grid, 1));
            m_painter.drawLine(QPointF(m_plot.left(), y(share)), QPointF(m_plot.right(), y(share)));
            if (share == 0.25 || share == 0.75) {
                continue;
            }
            m_painter.setPen(m_theme.dimText);
            const QString text = QStringLiteral("%1 %").arg(qRound(100 * share));
            const double width = m_metrics.horizontalAdvance(text);
            m_painter.drawText(
                QPointF(m_plot.left() - kGap / 2 - width, y(share) + m_metrics.ascent() / 2 - 1),
                text);
        }
    }
    void paintDecades()
    {
        double right = 0;
        for (int decade = m_first; decade <= m_first + m_decades; ++decade) {
            const double at = x(decade);
            m_painter.setPen(QPen(m_theme.grid, 1));
            m_painter.drawLine(QPointF(at, m_plot.top()), QPointF(at, m_plot.bottom() + 3));
            const QString text = decadeText(decade);
            const double width = m_metrics.horizontalAdvance(text);
            const double left = std::min(at - width / 2, m_right - width);
            if (left > right + kGap || decade == m_first) {
                m_painter.setPen(m_theme.dimText);
                m_painter.drawText(QPointF(left, m_plot.bottom() + m_metrics.ascent() + 4), text);
                right = left + width;
            }
        }
    }
    void paintCurve(const DurationCurve& curve, const QPen& pen)
    {
        if (curve.empty()) {
            return;
        }
        QPainterPath path(QPointF(m_plot.left(), y(0)));
        for (const QPointF& point : curve) { // a share holds until the next one
            path.lineTo(x(point.x()), path.currentPosition().y());
            path.lineTo(x(point.x()), y(point.y()));
        }
        path.lineTo(m_plot.right(), y(1));
        m_painter.setPen(pen);
        m_painter.drawPath(path);
    }

    QPainter& m_painter;
    const Theme& m_theme;
    const QFontMetricsF m_metrics;
    const double m_right; ///< no text beyond
    const QRectF m_plot;
    int m_first = 0;
    int m_decades = 1;
};

/// \return the height that it took.
double paintLegend(QPainter& painter, const QRectF& area, const QStringList& names,
                   const Theme& theme)
{
    const QFontMetricsF metrics(painter.font());
    const double line = metrics.height() + 3;
    double x = area.left() + kGap;
    double y = area.top() + kGap / 2;
    for (qsizetype side = 0; side < names.size(); ++side) {
        const double room = area.width() - kSample - 3 * kGap;
        const QString name = metrics.elidedText(names[side], Qt::ElideRight, room);
        const double width = kSample + kGap + metrics.horizontalAdvance(name) + 2 * kGap;
        if (x + width - 2 * kGap > area.right() && x > area.left() + kGap) {
            x = area.left() + kGap;
            y += line;
        }
        painter.setPen(sidePen(theme, static_cast<std::size_t>(side), kLine));
        const double middle = y + metrics.height() / 2;
        painter.drawLine(QPointF(x, middle), QPointF(x + kSample, middle));
        painter.setPen(theme.text);
        painter.drawText(QPointF(x + kSample + kGap, y + metrics.ascent()), name);
        x += width;
    }
    return y + line - area.top();
}

} // namespace

QPen sidePen(const Theme& theme, std::size_t side, double widthPx)
{
    static const std::array<QList<qreal>, 4> dashes{
        {{}, {6, 2.5}, {1.5, 2}, {6, 2, 1.5, 2}}}; // the colour-blind tell curves apart by them
    QPen pen(theme.executors[side % theme.executors.size()], widthPx);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    if (const QList<qreal>& dash = dashes[side % dashes.size()]; !dash.isEmpty()) {
        pen.setDashPattern(dash);
    }
    return pen;
}

Nanos durationAt(const DurationCurve& curve, double share)
{
    const auto found = std::find_if(curve.begin(), curve.end(),
                                    [share](const QPointF& point) { return point.y() >= share; });
    return found == curve.end() ? 0 : std::llround(std::pow(10.0, found->x()));
}

void paintDistributions(QPainter& painter, const QRectF& area, const DistributionData& data,
                        const Theme& theme, const QFont& font)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    const double legend = paintLegend(painter, area, data.names, theme);
    const QRectF plots = area.adjusted(0, legend + kGap / 2, 0, 0);
    QRectF top = plots;
    top.setHeight((plots.height() - kGap) / 2);
    QRectF bottom = top;
    bottom.moveBottom(plots.bottom());
    Panel(painter, top, theme)
        .paint(DistributionView::tr("Tasks of %1 that ran at most so long").arg(data.title),
               data.curves.runs);
    Panel(painter, bottom, theme)
        .paint(DistributionView::tr("… that waited in the queue at most so long"),
               data.curves.waits);
}

DistributionView::DistributionView(QWidget* parent)
    : QWidget(parent)
    , m_theme(Theme::light())
{
    setAccessibleName(tr("Distributions of run times and queue waits"));
}

void DistributionView::setData(DistributionData shown)
{
    m_data = std::move(shown);
    QStringList lines;
    for (qsizetype side = 0; side < m_data.names.size(); ++side) {
        const auto place = static_cast<std::size_t>(side);
        const auto half = [place](const std::vector<DurationCurve>& curves) {
            return formatDuration(durationAt(curves[place], 0.5));
        };
        lines << tr("%1: half of the tasks ran at most %2 and waited at most %3")
                     .arg(m_data.names[side], half(m_data.curves.runs), half(m_data.curves.waits));
    }
    setAccessibleDescription(lines.join(u'\n'));
    setToolTip(lines.join(u'\n'));
    update();
}

void DistributionView::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

QSize DistributionView::sizeHint() const
{
    return {420, 460};
}

QSize DistributionView::minimumSizeHint() const
{
    return {260, 220};
}

void DistributionView::paintEvent(QPaintEvent* /*event*/)
{
    if (!m_data.names.isEmpty()) {
        QPainter painter(this);
        paintDistributions(painter, rect(), m_data, m_theme, font());
    }
}

} // namespace poolscope
