// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_scene.h"
#include "ui/timeline/timeline_painter.h"

class QPainter;

namespace poolscope {

/// Paints the lanes of a figure: titles and brackets of executors, labels, bars, what was merged, and the
/// torn ends of what goes on outside. One thread at a time.
class LanesPainter
{
public:
    /// \p scene must outlive the object. \p devicePx: a device pixel in the scene's units. \p isDrawing: the
    /// device takes shapes, not pixels.
    LanesPainter(const FigureScene& scene, double devicePx, bool isDrawing);

    void paint(QPainter& painter);
    /// \return whether the lanes of a drawing are pixels, since they would have too many elements.
    [[nodiscard]] bool arePixels() const { return m_arePixels; }

private:
    void paintGroup(QPainter& painter, const FigureRow& row);
    void paintLabel(QPainter& painter, const FigureRow& row);
    void paintRow(QPainter& painter, const FigureRow& row, const QRectF& rect);
    void paintLane(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintLaneAsPixels(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintIdleLine(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintMerged(QPainter& painter, const LaneView& lane, const QRectF& rect);
    void paintMergedBar(QPainter& painter, const LaneView& lane, const PlottedBar& bar,
                        const QRectF& bars);
    void paintCutEnds(QPainter& painter, const LaneView& lane, const QRectF& rect);
    /// \return the colours of most of a merged bar's time.
    [[nodiscard]] const BarColors& mainColorsOf(const LaneView& lane, const PlottedBar& bar) const;
    /// \return the share of its workers' time that the executor was busy; nothing when it had none.
    [[nodiscard]] std::optional<double> shareOf(int executor) const;
    [[nodiscard]] bool exceedsElements();
    [[nodiscard]] QRectF rectOf(const FigureRow& row) const;
    [[nodiscard]] double snap(double value) const;

    const FigureScene& m_scene;
    const double m_px;
    const double m_hair; ///< width of thin lines
    TimelinePainter m_painter;
    bool m_arePixels = false;
};

} // namespace poolscope
