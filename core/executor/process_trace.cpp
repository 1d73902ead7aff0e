// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_trace.h"

#include "core/executor/recorded_value.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

const Value kNothing;

std::uint8_t recordedAttempt(int attempts)
{
    constexpr int kMost = std::numeric_limits<std::uint8_t>::max();
    return static_cast<std::uint8_t>(std::min(attempts, kMost));
}

} // namespace

void ProcessTrace::workerStarted(int slot, int processId)
{
    if (m_trace.recorder) {
        const SlotLane& lane = laneOf(slot);
        lane.lane->openLife({m_trace.recorder->now(), -1, processId, processId});
        note(ControlKind::WorkerStarted, lane.index, processId);
    }
}

void ProcessTrace::workerGone(int slot, int processId, Nanos goneNs, ControlKind kind,
                              const std::string& why)
{
    if (m_trace.recorder) {
        const SlotLane& lane = laneOf(slot);
        lane.lane->setIdle();
        lane.lane->closeLife(goneNs - m_trace.recorder->originNs());
        note(kind, lane.index, processId, why);
    }
}

void ProcessTrace::noteWorker(int slot, const std::string& trouble)
{
    if (m_trace.recorder) {
        note(ControlKind::Error, laneOf(slot).index, 0, trouble);
    }
}

void ProcessTrace::showRunning(int slot, std::uint64_t task, Nanos startNs,
                               const ProgressNote& progress)
{
    if (m_trace.recorder) {
        const SlotLane& lane = laneOf(slot);
        lane.lane->setRunning(task,
                              std::max(startNs - m_trace.recorder->originNs(), lane.lastEndNs));
        lane.lane->progress().copyFrom(progress);
    }
}

void ProcessTrace::showIdle(int slot)
{
    if (m_trace.recorder) {
        laneOf(slot).lane->setIdle();
    }
}

void ProcessTrace::taskReturned(const Return& how, const ProcessWork& work, ResultMessage& result)
{
    append(how, work, result);
    if (how.isRetried) {
        noteRetry(how.slot, work);
        return;
    }
    tell(work, work.begin, result.state, work.attempts + 1, result.value, result.error,
         &result.value);
}

void ProcessTrace::taskBroken(const BrokenAttempt& attempt, const ProcessWork& work,
                              TaskState state, const std::string& error)
{
    append({attempt.slot, attempt.goneNs, false}, work,
           {work.begin, state, {}, error, attempt.startNs, attempt.goneNs, TaskRecord::kNoCore});
    tell(work, work.begin, state, work.attempts + 1, kNothing, error);
}

void ProcessTrace::attemptLost(const BrokenAttempt& attempt, const ProcessWork& work,
                               const std::string& why)
{
    append({attempt.slot, attempt.goneNs, true}, work,
           {work.begin,
            TaskState::Lost,
            {},
            why,
            attempt.startNs,
            attempt.goneNs,
            TaskRecord::kNoCore});
    noteRetry(attempt.slot, work);
}

void ProcessTrace::noteRetry(int slot, const ProcessWork& work)
{
    if (m_trace.recorder) {
        note(ControlKind::TaskRetried, laneOf(slot).index, static_cast<std::int64_t>(work.begin));
    }
}

void ProcessTrace::endUnbegun(const ProcessWork& work, TaskState state, const std::string& error)
{
    TaskRecord record;
    if (m_trace.recorder) {
        if (m_queueLane == nullptr) {
            m_queueLane = &m_trace.recorder->addLane({m_trace.executor, LaneKind::Queue, 0});
        }
        record.submitNs = work.submitNs;
        record.startNs = m_trace.recorder->now();
        record.endNs = record.startNs;
        record.attempt = recordedAttempt(work.attempts);
        record.setState(state);
    }
    for (std::uint64_t task = work.begin; task < work.end; ++task) {
        if (m_queueLane != nullptr) {
            record.task = static_cast<std::uint32_t>(task);
            m_queueLane->append(record, kNothing, error);
        }
        tell(work, task, state, work.attempts, kNothing, error);
    }
}

void ProcessTrace::note(ControlKind kind, int lane, std::int64_t value, std::string text)
{
    if (m_trace.recorder) {
        m_trace.recorder->addControlEvent(
            {m_trace.recorder->now(), kind, m_trace.executor, lane, value, std::move(text)});
    }
}

ProcessTrace::SlotLane& ProcessTrace::laneOf(int slot)
{
    SlotLane& lane = m_lanes[static_cast<std::size_t>(slot)];
    if (lane.lane == nullptr) {
        lane.lane = &m_trace.recorder->addLane({m_trace.executor, LaneKind::Process, slot});
        lane.index = m_trace.recorder->indexOf(*lane.lane);
    }
    return lane;
}

void ProcessTrace::append(const Return& how, const ProcessWork& work, const ResultMessage& result)
{
    if (!m_trace.recorder) {
        return;
    }
    SlotLane& lane = laneOf(how.slot);
    const Nanos originNs = m_trace.recorder->originNs();
    // Each thread and process has its own reading of the clock, off by a little: what must lie in order is
    // put in order.
    const Nanos notBefore = std::max(lane.lastEndNs, work.submitNs);
    const Nanos now = std::max(how.receivedNs - originNs, notBefore);
    TaskRecord record;
    record.submitNs = work.submitNs;
    record.startNs = std::clamp(result.startNs - originNs, notBefore, now);
    record.endNs = std::clamp(result.endNs - originNs, record.startNs, now);
    record.sentLeadNs =
        static_cast<float>(std::max<Nanos>(record.startNs - (work.sentNs - originNs), 0));
    record.returnLagNs = static_cast<float>(now - record.endNs);
    record.task = static_cast<std::uint32_t>(work.begin);
    record.core = result.core;
    record.attempt = recordedAttempt(work.attempts + 1);
    record.setState(result.state, how.isRetried);
    lane.lastEndNs = record.endNs;
    const ItemChunks* chunks = work.job->job->chunks.get();
    const TaskCost* cost = result.cost ? &*result.cost : nullptr;
    if (isRecordedOtherwise(chunks, result.state, result.value)) {
        lane.lane->append(record, recordedValue(chunks, work.begin, result.value), result.error,
                          cost);
    } else {
        lane.lane->append(record, result.value, result.error, cost);
    }
}

void ProcessTrace::tell(const ProcessWork& work, std::uint64_t task, TaskState state, int attempts,
                        const Value& value, const std::string& error, Value* movable)
{
    if (work.listener != nullptr) {
        work.listener->taskEnded({*work.job->job, task, state, attempts, value, error, movable});
    }
    ++m_ended;
}

} // namespace poolscope
