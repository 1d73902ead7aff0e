// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/call_queue.h"

#include "core/base/fast_clock.h"
#include "core/base/full_fence.h"
#include "core/base/pause_briefly.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace poolscope {

namespace {

std::uint64_t newQueueId()
{
    static std::atomic<std::uint64_t> next{1};
    return next.fetch_add(1, std::memory_order_relaxed);
}

/// The ways into queues that one thread has; they are free for other threads once it has gone.
struct ThreadProducers
{
    struct Entry
    {
        std::uint64_t queue;
        std::shared_ptr<CallQueue::Producer> producer;
    };

    ThreadProducers() = default;
    ~ThreadProducers()
    {
        for (const Entry& entry : entries) {
            // Releases what this thread knows of its ring; pairs with adopt().
            entry.producer->isInUse.store(false, std::memory_order_release);
        }
    }
    ThreadProducers(const ThreadProducers&) = delete;
    ThreadProducers& operator=(const ThreadProducers&) = delete;

    void forgetQueuesThatWent()
    {
        std::erase_if(entries, [](const Entry& entry) { return entry.producer.use_count() == 1; });
    }

    std::vector<Entry> entries;
};

thread_local ThreadProducers theProducers;
// The one used last: mostly the only one.
thread_local std::uint64_t theLastQueue = 0;
thread_local CallQueue::Producer* theLastProducer = nullptr;

} // namespace

CallQueue::CallQueue()
    : m_id(newQueueId())
{}

CallQueue::~CallQueue() = default;

CallQueue::Producer* CallQueue::ofThisThread()
{
    if (theLastQueue == m_id) {
        return theLastProducer;
    }
    std::vector<ThreadProducers::Entry>& entries = theProducers.entries;
    auto entry = std::find_if(entries.begin(), entries.end(),
                              [this](const auto& each) { return each.queue == m_id; });
    if (entry == entries.end()) {
        theProducers.forgetQueuesThatWent();
        entries.push_back({m_id, adopt()});
        entry = std::prev(entries.end());
    }
    if (!entry->producer) {
        entries.erase(entry);
        return nullptr;
    }
    theLastQueue = m_id;
    theLastProducer = entry->producer.get();
    return theLastProducer;
}

/// \return a way in that its thread has left, or a new one; null when there are too many.
std::shared_ptr<CallQueue::Producer> CallQueue::adopt()
{
    const MutexLock lock(m_mutex);
    for (const std::shared_ptr<Producer>& producer : m_producers) {
        if (!producer->isInUse.load(std::memory_order_acquire)) { // pairs with ~ThreadProducers()
            producer->isInUse.store(true, std::memory_order_relaxed);
            return producer;
        }
    }
    if (m_producers.size() == kMostRings) {
        return nullptr;
    }
    auto producer = std::make_shared<Producer>();
    producer->number = static_cast<std::uint32_t>(m_producers.size());
    m_producers.push_back(producer);
    m_producersByNumber[producer->number].store(producer.get(),
                                                std::memory_order_release); // pairs with producer()
    m_ringCount.store(producer->number + 1, std::memory_order_release);
    return producer;
}

CallQueue::Worker& CallQueue::enter(int worker) noexcept
{
    int count = m_workerCount.load(std::memory_order_relaxed);
    while (count <= worker && !m_workerCount.compare_exchange_weak(count, worker + 1)) {
    }
    return m_workers[at(worker)];
}

TaskSlot* CallQueue::next(int worker, std::uint32_t sharers) noexcept
{
    Worker& self = enter(worker);
    retire(self);
    self.hasClaimedMore = false;
    self.isRunning =
        takeOwn(self, self.running) || takeAbandoned(self) || refill(self, sharers) || rob(self);
    return self.isRunning ? &slot(self.running) : nullptr;
}

TaskSlot* CallQueue::nextOfOthers(int worker) noexcept
{
    Worker& self = enter(worker);
    retire(self);
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers && !self.isRunning; ++i) {
        self.isRunning = seize(m_workers[at(i)], 1, self.running) > 0;
    }
    return self.isRunning ? &slot(self.running) : nullptr;
}

bool CallQueue::isCancelled(int worker) const noexcept
{
    const Taken& running = m_workers[at(worker)].running;
    return running.index < producer(running.ring).cancelledBelow.load();
}

/// Takes the first call of the worker's own window. No locked operation, as it does so for every call: that would
/// wait until all it has just written, the record of the last call above all, has reached the cache.
bool CallQueue::takeOwn(Worker& self, Taken& taken) noexcept
{
    if (sizeOf(self.window.load(std::memory_order_relaxed)) == 0) {
        return false; // it alone fills the window
    }
    self.isTaking.store(true, std::memory_order_relaxed);
    lightFence(); // pairs with seize(): that one sees isTaking, or this one sees that it is not alone
    const bool isAlone = self.seizers.load(std::memory_order_acquire) == 0; // what seize() left
    std::uint64_t window = self.window.load(std::memory_order_acquire);
    bool hasTaken = false;
    while (!hasTaken && sizeOf(window) > 0) {
        taken = firstOf(window);
        const std::uint64_t rest = restOf(window, 1);
        if (isAlone) {
            self.window.store(rest, std::memory_order_release); // the slots, as fill() did
            hasTaken = true;
        } else {
            hasTaken = self.window.compare_exchange_weak(window, rest, std::memory_order_acq_rel,
                                                         std::memory_order_acquire);
        }
    }
    self.isTaking.store(false, std::memory_order_release);
    return hasTaken;
}

/// Takes up to \p most of the first calls of \p owner's window. Some microseconds, unless it is empty.
/// \return how many.
std::uint64_t CallQueue::seize(Worker& owner, std::uint64_t most, Taken& first) noexcept
{
    if (sizeOf(owner.window.load(std::memory_order_relaxed)) == 0) {
        return 0;
    }
    owner.seizers.fetch_add(1, std::memory_order_relaxed);
    heavyFence(); // pairs with takeOwn()
    while (owner.isTaking.load(std::memory_order_acquire)) {
        std::this_thread::yield(); // it may have begun to when it was alone
    }
    std::uint64_t window = owner.window.load(std::memory_order_acquire); // the slots, see fill()
    std::uint64_t taken = 0;
    do {
        taken = std::min(sizeOf(window), most);
    } while (taken > 0 && !owner.window.compare_exchange_weak(window, restOf(window, taken),
                                                              std::memory_order_acq_rel,
                                                              std::memory_order_acquire));
    owner.seizers.fetch_sub(1, std::memory_order_release); // pairs with takeOwn()
    first = firstOf(window);
    return taken;
}

/// The worker, whose window is empty, has claimed so many calls. \return true.
bool CallQueue::fill(Worker& self, Taken first, std::uint64_t claimed) noexcept
{
    self.running = first;
    ++first.index;
    self.window.store(windowOf(first, claimed - 1), std::memory_order_release);
    self.hasClaimedMore = claimed > 1;
    return true;
}

bool CallQueue::refill(Worker& self, std::uint32_t sharers) noexcept
{
    const std::uint32_t rings = ringCount();
    for (std::uint32_t i = 0; i < rings; ++i) {
        // One ring after the other, so that each gets its turn.
        const std::uint32_t number = self.nextRing < rings ? self.nextRing : 0;
        self.nextRing = number + 1;
        Taken first{number, 0};
        const std::uint32_t most =
            std::min(self.claims, m_mostClaimed.load(std::memory_order_relaxed));
        if (most == kMostClaimed && self.areCallsTiny) {
            letSomeCome(ring(number));
        }
        const std::uint32_t claimed = ring(number).claim(first.index, most, 2 * sharers);
        if (claimed > 0) {
            adaptClaims(self, claimed);
            return fill(self, first, claimed);
        }
    }
    return false;
}

/// Where calls are so short that a worker keeps up with who submits them, it leaves that thread alone for a
/// moment: who looks at the end of the ring after each call takes it away from there each time.
void CallQueue::letSomeCome(const SubmitRing& ring) noexcept
{
    constexpr int kMostPauses = 24; // some hundred nanoseconds
    if (const std::uint64_t waiting = ring.waiting(); waiting == 0 || waiting >= kMostClaimed) {
        return;
    }
    for (int i = 0; i < kMostPauses; ++i) {
        pauseBriefly();
    }
}

/// Claims more at a time while calls are over soon: each claim takes the ring's count away from the other workers.
void CallQueue::adaptClaims(Worker& self, std::uint32_t claimed) noexcept
{
    constexpr Nanos kTiny = 500;
    constexpr Nanos kShort = 1500;
    const Nanos now = fastNow();
    const Nanos took = now - std::exchange(self.claimedNs, now);
    const Nanos each = took / std::exchange(self.lastClaimed, claimed);
    self.areCallsTiny = each < kTiny;
    if (each < kShort) {
        self.claims = std::min(2 * self.claims, kMostClaimed);
    } else if (each > 2 * kShort) {
        self.claims = std::max(self.claims / 2, 1U);
    }
}

/// Takes half of the first window that does not move: its worker is at something longer, or waits for a processor. One
/// that does is through with its calls before they could be had.
bool CallQueue::rob(Worker& self) noexcept
{
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers; ++i) {
        Worker& owner = m_workers[at(i)];
        if (isMoving(owner)) {
            continue;
        }
        const std::uint64_t size = sizeOf(owner.window.load(std::memory_order_relaxed));
        const std::uint64_t most = m_mostClaimed.load(std::memory_order_relaxed);
        Taken first;
        if (const std::uint64_t taken = seize(owner, std::min((size + 1) / 2, most), first)) {
            return fill(self, first, taken);
        }
    }
    return false;
}

/// Looks for up to a microsecond. \return whether \p owner gets on with its calls; true when it has none.
bool CallQueue::isMoving(const Worker& owner) noexcept
{
    constexpr Nanos kLook = kNanosPerMicro;
    const std::uint64_t window = owner.window.load(std::memory_order_relaxed);
    if (sizeOf(window) == 0) {
        return true;
    }
    const Nanos until = fastNow() + kLook;
    while (owner.window.load(std::memory_order_relaxed) == window) {
        if (fastNow() >= until) {
            return false;
        }
        pauseBriefly();
    }
    return true;
}

void CallQueue::flush(int worker) noexcept
{
    Worker& self = m_workers[at(worker)];
    retire(self);
    giveBack(self);
    fullFence(); // before the look whether somebody waits for the last end
}

void CallQueue::abandonWindow(int worker) noexcept
{
    if (hasWindow(worker) && !m_workers[at(worker)].isAbandoned.exchange(true)) {
        ++m_abandoned;
    }
}

bool CallQueue::takeAbandoned(Worker& self) noexcept
{
    if (m_abandoned.load(std::memory_order_relaxed) == 0) {
        return false;
    }
    const int workers = m_workerCount.load(std::memory_order_relaxed);
    for (int i = 0; i < workers; ++i) {
        Worker& owner = m_workers[at(i)];
        if (!owner.isAbandoned.load(std::memory_order_relaxed)) {
            continue;
        }
        Taken first;
        const std::uint64_t taken =
            seize(owner, m_mostClaimed.load(std::memory_order_relaxed), first);
        if (taken > 0) {
            return fill(self, first, taken);
        }
        if (owner.isAbandoned.exchange(false)) {
            --m_abandoned;
        }
    }
    return false;
}

/// The task that ran is over: its slot will be given back together with others of its block.
void CallQueue::retire(Worker& self) noexcept
{
    if (!std::exchange(self.isRunning, false)) {
        return;
    }
    // Releases what the task did to whoever finds that all have ended; pairs with endedByWorkers().
    self.ended.store(self.ended.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    const bool isSameBlock =
        self.over.ring == self.running.ring &&
        self.over.index / SubmitRing::kBlockSlots == self.running.index / SubmitRing::kBlockSlots;
    if (!isSameBlock) {
        giveBack(self);
    }
    self.over = self.running;
    ++self.overCount;
}

void CallQueue::giveBack(Worker& self) noexcept
{
    if (self.overCount > 0) {
        ring(self.over.ring).release(self.over.index, std::exchange(self.overCount, 0));
    }
}

void CallQueue::endCurrent(int worker) noexcept
{
    m_workers[at(worker)].current.store(nullptr, std::memory_order_relaxed);
    lightFence(); // pairs with stopCurrents()
    // Whoever found the node is done with it soon; acquires what was done to it.
    while (m_stoppers.load(std::memory_order_acquire) != 0) {
        std::this_thread::yield();
    }
}

} // namespace poolscope
