// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/activity.h"

#include <algorithm>
#include <cassert>

namespace poolscope {

namespace {

/// Fills an Activity from the lanes of one executor.
class ActivityMeter
{
public:
    ActivityMeter(const Snapshot& snapshot, int executor, TimeRange range, int columns);

    [[nodiscard]] Activity measure();

private:
    void addLane(const LaneView& lane);
    void addRunning(Nanos startNs);
    void addLives(const std::vector<LaneLife>& lives);
    void readQueue(const std::vector<QueueSample>& samples);
    /// \return the end of column \p index; -1 gives the range's beginning.
    [[nodiscard]] Nanos columnEnd(std::ptrdiff_t index) const;
    /// \return columnEnd(), but not after the snapshot's moment.
    [[nodiscard]] Nanos momentOf(std::size_t index) const
    {
        return std::min(columnEnd(static_cast<std::ptrdiff_t>(index)), m_snapshot.nowNs);
    }

    const Snapshot& m_snapshot;
    const int m_executor;
    const double m_columnNs;
    std::size_t m_pastColumns = 0; ///< columns that begin before the snapshot's moment
    std::vector<ColumnCell> m_cells;
    Activity m_activity;
};

ActivityMeter::ActivityMeter(const Snapshot& snapshot, int executor, TimeRange range, int columns)
    : m_snapshot(snapshot)
    , m_executor(executor)
    , m_columnNs(static_cast<double>(range.duration()) / columns)
    , m_cells(static_cast<std::size_t>(columns))
{
    m_activity.range = range;
    for (auto* values : {&m_activity.tasksPerSecond, &m_activity.queued, &m_activity.busyWorkers,
                         &m_activity.workers}) {
        values->assign(m_cells.size(), 0.0);
    }
    while (m_pastColumns < m_cells.size() &&
           columnEnd(static_cast<std::ptrdiff_t>(m_pastColumns) - 1) < snapshot.nowNs) {
        ++m_pastColumns;
    }
}

Activity ActivityMeter::measure()
{
    for (const LaneView& lane : m_snapshot.lanes) {
        if (lane.info().executor == m_executor && lane.info().kind != LaneKind::Queue) {
            addLane(lane);
        }
    }
    const auto executor = static_cast<std::size_t>(m_executor);
    if (executor < m_snapshot.queueSamples.size() && m_snapshot.queueSamples[executor]) {
        readQueue(*m_snapshot.queueSamples[executor]);
    }
    return std::move(m_activity);
}

void ActivityMeter::addLane(const LaneView& lane)
{
    fillColumns(m_snapshot, lane, m_activity.range, m_cells);
    for (std::size_t i = 0; i < m_pastColumns; ++i) {
        m_activity.tasksPerSecond[i] +=
            static_cast<double>(m_cells[i].endedCount) * (kNanosPerSecond / m_columnNs);
        m_activity.busyWorkers[i] += static_cast<double>(m_cells[i].busySum()) / m_columnNs;
    }
    if (m_snapshot.isLive && lane.running.startNs >= 0) {
        addRunning(lane.running.startNs);
    }
    addLives(*lane.lives);
}

void ActivityMeter::addRunning(Nanos startNs)
{
    for (std::size_t i = 0; i < m_pastColumns; ++i) {
        const Nanos begin = std::max(startNs, columnEnd(static_cast<std::ptrdiff_t>(i) - 1));
        const Nanos busyNs = std::max<Nanos>(0, momentOf(i) - begin);
        m_activity.busyWorkers[i] += static_cast<double>(busyNs) / m_columnNs;
    }
}

void ActivityMeter::addLives(const std::vector<LaneLife>& lives)
{
    for (const LaneLife& life : lives) {
        for (std::size_t i = 0; i < m_pastColumns; ++i) {
            const Nanos moment = momentOf(i);
            const bool isOpen =
                life.openedNs < moment && (life.closedNs < 0 || life.closedNs >= moment);
            m_activity.workers[i] += isOpen ? 1.0 : 0.0;
        }
    }
}

void ActivityMeter::readQueue(const std::vector<QueueSample>& samples)
{
    std::size_t next = 0;
    for (std::size_t i = 0; i < m_pastColumns; ++i) {
        while (next < samples.size() && samples[next].timeNs <= momentOf(i)) {
            ++next;
        }
        m_activity.queued[i] = next > 0 ? static_cast<double>(samples[next - 1].queued()) : 0.0;
    }
}

Nanos ActivityMeter::columnEnd(std::ptrdiff_t index) const
{
    // In whole and remaining parts: the plain product overflows after some days.
    const Nanos duration = m_activity.range.duration();
    const auto columns = static_cast<Nanos>(m_cells.size());
    const Nanos count = index + 1;
    return m_activity.range.beginNs + duration / columns * count +
           duration % columns * count / columns;
}

} // namespace

Activity activityOf(const Snapshot& snapshot, int executor, TimeRange range, int columns)
{
    assert(!range.isEmpty() && columns >= 1);
    return ActivityMeter(snapshot, executor, range, columns).measure();
}

} // namespace poolscope
