// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/soak/orders.h"

#include "tests/soak/process_tree.h"

#include <unistd.h>

#include <algorithm>

namespace poolscope::soak {

namespace {

constexpr int kMostWorkers = 5;

struct Share
{
    Order order;
    std::uint64_t weight;
};

// Orders that end much are rare: else nothing would ever run.
constexpr std::array kShares{
    Share{Order::Resize, 25},     Share{Order::Pause, 10},      Share{Order::CancelFuture, 30},
    Share{Order::CancelGroup, 8}, Share{Order::CancelBatch, 4}, Share{Order::CancelPending, 3},
    Share{Order::CancelAll, 2},   Share{Order::KillAll, 1},     Share{Order::KillWorker, 15},
    Share{Order::KillReaper, 1},
};

Order randomOrder(Random& random)
{
    constexpr std::uint64_t kSum = [] {
        std::uint64_t sum = 0;
        for (const Share& share : kShares) {
            sum += share.weight;
        }
        return sum;
    }();
    std::uint64_t at = draw(random, kSum);
    for (const Share& share : kShares) {
        if (at < share.weight) {
            return share.order;
        }
        at -= share.weight;
    }
    return Order::Resize;
}

void waitMicros(Random& random, std::uint64_t most)
{
    const StopFlag never;
    never.waitFor(static_cast<Nanos>(draw(random, most)) * kNanosPerMicro);
}

/// \return the processes of the workers that have begun a task, by the trace. To kill one after the other
/// before they have is to break the pool, as it should: nobody can say that its program works at all.
std::vector<pid_t> provenWorkers(const Ward& ward)
{
    std::vector<pid_t> workers;
    for (const Lane* lane : ward.recorder.lanes()) {
        const auto lives = lane->lives();
        if (lane->info().executor != ward.index || lives->empty() || lives->back().closedNs >= 0) {
            continue;
        }
        const std::uint64_t records = lane->recordCount();
        if (records > 0 && lane->record(records - 1).startNs >= lives->back().openedNs) {
            workers.push_back(lives->back().processId);
        }
    }
    return workers;
}

/// \return whether somebody was killed.
bool killOne(Order order, const Ward& ward, Random& random)
{
    const std::vector<pid_t> reapers = childrenOf(::getpid());
    const std::vector<pid_t> workers = provenWorkers(ward);
    if (reapers.empty() || workers.empty()) {
        return false;
    }
    const pid_t reaper = reapers[draw(random, reapers.size())];
    return order == Order::KillReaper ? killChild(reaper, ::getpid())
                                      : killChild(workers[draw(random, workers.size())], reaper);
}

/// \return whether the order could be given.
bool give(Order order, const Ward& ward, Random& random)
{
    Executor& executor = ward.executor;
    const CancelMode mode = draw(random, 3) == 0 ? CancelMode::Kill : CancelMode::Soft;
    switch (order) {
    case Order::Resize:
        executor.resize(1 + static_cast<int>(draw(random, kMostWorkers)));
        break;
    case Order::Pause:
        executor.pause();
        waitMicros(random, 5000);
        executor.resume();
        break;
    case Order::CancelFuture:
        ward.submitter.cancelOne(random);
        break;
    case Order::CancelGroup:
        executor.cancelGroup(1 + draw(random, kGroups), mode);
        break;
    case Order::CancelBatch:
        if (const CompletionListener* newest = ward.submitter.newestBatch()) {
            executor.cancelOnly({newest, 0, nullptr}, mode);
        }
        break;
    case Order::CancelPending:
        executor.cancelPending();
        break;
    case Order::CancelAll:
        executor.cancel();
        break;
    case Order::KillAll:
        executor.kill();
        break;
    case Order::KillWorker:
    case Order::KillReaper:
        return killOne(order, ward, random);
    }
    return true;
}

} // namespace

const char* toText(Order order) noexcept
{
    constexpr std::array<const char*, kOrderCount> kNames{
        "resize",         "pause and resume", "cancel a future", "cancel a group",
        "cancel a batch", "cancel pending",   "cancel all",      "kill all",
        "kill -9 worker", "kill -9 reaper"};
    return kNames[static_cast<std::size_t>(order)];
}

OrderCounts giveOrders(const Ward& ward, std::uint64_t seed, Nanos deadlineNs)
{
    OrderCounts counts{};
    Random random(seed);
    while (monotonicNow() < deadlineNs) {
        const Order order = randomOrder(random);
        if (order < Order::KillWorker || ward.hasProcesses) {
            const bool wasGiven = give(order, ward, random);
            counts[static_cast<std::size_t>(order)] += wasGiven ? 1 : 0;
        }
        waitMicros(random, ward.hasProcesses ? 30'000 : 10'000);
    }
    return counts;
}

} // namespace poolscope::soak
