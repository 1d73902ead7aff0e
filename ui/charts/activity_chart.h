// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QList>
#include <QPointF>
#include <QWidget>

#include <functional>
#include <vector>

namespace poolscope {

class ChartPlot;

/// How a line looks: in the plot and in the legend.
struct ChartLineStyle
{
    QColor colour;
    Qt::PenStyle pen = Qt::SolidLine;
};

/// One line of a chart. x in pixels of the plot, y in units of the value.
struct ChartLine
{
    ChartLineStyle style;
    QList<QPointF> points; ///< at most one a pixel
};

/// One legend entry and its figure, in the header left of the plot.
struct ChartFigure
{
    ChartLineStyle style;
    QString name;
    QString value; ///< with its unit
};

/// What a chart shows.
struct ChartSubject
{
    QString title;
    QString help; ///< one line
    std::function<QString(double)> format; ///< makes the labels of the value axis
};

/// A small graph over the window's visible range: a header with title, legend and figures on the left,
/// the plot on the right, both at the places they have in the timeline above. This class and its plot
/// are all that knows Qt Charts. Wheel zooms, drag pans, Shift+drag selects. GUI thread.
class ActivityChart : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the chart.
    ActivityChart(ViewState& state, ChartSubject subject, QWidget* parent);

    void setTheme(const Theme& theme);
    /// Where the plot lies, in this widget's pixels.
    void setPlotGeometry(int left, int width);
    [[nodiscard]] int plotWidth() const;
    /// Replaces all lines. \p upperBound above zero is the top of the value axis.
    void setLines(const std::vector<ChartLine>& lines, double upperBound);
    /// \p caption says what the figures are, e.g. "now".
    void setFigures(std::vector<ChartFigure> figures, const QString& caption);
    /// \p lines: what the lines are, below the figures; may be empty.
    void setNote(const QString& lines);
    [[nodiscard]] const QString& note() const { return m_note; }
    /// \p lines: what stands behind the figures, told in tool tip and accessible description; may be empty.
    void setDetails(const QString& lines);
    /// \p text: why there is nothing to draw, in the plot's place; empty when there is.
    void setEmptyText(const QString& text);
    [[nodiscard]] const QString& emptyText() const;
    [[nodiscard]] const std::vector<ChartFigure>& figures() const { return m_figures; }
    [[nodiscard]] double upperBound() const { return m_upperBound; }
    /// \return how many points the lines have in all.
    [[nodiscard]] qsizetype pointCount() const;
    /// Redraws cursor and selection at their new places.
    void updateMarks();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void placePlot();
    void describe();
    void paintHeader(QPainter& painter) const;
    void paintFigures(QPainter& painter, const QRect& room) const;
    void paintScale(QPainter& painter) const;

    ChartSubject m_subject;
    Theme m_theme;
    ChartPlot* m_plot; ///< child
    int m_plotLeft = 160;
    int m_plotWidth = 0;
    double m_upperBound = 1;
    std::vector<ChartFigure> m_figures;
    QString m_caption;
    QString m_note;
    QString m_details;
};

} // namespace poolscope
