// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/fast_clock.h"
#include "core/base/mutex.h"
#include "core/base/time.h"
#include "core/trace/control_event.h"
#include "core/trace/infrastructure.h"
#include "core/trace/lane.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// The queue at one moment, sampled by the collector.
struct QueueSample
{
    Nanos timeNs = 0;
    std::uint64_t submitted = 0; ///< so far
    std::uint64_t ended = 0; ///< so far
    std::uint32_t running = 0;
    std::uint32_t workers = 0; ///< open lanes

    [[nodiscard]] std::uint64_t queued() const noexcept
    {
        const std::uint64_t begun = ended + running;
        return submitted > begun ? submitted - begun : 0;
    }
    friend bool operator==(const QueueSample&, const QueueSample&) = default;
};

/// Where executors write what happens. Owns the lanes and the control events. One recorder a trace;
/// all times that go in are CLOCK_MONOTONIC minus originNs().
class Recorder
{
public:
    /// \p originNs: the CLOCK_MONOTONIC time that counts as zero. \p executorCount: at least 1.
    /// \p level: what executors shall measure of each task.
    Recorder(Nanos originNs, int executorCount, CostLevel level = CostLevel::Wall);

    [[nodiscard]] Nanos originNs() const noexcept { return m_originNs; }
    [[nodiscard]] CostLevel costLevel() const noexcept { return m_costLevel; }
    /// \return now, from the origin. Any thread.
    [[nodiscard]] Nanos now() const noexcept
    {
        // The fast clock may be a microsecond behind the one the origin was read from.
        return std::max<Nanos>(0, fastNow() - m_originNs);
    }

    /// Adds a lane; it lives as long as the recorder. Tasks on a Queue lane never ran: it has no
    /// costs. Any thread, rare.
    Lane& addLane(LaneInfo info) PS_EXCLUDES(m_mutex);
    /// Puts the event in its place by time. Any thread, rare.
    void addControlEvent(ControlEvent event) PS_EXCLUDES(m_mutex);
    /// Counts tasks that an executor took. Any thread; one add.
    void addSubmitted(int executor, std::uint64_t tasks) noexcept
    {
        m_submitted[static_cast<std::size_t>(executor)].fetch_add(tasks);
        wakeReader();
    }
    /// \return a counter of tasks that the executor took, of one thread at a time, which spares it the add.
    /// It lives as long as the recorder; after an add and a full fence wakeReader() is due. Any thread, rare.
    [[nodiscard]] std::atomic<std::uint64_t>& addSubmitCounter(int executor) PS_EXCLUDES(m_mutex);
    /// \return what addSubmitted() and the counters have come to. Any thread.
    [[nodiscard]] std::uint64_t submitted(int executor) const PS_EXCLUDES(m_mutex);
    /// Something was written that does not follow from tasks that were submitted before. Costs one load
    /// unless the reader rests.
    void wakeReader() noexcept
    {
        if (m_readerRests.load(std::memory_order_relaxed) != 0) {
            endRest();
        }
    }
    /// The one thread that reads all the time may rest while there is nothing to see: it calls this, looks
    /// once more whether there is anything, and then rest() or endRest().
    void beginRest() noexcept;
    /// Sleeps until somebody writes something.
    void rest() const noexcept;
    /// Any thread.
    void endRest() noexcept;
    [[nodiscard]] int executorCount() const noexcept
    {
        return static_cast<int>(m_submitted.size());
    }

    /// \return the number by which spans know what blocks tasks: the same for the same name. Any thread.
    [[nodiscard]] std::uint32_t blockerId(std::string_view name) PS_EXCLUDES(m_mutex);
    /// \return the names, by number. Any thread; a copy.
    [[nodiscard]] std::vector<std::string> blockers() const PS_EXCLUDES(m_mutex);

    /// From now on threads that run no tasks write down when they work. To be called before there are any.
    void recordInfrastructure() noexcept { m_recordsInfrastructure.store(true); }
    [[nodiscard]] bool recordsInfrastructure() const noexcept
    {
        return m_recordsInfrastructure.load();
    }
    /// Adds a lane for such a thread; it lives as long as the recorder. Any thread, rare.
    InfrastructureLane& addInfrastructure(InfrastructureInfo info) PS_EXCLUDES(m_mutex);
    /// \return those lanes in order of creation, with what they hold by now. Any thread; a small copy.
    [[nodiscard]] std::vector<InfrastructureView> infrastructure() const PS_EXCLUDES(m_mutex);

    /// \return the lanes in order of creation. Any thread; a small copy.
    [[nodiscard]] std::vector<Lane*> lanes() const PS_EXCLUDES(m_mutex);
    /// \return bytes of all lanes' records, results, costs and summaries, with what lies ready for more of them. Any
    /// thread.
    [[nodiscard]] std::size_t allocatedBytes() const { return m_store->totalBytes(); }
    /// \return where the lanes have their memory from.
    [[nodiscard]] const std::shared_ptr<SlabStore>& store() const noexcept { return m_store; }
    /// \return the index of \p lane in lanes().
    [[nodiscard]] int indexOf(const Lane& lane) const PS_EXCLUDES(m_mutex);
    /// \return the control events so far by time, shared with earlier callers when nothing was added.
    [[nodiscard]] std::shared_ptr<const std::vector<ControlEvent>> controlEvents() const
        PS_EXCLUDES(m_mutex);

private:
    struct SubmitCounter
    {
        explicit SubmitCounter(int ofExecutor)
            : executor(ofExecutor)
        {}
        int executor;
        alignas(64) std::atomic<std::uint64_t> tasks{0};
    };

    Nanos m_originNs;
    CostLevel m_costLevel;
    alignas(64) std::atomic<std::uint32_t> m_readerRests{0}; ///< futex
    std::deque<std::atomic<std::uint64_t>> m_submitted;
    std::atomic<bool> m_recordsInfrastructure{false};
    const std::shared_ptr<SlabStore> m_store = std::make_shared<SlabStore>(); ///< of all lanes
    mutable Mutex m_mutex;
    std::deque<SubmitCounter> m_submitCounters PS_GUARDED_BY(m_mutex);
    std::vector<std::unique_ptr<Lane>> m_lanes PS_GUARDED_BY(m_mutex);
    std::vector<std::unique_ptr<InfrastructureLane>> m_infrastructure PS_GUARDED_BY(m_mutex);
    std::vector<ControlEvent> m_events PS_GUARDED_BY(m_mutex);
    std::vector<std::string> m_blockers PS_GUARDED_BY(m_mutex); ///< few
    mutable std::shared_ptr<const std::vector<ControlEvent>> m_sharedEvents PS_GUARDED_BY(m_mutex);
};

} // namespace poolscope
