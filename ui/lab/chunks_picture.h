// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/chunk_curve.h"
#include "ui/lab/lab_picture.h"
#include "ui/lab/plot_area.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// Makespans over the size of chunks, split into what they went into: each run, the means with their intervals,
/// the flat optimum, and the sizes that Python takes by itself. GUI thread.
class ChunksPicture : public LabPicture
{
    Q_OBJECT

public:
    explicit ChunksPicture(QWidget* parent = nullptr);

    /// \p levels: the sizes that are measured, ascending, at least one. \p pythonChunk: what Pool.map takes, 0: nothing is known.
    void setRuns(const std::vector<ChunkRun>& runs, const std::vector<int>& levels,
                 std::uint64_t pythonChunk);
    [[nodiscard]] const ChunkCurve& curve() const { return m_curve; }
    [[nodiscard]] bool isEmpty() const override { return m_runs.empty(); }

protected:
    void draw(QPainter& painter, const QRectF& rect, const Theme& theme) const override;

private:
    [[nodiscard]] PlotArea areaIn(const QRectF& rect, const QFont& font) const;
    [[nodiscard]] std::vector<PlotEntry> legend(const Theme& theme) const;
    [[nodiscard]] double barWidth(const PlotArea& area) const;
    void drawFlat(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void drawBars(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void drawPoints(QPainter& painter, const PlotArea& area, const Theme& theme) const;
    void drawPython(QPainter& painter, const PlotArea& area, const Theme& theme) const;

    std::vector<ChunkRun> m_runs;
    ChunkCurve m_curve;
    std::vector<int> m_levels{1};
    std::uint64_t m_pythonChunk = 0;
};

} // namespace poolscope
