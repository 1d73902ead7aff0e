// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/process_handout.h"

#include "core/base/machine_facts.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace poolscope {

ProcessHandout::ProcessHandout(const ExecutorOptions& options, ProcessQueue& queue,
                               WorkerCrew& crew)
    : m_prefetchedChunks(options.prefetchedChunks)
    , m_processors(usableCpuCount())
    , m_queue(queue)
    , m_crew(crew)
{}

void ProcessHandout::run()
{
    do {
        fillWorkers();
    } while (takeBackForIdleWorker());
    sendOut();
}

/// Everybody's next chunk before anybody's second.
void ProcessHandout::fillWorkers()
{
    while (WorkerSlot* slot = neediest()) {
        std::optional<ProcessWork> work = m_queue.take(
            {slot->tasksWanted(m_prefetchedChunks), m_crew.roomFor(*slot), slot->requestRoom()});
        if (!work) {
            return;
        }
        slot->hand(std::move(*work), m_writer);
    }
}

bool ProcessHandout::canTakeMore(const WorkerSlot& slot) const
{
    return m_crew.isUsable(slot) && m_crew.roomFor(slot) > 0 && slot.requestRoom() > 0;
}

/// \return the worker with the fewest chunks of those that want more; null when none does.
WorkerSlot* ProcessHandout::neediest() const
{
    WorkerSlot* least = nullptr;
    for (const auto& slot : m_crew.slots()) {
        if (canTakeMore(*slot) && slot->tasksWanted(m_prefetchedChunks) > 0 &&
            (least == nullptr || slot->chunkCount() < least->chunkCount())) {
            least = slot.get();
        }
    }
    return least;
}

/// A chunk that waits behind another one at its worker must not wait on while somebody has nothing to do.
/// \return whether there is something to hand out now.
bool ProcessHandout::takeBackForIdleWorker()
{
    const bool isAnyIdle =
        std::any_of(m_crew.slots().begin(), m_crew.slots().end(),
                    [this](const auto& slot) { return canTakeMore(*slot) && !slot->holdsWork(); });
    for (const auto& slot : m_crew.slots()) {
        if (isAnyIdle && slot->chunkCount() > 1) {
            std::vector<ProcessWork> unbegun = slot->takeBackUnbegun();
            if (!unbegun.empty()) {
                m_queue.putBack(std::move(unbegun));
                return true;
            }
        }
    }
    return false;
}

void ProcessHandout::sendOut()
{
    const auto busy = std::count_if(m_crew.slots().begin(), m_crew.slots().end(),
                                    [](const auto& slot) { return slot->holdsWork(); });
    for (const auto& slot : m_crew.slots()) {
        if (slot->phase != WorkerSlot::Phase::Empty) {
            slot->process().setMaySpin(busy < m_processors); // one is for this thread
            slot->process().flush();
            m_crew.poll().watchWrites(slot->process(), slot->index());
        }
    }
}

} // namespace poolscope
