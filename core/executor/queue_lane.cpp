// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/queue_lane.h"

#include "core/executor/end_reasons.h"

#include <algorithm>

namespace poolscope {

namespace {

const Value kNothing;

} // namespace

QueueLane::QueueLane(const TraceTarget& trace)
    : m_trace(trace)
{}

void QueueLane::end(const Chunk& chunk, TaskState state, const std::string& reason)
{
    if (chunk.isEmpty()) {
        return;
    }
    const bool isMine = !chunk.node || chunk.node->claim();
    if (m_trace.recorder) {
        record(chunk, isMine ? state : TaskState::Cancelled, isMine ? reason : kCancelledReason);
    }
    if (chunk.node && isMine) {
        chunk.node->setError({reason, {}, {}});
        chunk.node->end(state, 0);
    }
    for (std::uint64_t task = chunk.begin; chunk.listener != nullptr && task < chunk.end; ++task) {
        chunk.listener->taskEnded({*chunk.job, task, state, 0, kNothing, reason});
    }
}

void QueueLane::record(const Chunk& chunk, TaskState state, const std::string& reason)
{
    const MutexLock lock(m_mutex);
    if (m_lane == nullptr) {
        m_lane = &m_trace.recorder->addLane({m_trace.executor, LaneKind::Queue, 0});
    }
    TaskRecord record;
    record.submitNs = chunk.submitNs;
    record.startNs =
        std::max({m_trace.recorder->now(), m_lane->lastEndNs(), chunk.submitNs}); // several writers
    record.endNs = record.startNs;
    record.attempt = 0;
    record.setState(state);
    for (std::uint64_t task = chunk.begin; task < chunk.end; ++task) {
        record.task = static_cast<std::uint32_t>(task);
        m_lane->append(record, kNothing, reason);
    }
}

} // namespace poolscope
