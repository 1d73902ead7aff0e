// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_recycling.h"

#include "core/base/process_usage.h"
#include "core/executor/worker_slot.h"

#include <algorithm>
#include <limits>

namespace poolscope {

namespace {

/// A look at a worker's memory costs a few microseconds: too much for each short task.
constexpr Nanos kMemoryPause = 10 * kNanosPerMilli;

/// Else a pool with nothing to do would replace its workers for ever.
bool hasBeenUsed(const WorkerSlot& slot) noexcept
{
    return slot.endedTasks() > 0 || slot.begunTasks() > 0;
}

} // namespace

WorkerRecycling::WorkerRecycling(const ExecutorOptions& options)
    : m_mostTasks(options.recycleAfterTasks)
    , m_mostBytes(options.recycleAboveBytes)
    , m_mostNs(std::max<Nanos>(options.recycleAfterNs, 0))
{}

std::uint64_t WorkerRecycling::roomFor(const WorkerSlot& slot) const noexcept
{
    if (m_mostTasks == 0) {
        return std::numeric_limits<std::uint64_t>::max();
    }
    const std::uint64_t given = slot.endedTasks() + slot.taskCount();
    return given < m_mostTasks ? m_mostTasks - given : 0;
}

void WorkerRecycling::look(WorkerSlot& slot) const
{
    if (slot.phase == WorkerSlot::Phase::Ready && slot.retireReason.empty() && hasBeenUsed(slot)) {
        slot.retireReason = reasonFor(slot);
    }
}

std::string WorkerRecycling::reasonFor(WorkerSlot& slot) const
{
    if (m_mostTasks > 0 && slot.endedTasks() >= m_mostTasks) {
        return "recycled after " + std::to_string(slot.endedTasks()) + " tasks";
    }
    const Nanos now = monotonicNow();
    if (m_mostNs > 0 && now - slot.sinceNs() >= m_mostNs) {
        return "recycled at an age of " + std::to_string((now - slot.sinceNs()) / kNanosPerMilli) +
               " ms";
    }
    if (m_mostBytes > 0 && now >= slot.nextMemoryLookNs &&
        slot.endedTasks() != slot.tasksAtMemoryLook) {
        slot.nextMemoryLookNs = now + kMemoryPause;
        slot.tasksAtMemoryLook = slot.endedTasks();
        const std::uint64_t bytes = residentBytes(slot.process().processId());
        if (bytes > m_mostBytes) {
            return "recycled because it used " + std::to_string(bytes) +
                   " bytes of memory, above " + std::to_string(m_mostBytes);
        }
    }
    return {};
}

Nanos WorkerRecycling::nextLook(const WorkerSlot& slot) const noexcept
{
    if (slot.phase != WorkerSlot::Phase::Ready || !slot.retireReason.empty() ||
        !hasBeenUsed(slot)) {
        return WorkerSlot::kNever;
    }
    Nanos next = WorkerSlot::kNever;
    if (m_mostNs > 0 && m_mostNs < WorkerSlot::kNever - slot.sinceNs()) {
        next = slot.sinceNs() + m_mostNs;
    }
    if (m_mostBytes > 0 && slot.endedTasks() != slot.tasksAtMemoryLook) {
        next = std::min(next, slot.nextMemoryLookNs);
    }
    return next;
}

} // namespace poolscope
