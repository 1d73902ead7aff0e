// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/recorder.h"

#include "core/base/asymmetric_fence.h"
#include "core/base/full_fence.h"
#include "core/base/futex.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace poolscope {

Recorder::Recorder(Nanos originNs, int executorCount, CostLevel level)
    : m_originNs(originNs)
    , m_costLevel(level)
    , m_submitted(static_cast<std::size_t>(executorCount))
{
    assert(executorCount >= 1);
}

Lane& Recorder::addLane(LaneInfo info)
{
    assert(info.executor >= 0 && info.executor < executorCount());
    const CostLevel level = info.kind == LaneKind::Queue ? CostLevel::Wall : m_costLevel;
    auto lane = std::make_unique<Lane>(info, level, m_store);
    MutexLock lock(m_mutex);
    m_lanes.push_back(std::move(lane));
    return *m_lanes.back();
}

InfrastructureLane& Recorder::addInfrastructure(InfrastructureInfo info)
{
    assert(info.executor >= -1 && info.executor < executorCount());
    auto lane = std::make_unique<InfrastructureLane>(std::move(info));
    MutexLock lock(m_mutex);
    m_infrastructure.push_back(std::move(lane));
    return *m_infrastructure.back();
}

std::vector<InfrastructureView> Recorder::infrastructure() const
{
    MutexLock lock(m_mutex);
    std::vector<InfrastructureView> views;
    for (const auto& lane : m_infrastructure) {
        views.push_back({lane.get(), lane->spanCount()});
    }
    return views;
}

void Recorder::addControlEvent(ControlEvent event)
{
    {
        MutexLock lock(m_mutex);
        // From the end: threads stamp first and come here in any order, but never by much.
        auto place = m_events.end();
        while (place != m_events.begin() && std::prev(place)->timeNs > event.timeNs) {
            --place;
        }
        m_events.insert(place, std::move(event));
        m_sharedEvents = nullptr;
    }
    fullFence(); // pairs with beginRest()
    wakeReader();
}

void Recorder::beginRest() noexcept
{
    m_readerRests.store(1, std::memory_order_relaxed);
    heavyFence(); // before the reader's last look; pairs with whoever submits calls
}

void Recorder::rest() const noexcept
{
    futexWait(m_readerRests, 1, kNever);
}

void Recorder::endRest() noexcept
{
    if (m_readerRests.exchange(0) != 0) {
        futexWakeAll(m_readerRests);
    }
}

std::atomic<std::uint64_t>& Recorder::addSubmitCounter(int executor)
{
    const MutexLock lock(m_mutex);
    return m_submitCounters.emplace_back(executor).tasks;
}

std::uint64_t Recorder::submitted(int executor) const
{
    const MutexLock lock(m_mutex);
    std::uint64_t tasks =
        m_submitted[static_cast<std::size_t>(executor)].load(std::memory_order_relaxed);
    for (const SubmitCounter& counter : m_submitCounters) {
        tasks += counter.executor == executor ? counter.tasks.load(std::memory_order_relaxed) : 0;
    }
    return tasks;
}

std::uint32_t Recorder::blockerId(std::string_view name)
{
    MutexLock lock(m_mutex);
    constexpr std::size_t kMost = 1000; // looked through one by one
    const auto found = std::find(m_blockers.begin(), m_blockers.end(), name);
    const auto id = static_cast<std::uint32_t>(found - m_blockers.begin());
    if (found == m_blockers.end() && m_blockers.size() == kMost) {
        return id - 1;
    }
    if (found == m_blockers.end()) {
        m_blockers.emplace_back(m_blockers.size() == kMost - 1 ? "others" : name);
    }
    return id;
}

std::vector<std::string> Recorder::blockers() const
{
    MutexLock lock(m_mutex);
    return m_blockers;
}

std::vector<Lane*> Recorder::lanes() const
{
    MutexLock lock(m_mutex);
    std::vector<Lane*> lanes;
    lanes.reserve(m_lanes.size());
    for (const auto& lane : m_lanes) {
        lanes.push_back(lane.get());
    }
    return lanes;
}

int Recorder::indexOf(const Lane& lane) const
{
    MutexLock lock(m_mutex);
    const auto found = std::find_if(m_lanes.begin(), m_lanes.end(),
                                    [&lane](const auto& own) { return own.get() == &lane; });
    assert(found != m_lanes.end());
    return static_cast<int>(found - m_lanes.begin());
}

std::shared_ptr<const std::vector<ControlEvent>> Recorder::controlEvents() const
{
    MutexLock lock(m_mutex);
    if (!m_sharedEvents) {
        m_sharedEvents = std::make_shared<const std::vector<ControlEvent>>(m_events);
    }
    return m_sharedEvents;
}

} // namespace poolscope
