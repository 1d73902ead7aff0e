// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/queue_lane.h"

namespace poolscope {

namespace {

const Value kNothing;
const std::string kReason = "cancelled before it began";

} // namespace

QueueLane::QueueLane(const TraceTarget& trace)
    : m_trace(trace)
{}

void QueueLane::endCancelled(const Chunk& chunk)
{
    if (m_trace.recorder && !chunk.isEmpty()) {
        record(chunk);
    }
    if (chunk.listener == nullptr) {
        return;
    }
    for (std::uint64_t task = chunk.begin; task < chunk.end; ++task) {
        chunk.listener->taskEnded({*chunk.job, task, TaskState::Cancelled, 0, kNothing, kReason});
    }
}

void QueueLane::record(const Chunk& chunk)
{
    const MutexLock lock(m_mutex);
    if (m_lane == nullptr) {
        m_lane = &m_trace.recorder->addLane({m_trace.executor, LaneKind::Queue, 0});
    }
    TaskRecord record;
    record.submitNs = chunk.submitNs;
    record.startNs = m_trace.recorder->now();
    record.endNs = record.startNs;
    record.attempt = 0;
    record.setState(TaskState::Cancelled);
    for (std::uint64_t task = chunk.begin; task < chunk.end; ++task) {
        record.task = static_cast<std::uint32_t>(task);
        m_lane->append(record, kNothing, kReason);
    }
}

} // namespace poolscope
