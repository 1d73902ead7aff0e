// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/activity_chart.h"

#include "ui/charts/chart_plot.h"

#include <QHelpEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kPadding = 12;
constexpr int kScaleGap = 6; ///< between a label of the value axis and the plot
constexpr int kSwatchWidth = 16;
constexpr int kSwatchGap = 8;
constexpr int kHeaderTop = ChartPlot::kInset - 2;
constexpr int kNameLeft = 72; ///< so that the names stand below each other
constexpr double kFigureScale = 1.15; ///< of the normal font

QFont titleFont(const QFont& base)
{
    QFont font = base;
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont figureFont(const QFont& base)
{
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * kFigureScale);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont smallFont(const QFont& base)
{
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * 0.88);
    return font;
}

} // namespace

ActivityChart::ActivityChart(ViewState& state, ChartSubject subject, QWidget* parent)
    : QWidget(parent)
    , m_subject(std::move(subject))
    , m_theme(Theme::light())
    , m_plot(new ChartPlot(state, this))
{
    setAccessibleName(m_subject.title);
    setToolTip(m_subject.help);
    m_plot->setAccessibleName(tr("Graph: %1").arg(m_subject.title));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ActivityChart::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_plot->setTheme(theme);
    update();
}

void ActivityChart::setPlotGeometry(int left, int width)
{
    if (m_plotLeft != left || m_plotWidth != width) {
        m_plotLeft = left;
        m_plotWidth = width;
        placePlot();
        update();
    }
}

int ActivityChart::plotWidth() const
{
    return m_plot->width();
}

void ActivityChart::setLines(const std::vector<ChartLine>& lines, double upperBound)
{
    if (m_upperBound != upperBound) {
        m_upperBound = upperBound;
        update();
    }
    m_plot->setLines(lines, upperBound);
}

void ActivityChart::setFigures(std::vector<ChartFigure> figures, const QString& caption)
{
    m_figures = std::move(figures);
    m_caption = caption;
    describe();
    update(0, 0, m_plotLeft, height());
}

void ActivityChart::setNote(const QString& lines)
{
    if (m_note != lines) {
        m_note = lines;
        describe();
        update(0, 0, m_plotLeft, height());
    }
}

void ActivityChart::setDetails(const QString& lines)
{
    if (m_details != lines) {
        m_details = lines;
        setToolTip(lines.isEmpty() ? m_subject.help : m_subject.help + u'\n' + lines);
        describe();
    }
}

void ActivityChart::setEmptyText(const QString& text)
{
    m_plot->setEmptyText(text);
    describe();
}

const QString& ActivityChart::emptyText() const
{
    return m_plot->emptyText();
}

void ActivityChart::describe()
{
    QStringList parts;
    for (const ChartFigure& figure : m_figures) {
        parts.append(tr("%1: %2").arg(figure.name, figure.value));
    }
    if (parts.isEmpty() && !emptyText().isEmpty()) {
        parts.append(emptyText());
    }
    QString text = parts.join(QStringLiteral(", "));
    if (!m_note.isEmpty()) {
        text += u'\n' + m_note;
    }
    if (!m_details.isEmpty()) {
        text += u'\n' + m_details;
    }
    setAccessibleDescription(text);
}

qsizetype ActivityChart::pointCount() const
{
    return m_plot->pointCount();
}

void ActivityChart::updateMarks()
{
    m_plot->updateMarks();
}

QSize ActivityChart::sizeHint() const
{
    return {480, minimumSizeHint().height() + 12};
}

QSize ActivityChart::minimumSizeHint() const
{
    const int figures = QFontMetrics(figureFont(font())).height() * 2;
    return {240, QFontMetrics(titleFont(font())).height() + figures + 2 * ChartPlot::kInset};
}

bool ActivityChart::event(QEvent* event)
{
    // Over the plot, where it comes through from, a tooltip would only hide the lines.
    if (event->type() == QEvent::ToolTip &&
        static_cast<const QHelpEvent*>(event)->pos().x() >= m_plotLeft) {
        return true;
    }
    return QWidget::event(event);
}

void ActivityChart::resizeEvent(QResizeEvent*)
{
    placePlot();
}

void ActivityChart::placePlot()
{
    const int right = m_plotWidth > 0 ? std::min(width(), m_plotLeft + m_plotWidth) : width();
    m_plot->setGeometry(m_plotLeft, 0, std::max(0, right - m_plotLeft), height());
}

void ActivityChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.panel);
    paintScale(painter);
    paintHeader(painter);
}

void ActivityChart::paintHeader(QPainter& painter) const
{
    const QFont bold = titleFont(font());
    const QFontMetrics metrics(bold);
    const QFontMetrics smallMetrics(smallFont(font()));
    const int scaleWidth = smallMetrics.horizontalAdvance(m_subject.format(m_upperBound));
    const int right = m_plotLeft - scaleWidth - kScaleGap - kSwatchGap;
    const int baseline = kHeaderTop + metrics.ascent();
    painter.setFont(bold);
    painter.setPen(m_theme.text);
    painter.drawText(kPadding, baseline,
                     metrics.elidedText(m_subject.title, Qt::ElideRight, right - kPadding));

    const int captionX = kPadding + metrics.horizontalAdvance(m_subject.title) + kSwatchGap;
    if (captionX + smallMetrics.horizontalAdvance(m_caption) <= right) {
        painter.setFont(smallFont(font()));
        painter.setPen(m_theme.dimText);
        painter.drawText(captionX, baseline, m_caption);
    }
    const int top = kHeaderTop + metrics.height() + 2;
    const QRect room(QPoint(kPadding, top), QPoint(right, height() - 1));
    if (m_figures.empty()) {
        painter.setFont(smallFont(font()));
        painter.setPen(m_theme.dimText);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_subject.help);
    } else {
        paintFigures(painter, room);
    }
}

void ActivityChart::paintFigures(QPainter& painter, const QRect& room) const
{
    const QFont bold = figureFont(font());
    const QFontMetrics metrics(bold);
    const QFontMetrics smallMetrics(smallFont(font()));
    int y = room.top();
    for (const ChartFigure& figure : m_figures) {
        if (y + metrics.height() > room.bottom() + 1) {
            break;
        }
        painter.setPen(QPen(figure.style.colour, 2, figure.style.pen, Qt::FlatCap));
        const int middle = y + metrics.height() / 2;
        painter.drawLine(room.left(), middle, room.left() + kSwatchWidth, middle);
        const int x = room.left() + kSwatchWidth + kSwatchGap;
        const int width = room.right() - x;
        painter.setFont(bold);
        painter.setPen(m_theme.text);
        painter.drawText(x, y + metrics.ascent(),
                         metrics.elidedText(figure.value, Qt::ElideRight, width));
        const int nameLeft =
            std::max(kNameLeft, metrics.horizontalAdvance(figure.value) + kSwatchGap);
        if (nameLeft + smallMetrics.horizontalAdvance(figure.name) <= width) {
            painter.setFont(smallFont(font()));
            painter.setPen(m_theme.dimText);
            painter.drawText(x + nameLeft, y + metrics.ascent(), figure.name);
        }
        y += metrics.height();
    }
    painter.setFont(smallFont(font()));
    painter.setPen(m_theme.dimText);
    for (const QString& line : m_note.split(u'\n')) {
        if (y + smallMetrics.height() > room.bottom() + 1) {
            break;
        }
        painter.drawText(room.left(), y + smallMetrics.ascent(),
                         smallMetrics.elidedText(line, Qt::ElideRight, room.width()));
        y += smallMetrics.height();
    }
}

void ActivityChart::paintScale(QPainter& painter) const
{
    if (m_figures.empty()) {
        return; // a scale of nothing
    }
    painter.setFont(smallFont(font()));
    painter.setPen(m_theme.dimText);
    const QFontMetrics metrics = painter.fontMetrics();
    const int right = m_plotLeft - kScaleGap;
    const int top = ChartPlot::kInset;
    const int bottom = height() - ChartPlot::kInset;
    const auto drawLabel = [&](double value, int y) {
        const QString text = m_subject.format(value);
        const int baseline = std::clamp(y + metrics.ascent() / 2 - 1, metrics.ascent(),
                                        height() - metrics.descent());
        painter.drawText(right - metrics.horizontalAdvance(text), baseline, text);
    };
    drawLabel(m_upperBound, top);
    drawLabel(0, bottom);
    if (bottom - top > 3 * metrics.height()) {
        drawLabel(m_upperBound / 2, (top + bottom) / 2);
    }
}

} // namespace poolscope
