// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshot_mark.h"
#include "ui/timeline/lane_layout.h"
#include "ui/timeline/timeline_painter.h"

#include <QImage>
#include <QThreadPool>

#include <cstdint>
#include <vector>

namespace poolscope {

/// The picture of all visible lanes, kept between frames. Hovering and the cursor only show it again;
/// panning moves it and draws the columns that came in; following draws the columns that changed. All
/// else draws it anew, in O(pixels · log records), with the help of a second thread. GUI thread.
class LaneImage
{
public:
    /// \p style must outlive the object.
    explicit LaneImage(const TimelineStyle& style);

    /// Draws what changed since the last call. \p painter has begun with \p snapshot and its scale is
    /// snapped to columns; the picture is the scale's width and \p height (logical) big, its top is
    /// \p scrollY below the content's top.
    const QImage& update(TimelinePainter& painter, const SnapshotPtr& snapshot,
                         const LaneLayout& layout, double scrollY, double height,
                         double devicePixelRatio);
    /// Forgets the picture.
    void clear() { m_image = QImage(); }
    /// \return how many columns the last update drew, over all lanes.
    [[nodiscard]] std::int64_t drawnColumns() const { return m_drawnColumns; }

private:
    /// What is known of a lane's pixels.
    struct Strip
    {
        const Lane* lane = nullptr;
        bool isBars = false;
        Nanos lastEndNs = 0; ///< what lies before it is final
    };
    struct Frame
    {
        double columnNs = 0;
        std::int64_t firstColumn = 0;
        double scrollY = 0;
        double devicePixelRatio = 1;
        Nanos stepNs = 0; ///< of the grid
        LaneLayout layout;
        SnapshotMark moment;
        Nanos nowNs = 0; ///< of the moment
        std::vector<Strip> strips;
    };

    /// What of a lane is to be drawn: columns, or all of its bars.
    struct Piece
    {
        const LaneView* lane = nullptr; ///< null: all lanes of the executor together
        int executor = 0;
        QRectF rect;
        int from = 0; ///< columns
        int to = 0;
        bool isBars = false;
    };

    [[nodiscard]] bool canMove(const Frame& next, const SnapshotPtr& snapshot, QSize size) const;
    [[nodiscard]] QRect pixelRect(const QRectF& rect) const;
    void addPiece(const Piece& piece);
    void drawPieces(TimelinePainter& painter, const Snapshot& snapshot);
    void drawColumns(ColumnRaster& columns, const TimeScale& scale, const Piece& piece) const;
    void drawBars(TimelinePainter& painter, const Piece& piece) const;
    void drawTexts(TimelinePainter& painter);
    void moveStrip(const QRect& pixels, std::int64_t by);
    void drawLane(const TimelinePainter& painter, const SnapshotPtr& snapshot, const Frame& next,
                  const LaneRow& row, Strip& strip, bool isMoved);

    const TimelineStyle& m_style;
    QImage m_image;
    QRgb* m_pixels = nullptr; ///< of m_image, while it is drawn
    Frame m_frame;
    std::vector<Piece> m_pieces; ///< of the frame that is drawn
    ColumnRaster m_helpersColumns;
    QThreadPool m_helper; ///< of its own: what waits in a shared one would hold up the frame
    std::int64_t m_drawnColumns = 0;
};

} // namespace poolscope
