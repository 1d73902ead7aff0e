// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/activity_chart.h"
#include "ui/timeline/time_scale.h"

#include <QChartView>

#include <optional>

QT_FORWARD_DECLARE_CLASS(QChart)
QT_FORWARD_DECLARE_CLASS(QLineSeries)
QT_FORWARD_DECLARE_CLASS(QValueAxis)

namespace poolscope {

/// The plot of an ActivityChart on Qt Charts, within the limits that keep it cheap: lines only,
/// replaced as a whole, the thinnest pens, fixed ranges, no animation, no antialiasing, no OpenGL.
/// Cursor and selection are drawn over it and never touch the lines. GUI thread.
class ChartPlot : public QChartView
{
    Q_OBJECT

public:
    /// How far the top and the bottom of the value axis are from the widget's edges, in pixels.
    static constexpr int kInset = 8;

    ChartPlot(ViewState& state, QWidget* parent);

    void setTheme(const Theme& theme);
    void setLines(const std::vector<ChartLine>& lines, double upperBound);
    /// What stands in the middle instead of lines; may be empty.
    void setEmptyText(const QString& text);
    [[nodiscard]] const QString& emptyText() const { return m_emptyText; }
    [[nodiscard]] qsizetype pointCount() const;
    void updateMarks();

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    enum class Drag { None, Pan, Select };

    [[nodiscard]] TimeScale scale() const;
    void addLine();
    void paintResizes(QPainter& painter) const;
    void paintSelection(QPainter& painter) const;

    ViewState& m_state;
    Theme m_theme;
    QChart* m_chart; ///< owned by the scene
    QValueAxis* m_timeAxis; ///< owned by the chart, as the lines
    QValueAxis* m_valueAxis;
    QList<QLineSeries*> m_lines;
    Drag m_drag = Drag::None;
    double m_dragX = 0;
    Nanos m_dragNs = 0;
    std::optional<int> m_cursorX; ///< as last drawn
    QString m_emptyText;
};

} // namespace poolscope
