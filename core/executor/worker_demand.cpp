// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_demand.h"

#include <algorithm>
#include <string>

namespace poolscope {

WorkerDemand::WorkerDemand(const ExecutorOptions& options)
    : m_isLazy(options.isLazy)
    , m_keepAliveNs(std::max<Nanos>(options.keepAliveNs, 0))
    , m_minWorkers(options.minWorkers)
{}

void WorkerDemand::setWanted(const Slots& slots, int wanted)
{
    m_wanted = wanted;
    for (const auto& slot : slots) {
        slot->comesOnDemand = m_isLazy;
    }
}

std::uint64_t WorkerDemand::starts(const Slots& slots, std::uint64_t waitingChunks) const
{
    std::uint64_t chunks = waitingChunks;
    std::uint64_t free = 0; // who is there, or about to be, takes one soon
    for (const auto& slot : slots) {
        if (slot->index() >= m_wanted) {
            break;
        }
        if (isIdle(*slot) || slot->phase == WorkerSlot::Phase::Starting) {
            ++free;
        }
        if (slot->holdsWork()) {
            chunks += slot->chunkCount() - 1; // behind the one that runs
        }
    }
    return chunks > free ? chunks - free : 0;
}

void WorkerDemand::dismissIdle(const Slots& slots, bool hasWaiting)
{
    m_nextLookNs = WorkerSlot::kNever;
    if (m_keepAliveNs == 0) {
        return;
    }
    const Nanos now = monotonicNow();
    int staying = stayingWorkers(slots);
    for (auto each = slots.rbegin(); each != slots.rend(); ++each) {
        WorkerSlot& slot = **each;
        const bool hasRested = slot.idleSinceNs != 0 && slot.tasksAtIdleLook == slot.endedTasks();
        if (!isIdle(slot)) {
            slot.idleSinceNs = 0;
            continue;
        }
        if (!hasRested || hasWaiting) {
            slot.idleSinceNs = now;
            slot.tasksAtIdleLook = slot.endedTasks();
        }
        if (staying <= m_minWorkers || hasWaiting) {
            continue;
        }
        if (now - slot.idleSinceNs >= m_keepAliveNs) {
            slot.comesOnDemand = true;
            slot.retireReason = "left after " +
                                std::to_string((now - slot.idleSinceNs) / kNanosPerMilli) +
                                " ms without a task";
            --staying;
        } else if (m_keepAliveNs < WorkerSlot::kNever - slot.idleSinceNs) {
            m_nextLookNs = std::min(m_nextLookNs, slot.idleSinceNs + m_keepAliveNs);
        }
    }
}

bool WorkerDemand::isIdle(const WorkerSlot& slot) noexcept
{
    return slot.phase == WorkerSlot::Phase::Ready && !slot.holdsWork() &&
           slot.retireReason.empty() && !slot.isCutOff;
}

int WorkerDemand::stayingWorkers(const Slots& slots) const
{
    return static_cast<int>(std::count_if(slots.begin(), slots.end(), [this](const auto& slot) {
        return slot->index() < m_wanted && slot->retireReason.empty() &&
               (slot->phase == WorkerSlot::Phase::Starting ||
                slot->phase == WorkerSlot::Phase::Ready);
    }));
}

} // namespace poolscope
