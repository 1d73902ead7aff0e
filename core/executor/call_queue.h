// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/asymmetric_fence.h"
#include "core/base/mutex.h"
#include "core/executor/executor_limits.h"
#include "core/executor/submit_ring.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace poolscope {

/// The calls of one pool that came with default options, on their way from post() to a worker without a
/// lock: a ring for each thread that submits, and a window for each worker, which holds what the worker
/// has claimed and not begun. Calls of one thread are claimed in the order in which they came; what a worker runs came
/// before all that lies in its window, so that a call may always wait for one that came before it.
///
/// A worker claims one call at a time, until its calls turn out to be so short that claiming is what
/// costs; then it claims up to 32. Whoever finds nothing else takes half of a window that does not move. Calls that
/// wait for each other could hang so, where a pool that begins strictly one after the other would have
/// begun both: areStuck() finds that.
///
/// Who may submit, and who must sleep or wake, is decided by the WorkQueue, which owns this. All members:
/// any thread, unless they say so.
class CallQueue
{
public:
    /// One submitting thread's way in.
    struct Producer
    {
        SubmitRing ring;
        // Of that thread, which writes it at every call: nothing that workers read lies in these lines.
        alignas(64) std::uint64_t nextNumber = 0; ///< of the next call that was granted
        std::atomic<std::uint64_t>* submitted = nullptr; ///< in the trace
        /// Index in the ring up to which the thread may submit without asking. Written under the work
        /// queue's lock by that thread.
        std::atomic<std::uint64_t> grantedEnd{0};
        /// Index in the ring below which calls are cancelled unless they have begun.
        alignas(64) std::atomic<std::uint64_t> cancelledBelow{0};
        std::uint32_t number = 0; ///< of the ring
        std::atomic<bool> isInUse{true}; ///< by a living thread
    };
    /// A call that was taken out.
    struct Taken
    {
        std::uint32_t ring = 0;
        std::uint64_t index = 0;
    };
    static constexpr std::uint32_t kMostRings = 1024;
    static constexpr std::uint32_t kMostClaimed = 32;
    /// So long does areStuck() have to see no window move.
    static constexpr Nanos kStuckAfter = 500 * kNanosPerMilli;

    CallQueue();
    ~CallQueue();
    CallQueue(const CallQueue&) = delete;
    CallQueue& operator=(const CallQueue&) = delete;

    // Submitting threads.
    /// \return the calling thread's way in, made at its first call; null when there are too many.
    [[nodiscard]] Producer* ofThisThread();
    /// \return the number of a call that goes another way.
    [[nodiscard]] std::uint64_t nextNumber() noexcept
    {
        return m_numbers.fetch_add(1, std::memory_order_relaxed);
    }

    // Worker of that slot, 0 to kMaxSlots - 1.
    /// Takes the next call of its own window, the rings, or somebody else's window. \p sharers: workers
    /// who want some. \return nullptr when there is none. The one that was taken before is over now.
    [[nodiscard]] TaskSlot* next(int worker, std::uint32_t sharers) noexcept;
    /// Takes one call from the windows of others only.
    [[nodiscard]] TaskSlot* nextOfOthers(int worker) noexcept;
    /// \return whether the call that next() gave is cancelled.
    [[nodiscard]] bool isCancelled(int worker) const noexcept;
    /// The worker turns to something else: what it has taken is over.
    void flush(int worker) noexcept;
    /// The worker leaves. Others take what it has claimed before anything else.
    void abandonWindow(int worker) noexcept;
    /// \return whether the last next() claimed more than it gave.
    [[nodiscard]] bool hasClaimedMore(int worker) const noexcept
    {
        return m_workers[at(worker)].hasClaimedMore;
    }
    /// The worker is about to run \p node: stopCurrents() can find it until endCurrent() returns. To be
    /// called before isCancelled(): either the worker or who cancels sees the other.
    void setCurrent(int worker, TaskNode* node) noexcept
    {
        m_workers[at(worker)].current.store(node, std::memory_order_release); // the node
        lightFence(); // pairs with stopCurrents()
    }
    void endCurrent(int worker) noexcept;
    /// \return whether the worker holds calls that it has claimed and not begun.
    [[nodiscard]] bool hasWindow(int worker) const noexcept
    {
        return sizeOf(m_workers[at(worker)].window.load(std::memory_order_relaxed)) > 0;
    }

    // Whoever steers.
    /// Cancels all calls that have not begun. \return those that nobody has claimed, to be ended by the
    /// caller, who gives their slots back by release().
    [[nodiscard]] std::vector<Taken> cancelAll();
    /// \return whether a call waits that has not begun.
    [[nodiscard]] bool hasWork() const noexcept;
    /// \return calls that have not begun.
    [[nodiscard]] std::uint64_t waiting() const noexcept;
    /// \return waiting(), and those that may come without asking.
    [[nodiscard]] std::uint64_t reserved() const noexcept;
    [[nodiscard]] std::uint64_t published() const noexcept;
    [[nodiscard]] std::uint64_t endedByWorkers() const noexcept;
    [[nodiscard]] std::uint64_t ended() const noexcept
    {
        return m_endedElsewhere.load(std::memory_order_acquire) + endedByWorkers();
    }
    /// \return whether every call that was submitted has ended.
    [[nodiscard]] bool allEnded() const noexcept
    {
        // What has ended is summed up first: it was published before, so that the sums are equal only
        // when nothing is under way.
        const std::uint64_t ended = this->ended();
        return ended == published();
    }
    [[nodiscard]] TaskSlot& slot(const Taken& taken) noexcept
    {
        return ring(taken.ring).slot(taken.index);
    }
    /// Its slot is free again and it counts as ended.
    void release(const Taken& taken) noexcept;
    /// Asks the calls that run on \p workers to stop; after cancelAll(). Some microseconds.
    void stopCurrents(std::span<const int> workers) noexcept;
    /// A grant for \p tasks more, and their numbers.
    void grant(Producer& producer, std::uint64_t tasks) noexcept;
    /// To be called every kStuckAfter, by one thread at a time, while workers hold windows.
    /// \return whether calls wait in windows of which none has moved since the last time: from now on
    /// workers claim one call at a time, and somebody has to run nextOfOthers().
    [[nodiscard]] bool areStuck() noexcept;
    /// \return whether any worker holds calls that it has claimed and not begun.
    [[nodiscard]] bool hasWindows() const noexcept;

private:
    // A window in one word: index of its first call, its ring, its size.
    static constexpr unsigned kRingShift = 6;
    static constexpr unsigned kIndexShift = 16;
    static std::uint64_t windowOf(const Taken& first, std::uint64_t size) noexcept
    {
        return first.index << kIndexShift | std::uint64_t{first.ring} << kRingShift | size;
    }
    static std::uint64_t sizeOf(std::uint64_t window) noexcept
    {
        return window & ((std::uint64_t{1} << kRingShift) - 1);
    }
    static Taken firstOf(std::uint64_t window) noexcept
    {
        return {static_cast<std::uint32_t>(window >> kRingShift) & (kMostRings - 1),
                window >> kIndexShift};
    }
    /// \return the window without its first \p taken calls.
    static std::uint64_t restOf(std::uint64_t window, std::uint64_t taken) noexcept
    {
        return window + (taken << kIndexShift) - taken;
    }

    struct alignas(128) Worker // two lines: processors fetch them in pairs
    {
        std::atomic<std::uint64_t> window{0}; ///< filled by the worker, emptied by anybody
        std::atomic<bool> isTaking{false}; ///< the worker takes from its window, see takeOwn()
        std::atomic<int> seizers{0}; ///< others who take from it, see seize()
        std::atomic<TaskNode*> current{nullptr}; ///< what it runs, if that has a node
        std::atomic<std::uint64_t> ended{0};
        std::atomic<bool> isAbandoned{false}; ///< the window
        // Of the worker alone:
        Taken running;
        Taken over; ///< the last one that is over, and how many of its block
        std::uint32_t overCount = 0;
        bool isRunning = false;
        bool hasClaimedMore = false;
        bool areCallsTiny = false; ///< as fast as who submits them
        std::uint32_t nextRing = 0;
        std::uint32_t claims = 1; ///< calls at a time
        std::uint32_t lastClaimed = 1;
        Nanos claimedNs = 0; ///< when it did last
        std::uint64_t seenWindow = 0; ///< by areStuck()
    };

    static std::size_t at(int worker) noexcept { return static_cast<std::size_t>(worker); }
    [[nodiscard]] Producer& producer(std::uint32_t number) const noexcept
    {
        return *m_producersByNumber[number].load(std::memory_order_acquire); // pairs with adopt()
    }
    [[nodiscard]] SubmitRing& ring(std::uint32_t number) const noexcept
    {
        return producer(number).ring;
    }
    [[nodiscard]] std::uint32_t ringCount() const noexcept
    {
        return m_ringCount.load(std::memory_order_acquire);
    }
    [[nodiscard]] std::shared_ptr<Producer> adopt() PS_EXCLUDES(m_mutex);
    Worker& enter(int worker) noexcept;
    [[nodiscard]] static bool takeOwn(Worker& self, Taken& taken) noexcept;
    [[nodiscard]] static std::uint64_t seize(Worker& owner, std::uint64_t most,
                                             Taken& first) noexcept;
    static bool fill(Worker& self, Taken first, std::uint64_t claimed) noexcept;
    [[nodiscard]] bool refill(Worker& self, std::uint32_t sharers) noexcept;
    [[nodiscard]] bool rob(Worker& self) noexcept;
    [[nodiscard]] static bool isMoving(const Worker& owner) noexcept;
    [[nodiscard]] bool takeAbandoned(Worker& self) noexcept;
    static void letSomeCome(const SubmitRing& ring) noexcept;
    static void adaptClaims(Worker& self, std::uint32_t claimed) noexcept;
    void retire(Worker& self) noexcept;
    void giveBack(Worker& self) noexcept;

    const std::uint64_t m_id; ///< no other queue of this process ever has it
    std::array<std::atomic<Producer*>, kMostRings> m_producersByNumber{};
    std::atomic<std::uint32_t> m_ringCount{0};
    std::atomic<int> m_workerCount{0}; ///< slots that were ever used
    std::atomic<int> m_abandoned{0}; ///< windows
    std::atomic<std::uint32_t> m_mostClaimed{kMostClaimed};
    std::atomic<int> m_stoppers{0}; ///< threads in stopCurrents()
    std::array<Worker, kMaxSlots> m_workers;
    alignas(64) std::atomic<std::uint64_t> m_numbers{0};
    std::atomic<std::uint64_t> m_endedElsewhere{0};

    Mutex m_mutex;
    std::vector<std::shared_ptr<Producer>> m_producers PS_GUARDED_BY(m_mutex); ///< by number
};

} // namespace poolscope
