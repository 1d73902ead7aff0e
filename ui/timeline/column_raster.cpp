// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/column_raster.h"

#include "ui/timeline/lane_facts.h"
#include "ui/timeline/lane_layout.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

int columnAt(const ColumnRange& range, Nanos timeNs)
{
    const double column = static_cast<double>(timeNs - range.beginNs) / range.columnNs;
    return static_cast<int>(std::lround(std::clamp(column, 0.0, static_cast<double>(range.count))));
}

TimeRange timesOf(const ColumnRange& range)
{
    return {range.beginNs, std::max(range.timeOf(range.count), range.beginNs + 1)};
}

} // namespace

ColumnRaster::ColumnRaster(const TimelineStyle& style)
    : m_style(style)
    , m_neutral(blended(style.theme.dimText, style.theme.laneEven, 0.6).rgb())
    , m_failure(style.theme.failure.rgb())
    , m_frame(style.frame.rgb())
{
    for (std::size_t i = 0; i < m_waitColors.size(); ++i) {
        m_waitColors[i] = style.waitOver(style.theme.laneEven, static_cast<double>(i) * 0.5).rgb();
    }
}

void ColumnRaster::begin(const Snapshot& snapshot, const TimeAxis& axis, Nanos nowNs)
{
    m_snapshot = &snapshot;
    m_axis = axis;
    m_nowNs = nowNs;
    m_mode = effectiveMode(m_style.coloring.mode, snapshot);
}

void ColumnRaster::sortColumns(const LaneView& lane)
{
    const ColumnClasses classes = sortIntoClasses(m_mode, *m_snapshot, lane.info(), m_cells);
    m_partCount = static_cast<std::size_t>(classes.count);
    for (int i = 0; i < classes.count; ++i) {
        m_palette[static_cast<std::size_t>(i)] =
            m_style.classColors(m_mode, classes.first + i).muted.rgb();
    }
}

void ColumnRaster::sumLanes(int executor, TimeRange range)
{
    m_sum.assign(m_cells.size(), ColumnCell{});
    float lanes = 0;
    for (const LaneView& lane : m_snapshot->lanes) {
        if (lane.info().executor != executor || !isShown(lane)) {
            continue;
        }
        lanes += lane.info().kind == LaneKind::Queue ? 0.0F : 1.0F;
        fillColumns(*m_snapshot, lane, range, m_cells);
        const ColumnClasses classes = sortIntoClasses(m_mode, *m_snapshot, lane.info(), m_cells);
        for (std::size_t x = 0; x < m_cells.size(); ++x) {
            ColumnCell& sum = m_sum[x];
            for (int i = 0; i < classes.count; ++i) {
                sum.busyNs[static_cast<std::size_t>(classes.first + i)] +=
                    m_cells[x].busyNs[static_cast<std::size_t>(i)];
            }
            sum.waitWeightedLog += m_cells[x].waitWeightedLog;
            sum.endedCount += m_cells[x].endedCount;
            sum.stateBits |= m_cells[x].stateBits;
        }
    }
    m_cells.swap(m_sum);
    for (ColumnCell& cell : m_cells) {
        for (float& part : cell.busyNs) {
            part /= std::max(lanes, 1.0F);
        }
        cell.waitWeightedLog /= std::max(lanes, 1.0F);
    }
    m_partCount = static_cast<std::size_t>(kColorClasses);
    for (int i = 0; i < kColorClasses; ++i) {
        m_palette[static_cast<std::size_t>(i)] = m_style.classColors(m_mode, i).muted.rgb();
    }
}

void ColumnRaster::addLives(const LaneView& lane, const ColumnRange& range)
{
    const auto at = [this](int column) { return m_background.begin() + column; };
    const QRgb alive = m_style.lane(lane.info()).rgb();
    if (lane.info().kind == LaneKind::Queue) {
        std::fill(m_background.begin(), m_background.end(), alive);
    }
    for (const LaneLife& life : livesOf(lane)) {
        const Nanos end = life.closedNs < 0 ? m_nowNs : life.closedNs;
        std::fill(at(columnAt(range, life.openedNs)),
                  at(std::max(columnAt(range, life.openedNs), columnAt(range, end))), alive);
    }
}

void ColumnRaster::addGrid(const ColumnRange& range)
{
    const QRgb grid = m_style.theme.grid.rgb();
    const double first =
        std::floor(static_cast<double>(range.beginNs) / static_cast<double>(m_axis.stepNs));
    for (Nanos tick = static_cast<Nanos>(first) * m_axis.stepNs; tick < range.timeOf(range.count);
         tick += m_axis.stepNs) {
        const auto column = static_cast<int>(
            std::floor(static_cast<double>(tick - range.beginNs) / range.columnNs + 1e-6));
        if (column >= 0 && column < range.count) {
            m_background[static_cast<std::size_t>(column)] = grid;
        }
    }
}

void ColumnRaster::findTops(double columnNs, int rows)
{
    const std::size_t count = m_cells.size();
    m_tops.resize(m_partCount * count);
    const auto perNs = static_cast<float>(rows / columnNs);
    const auto most = static_cast<float>(rows);
    for (std::size_t x = 0; x < count; ++x) {
        const auto& busyNs = m_cells[x].busyNs;
        float busy = 0;
        for (std::size_t part = 0; part < m_partCount; ++part) {
            busy += busyNs[part];
        }
        // A column in which anything ran is at least one row high; the mix keeps its proportions.
        const float factor = busy > 0 ? std::max(perNs, 1.0F / busy) : 0;
        float sum = 0;
        for (std::size_t part = 0; part < m_partCount; ++part) {
            sum += busyNs[part];
            m_tops[part * count + x] =
                rows - static_cast<std::int32_t>(std::min(most, sum * factor + 0.5F));
        }
    }
}

void ColumnRaster::writeBars(const PixelBlock& block) const
{
    const std::size_t count = m_cells.size();
    for (int row = 0; row < block.barRows; ++row) {
        QRgb* const pixels = block.first + row * block.stride;
        std::copy(m_background.begin(), m_background.end(), pixels);
        // The lower a part lies, the later it is written. Without branches, so that many columns are
        // written at once.
        for (std::size_t part = m_partCount; part-- > 0;) {
            const std::int32_t* const tops = m_tops.data() + part * count;
            const QRgb color = m_palette[part];
            for (std::size_t x = 0; x < count; ++x) {
                pixels[x] = row >= tops[x] ? color : pixels[x];
            }
        }
    }
}

QRgb ColumnRaster::waitColor(const ColumnCell& cell, QRgb background) const
{
    const float busy = cell.busySum();
    if (busy <= 0) {
        return background;
    }
    const double waitLog2 = static_cast<double>(cell.waitWeightedLog / busy);
    const auto index = static_cast<std::size_t>(
        std::clamp(std::lround(waitLog2 * 2), 0L, static_cast<long>(m_waitColors.size()) - 1));
    return waitLog2 >= kLeastWaitLog2 ? m_waitColors[index] : background;
}

void ColumnRaster::writeWait(const PixelBlock& block)
{
    m_row.resize(m_cells.size());
    for (std::size_t x = 0; x < m_cells.size(); ++x) {
        m_row[x] = waitColor(m_cells[x], m_background[x]);
    }
    for (int row = block.barRows; row < block.barRows + block.gapRows; ++row) {
        std::copy(m_background.begin(), m_background.end(), block.first + row * block.stride);
    }
    for (int row = 0; row < block.waitRows; ++row) {
        std::copy(m_row.begin(), m_row.end(),
                  block.first + (block.barRows + block.gapRows + row) * block.stride);
    }
}

void ColumnRaster::writeMarks(const PixelBlock& block) const
{
    constexpr std::uint8_t kCancelled = stateBit(TaskState::Cancelled);
    const auto count = static_cast<qsizetype>(m_cells.size());
    for (qsizetype x = 0; x < count; ++x) {
        const ColumnCell& cell = m_cells[static_cast<std::size_t>(x)];
        const bool hasFailure = (cell.stateBits & kFailureBits) != 0;
        if (!hasFailure && (cell.stateBits & kCancelled) == 0) {
            if (cell.stateBits != 0 && cell.busySum() <= 0) {
                block.first[(block.barRows - 1) * block.stride + x] = m_neutral;
            }
            continue;
        }
        // A failure is wider than its column, and cut off from what lies below; a cancelled task is
        // a thin neutral line that reaches halfway down.
        const int rows = hasFailure ? block.markRows : block.barRows / 2;
        const qsizetype reach = hasFailure ? 1 : 0;
        for (qsizetype at = std::max<qsizetype>(0, x - reach); at <= std::min(count - 1, x + reach);
             ++at) {
            for (int row = 0; row < rows; ++row) {
                QRgb& pixel = block.first[row * block.stride + at];
                if (hasFailure) {
                    pixel = m_failure;
                } else if (pixel != m_failure) {
                    pixel = m_neutral;
                }
            }
            if (hasFailure && rows < block.barRows) {
                block.first[rows * block.stride + at] = m_frame;
            }
        }
    }
}

void ColumnRaster::write(double columnNs, const PixelBlock& block)
{
    findTops(columnNs, block.barRows);
    writeBars(block);
    writeWait(block);
    writeMarks(block);
}

void ColumnRaster::render(const LaneView& lane, const ColumnRange& range, const PixelBlock& block)
{
    if (range.count <= 0) {
        return;
    }
    m_cells.resize(static_cast<std::size_t>(range.count));
    fillColumns(*m_snapshot, lane, timesOf(range), m_cells);
    sortColumns(lane);
    m_background.assign(m_cells.size(), m_style.theme.panel.rgb());
    addLives(lane, range);
    addGrid(range);
    write(range.columnNs, block);
}

void ColumnRaster::renderExecutor(int executor, const ColumnRange& range, const PixelBlock& block)
{
    if (range.count <= 0) {
        return;
    }
    m_cells.resize(static_cast<std::size_t>(range.count));
    sumLanes(executor, timesOf(range));
    m_background.assign(m_cells.size(), m_style.theme.panel.rgb());
    for (const LaneView& lane : m_snapshot->lanes) {
        if (lane.info().executor == executor && lane.info().kind != LaneKind::Queue) {
            addLives(lane, range);
        }
    }
    addGrid(range);
    write(range.columnNs, block);
}

} // namespace poolscope
