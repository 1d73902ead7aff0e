// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "ui/timeline/time_axis.h"
#include "ui/timeline/timeline_style.h"

#include <QRgb>

#include <array>
#include <span>
#include <vector>

namespace poolscope {

/// Columns of equal time, one a device pixel.
struct ColumnRange
{
    Nanos beginNs = 0;
    double columnNs = 1;
    int count = 0;

    [[nodiscard]] Nanos timeOf(int column) const
    {
        return beginNs + std::llround(column * columnNs);
    }
};

/// A lane's pixels: the first one and how many there are to the next row.
struct PixelBlock
{
    QRgb* first = nullptr;
    qsizetype stride = 0;
    int barRows = 0;
    int gapRows = 0;
    int waitRows = 0;
    int markRows = 3; ///< height of the mark of a failure
};

/// Draws lanes whose tasks are too small to be seen one by one: a column per device pixel, its height
/// the busy share, its colours the mix of kinds. Whatever failed leaves a mark at the top, however small.
///
/// The arithmetic of a frame goes through scratch buffers that are kept, so one object is used again
/// and again. GUI thread.
class ColumnRaster
{
public:
    explicit ColumnRaster(const TimelineStyle& style);

    /// Chooses what is drawn; the snapshot must live until the last render. \p axis: its majors
    /// become grid lines; \p nowNs ends the lives that are open.
    void begin(const Snapshot& snapshot, const TimeAxis& axis, Nanos nowNs);
    /// Writes the lane's columns row by row into \p block. O(columns · log records + pixels).
    void render(const LaneView& lane, const ColumnRange& range, const PixelBlock& block);
    /// Likewise all lanes of an executor as one: its height are the workers there ever were.
    void renderExecutor(int executor, const ColumnRange& range, const PixelBlock& block);

private:
    void sortColumns(const LaneView& lane);
    void sumLanes(int executor, TimeRange range);
    void addLives(const LaneView& lane, const ColumnRange& range);
    void addGrid(const ColumnRange& range);
    void write(double columnNs, const PixelBlock& block);
    void findTops(double columnNs, int rows);
    void writeBars(const PixelBlock& block) const;
    void writeWait(const PixelBlock& block);
    void writeMarks(const PixelBlock& block) const;
    [[nodiscard]] QRgb waitColor(const ColumnCell& cell, QRgb background) const;

    const TimelineStyle& m_style;
    const Snapshot* m_snapshot = nullptr;
    TimeAxis m_axis;
    Nanos m_nowNs = 0;
    ColorMode m_mode = ColorMode::Kind;
    std::size_t m_partCount = 1; ///< of each column
    std::array<QRgb, kColorClasses> m_palette{}; ///< of the parts
    std::array<QRgb, 64> m_waitColors{}; ///< by half log2 steps
    QRgb m_neutral = 0; ///< what ended without ever being busy
    QRgb m_failure = 0;
    QRgb m_frame = 0;
    std::vector<ColumnCell> m_cells;
    std::vector<ColumnCell> m_sum; ///< of an executor's lanes
    std::vector<QRgb> m_background;
    std::vector<QRgb> m_row; ///< that is being written
    std::vector<std::int32_t> m_tops; ///< row where a part begins, by part, then column
};

} // namespace poolscope
