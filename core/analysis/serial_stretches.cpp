// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/serial_stretches.h"

#include <algorithm>

namespace poolscope {

namespace {

/// A time in which none or one of the workers looked at so far ran.
struct Stretch
{
    TimeRange range;
    bool hasRunner = false;
};

void append(std::vector<Stretch>& stretches, TimeRange range, bool hasRunner)
{
    if (range.isEmpty()) {
        return;
    }
    if (!stretches.empty() && stretches.back().hasRunner == hasRunner &&
        stretches.back().range.endNs == range.beginNs) {
        stretches.back().range.endNs = range.endNs;
    } else {
        stretches.push_back({range, hasRunner});
    }
}

/// Goes along the times in which a lane ran tasks.
class RunsOfLane
{
public:
    RunsOfLane(const Snapshot& snapshot, const LaneView& lane, Nanos fromNs)
        : m_lane(lane)
        , m_next(firstRecordEndingAfter(lane, fromNs))
    {
        if (snapshot.isLive && lane.running.startNs >= 0) {
            m_running = {lane.running.startNs, snapshot.nowNs};
        }
    }

    /// \return the first run that ends after \p timeNs, which never falls; empty when none does.
    TimeRange endingAfter(Nanos timeNs)
    {
        for (; m_next < m_lane.recordCount; ++m_next) {
            const TaskRecord& record = m_lane.lane->record(m_next);
            if (record.endNs > timeNs && record.runNs() > 0) { // what never ran has no length
                return {record.startNs, record.endNs};
            }
        }
        return m_running.endNs > timeNs ? m_running : TimeRange{};
    }

private:
    const LaneView& m_lane;
    std::uint64_t m_next;
    TimeRange m_running;
};

/// One more worker: where it ran, none becomes one, and one is too many.
std::vector<Stretch> withLane(const std::vector<Stretch>& stretches, RunsOfLane runs)
{
    std::vector<Stretch> result;
    result.reserve(stretches.size());
    for (const auto& [range, hasRunner] : stretches) {
        for (Nanos atNs = range.beginNs; atNs < range.endNs;) {
            const TimeRange run = runs.endingAfter(atNs);
            const Nanos beginNs =
                run.isEmpty() ? range.endNs : std::clamp(run.beginNs, atNs, range.endNs);
            const Nanos endNs =
                run.isEmpty() ? range.endNs : std::clamp(run.endNs, beginNs, range.endNs);
            append(result, {atNs, beginNs}, hasRunner);
            if (!hasRunner) {
                append(result, {beginNs, endNs}, true);
            }
            atNs = endNs;
        }
    }
    return result;
}

} // namespace

std::vector<TimeRange> serialStretches(const Snapshot& snapshot, int executor,
                                       const std::vector<TimeRange>& within)
{
    std::vector<Stretch> stretches;
    for (const TimeRange& range : within) {
        append(stretches, range, false);
    }
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.isWorkerOf(executor) && !stretches.empty()) {
            stretches =
                withLane(stretches, RunsOfLane(snapshot, lane, stretches.front().range.beginNs));
        }
    }
    std::vector<TimeRange> result;
    result.reserve(stretches.size());
    for (const Stretch& stretch : stretches) {
        result.push_back(stretch.range);
    }
    return result;
}

} // namespace poolscope
