// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/claimed_batch.h"
#include "core/executor/submit_ring.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <set>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

constexpr std::uint64_t kAll = 1;

/// Submits the numbers [first, first + count).
void submit(SubmitRing& ring, std::uint64_t first, std::uint64_t count)
{
    for (std::uint64_t i = first; i < first + count; ++i) {
        TaskSlot* slot = ring.nextSlot();
        QVERIFY(slot != nullptr);
        slot->task = i;
        ring.publish();
    }
}

/// Claims and releases everything. \return the numbers in the order they came.
std::vector<std::uint64_t> takeAll(SubmitRing& ring)
{
    std::vector<std::uint64_t> tasks;
    for (auto claim = ring.claim(100, kAll); claim.count > 0; claim = ring.claim(100, kAll)) {
        for (std::uint64_t i = claim.first; i < claim.first + claim.count; ++i) {
            tasks.push_back(ring.slot(i).task);
        }
        ring.release(claim.first, claim.count);
    }
    return tasks;
}

/// One worker of the stress test: takes, lets itself be robbed, robs.
struct Taker
{
    ClaimedBatch batch;
    std::vector<std::uint64_t> tasks;
};

void run(SubmitRing& ring, Taker& self, std::uint64_t index)
{
    self.tasks.push_back(ring.slot(index).task);
    ring.release(index, 1);
}

void work(SubmitRing& ring, std::vector<std::unique_ptr<Taker>>& takers, std::size_t number,
          const std::atomic<bool>& hasEnded)
{
    Taker& self = *takers[number];
    ClaimedBatch& neighbour = takers[(number + 1) % takers.size()]->batch;
    for (;;) {
        const bool mayLeave = hasEnded.load();
        const auto claim = ring.claim(32, takers.size());
        self.batch.set({0, claim.first, claim.count});
        for (auto next = self.batch.takeNext(); next.count > 0; next = self.batch.takeNext()) {
            run(ring, self, next.first);
        }
        const auto robbed = neighbour.takeHalf();
        for (std::uint32_t i = 0; i < robbed.count; ++i) {
            run(ring, self, robbed.first + i);
        }
        if (claim.count + robbed.count == 0 && mayLeave) {
            return;
        }
    }
}

} // namespace

class TstSubmitRing : public QObject
{
    Q_OBJECT

private slots:
    void emptyRingGivesNothing();
    void tasksComeInTheOrderTheyWent();
    void unpublishedTaskIsNotTaken();
    void claimTakesFairShare();
    void placesAreUsedAgain();
    void longTaskHoldsNoMoreThanItsBlock();
    void fullRingSaysSo();
    void batchGivesOneAfterTheOther();
    void batchGivesLaterHalfAway();
    void batchGivesAllAway();
    void everyTaskIsTakenOnce();
};

void TstSubmitRing::emptyRingGivesNothing()
{
    SubmitRing ring;
    QCOMPARE(ring.claim(8, kAll).count, 0U);
    QCOMPARE(ring.waiting(), std::uint64_t{0});
}

void TstSubmitRing::tasksComeInTheOrderTheyWent()
{
    SubmitRing ring;
    submit(ring, 0, 5'000); // a few blocks
    QCOMPARE(ring.waiting(), std::uint64_t{5'000});
    const std::vector<std::uint64_t> tasks = takeAll(ring);
    QCOMPARE(tasks.size(), std::size_t{5'000});
    for (std::uint64_t i = 0; i < tasks.size(); ++i) {
        QCOMPARE(tasks[i], i);
    }
    QCOMPARE(ring.waiting(), std::uint64_t{0});
}

void TstSubmitRing::unpublishedTaskIsNotTaken()
{
    SubmitRing ring;
    submit(ring, 0, 1);
    ring.nextSlot()->task = 99;
    QCOMPARE(takeAll(ring), std::vector<std::uint64_t>{0});
    ring.publish();
    QCOMPARE(takeAll(ring), std::vector<std::uint64_t>{99});
}

void TstSubmitRing::claimTakesFairShare()
{
    SubmitRing ring;
    submit(ring, 0, 100);
    QCOMPARE(ring.claim(32, 4).count, 25U);
    QCOMPARE(ring.claim(8, 4).count, 8U);
    QCOMPARE(ring.claim(8, 1'000).count, 1U);
}

void TstSubmitRing::placesAreUsedAgain()
{
    SubmitRing ring;
    std::set<const TaskSlot*> places;
    for (std::uint64_t i = 0; i < 20 * SubmitRing::kBlockSlots; ++i) {
        places.insert(ring.nextSlot());
        submit(ring, i, 1);
        QCOMPARE(takeAll(ring), std::vector<std::uint64_t>{i});
    }
    QVERIFY(places.size() <= 2 * SubmitRing::kBlockSlots);
}

void TstSubmitRing::longTaskHoldsNoMoreThanItsBlock()
{
    SubmitRing ring;
    submit(ring, 0, 1);
    const auto held = ring.claim(1, kAll);
    TaskSlot& place = ring.slot(held.first);
    std::set<const TaskSlot*> places;
    for (std::uint64_t i = 1; i < 20 * SubmitRing::kBlockSlots; ++i) {
        places.insert(ring.nextSlot());
        submit(ring, i, 1);
        QCOMPARE(takeAll(ring), std::vector<std::uint64_t>{i});
    }
    QCOMPARE(place.task, std::uint64_t{0});
    QVERIFY(!places.contains(&place));
    QVERIFY(places.size() <= 4 * SubmitRing::kBlockSlots);
    ring.release(held.first, 1);
}

void TstSubmitRing::fullRingSaysSo()
{
    SubmitRing ring;
    submit(ring, 0, 1);
    const auto held = ring.claim(1, kAll);
    // All others come and go; the first block is never over.
    std::uint64_t taken = 1;
    while (TaskSlot* slot = ring.nextSlot()) {
        slot->task = taken;
        ring.publish();
        const auto claim = ring.claim(1, kAll);
        ring.release(claim.first, claim.count);
        ++taken;
    }
    QVERIFY(taken >= SubmitRing::kMostTasks);
    ring.release(held.first, 1);
    QVERIFY(ring.nextSlot() != nullptr);
}

void TstSubmitRing::batchGivesOneAfterTheOther()
{
    ClaimedBatch batch;
    QCOMPARE(batch.takeNext().count, 0U);
    batch.set({1'023, 77, 3});
    for (std::uint64_t i = 77; i < 80; ++i) {
        const auto next = batch.takeNext();
        QCOMPARE(next.count, 1U);
        QCOMPARE(next.first, i);
        QCOMPARE(next.ring, 1'023U);
    }
    QCOMPARE(batch.takeNext().count, 0U);
}

void TstSubmitRing::batchGivesLaterHalfAway()
{
    ClaimedBatch batch;
    batch.set({5, 10, 5});
    const auto half = batch.takeHalf();
    QCOMPARE(half.first, std::uint64_t{12});
    QCOMPARE(half.count, 3U);
    QCOMPARE(half.ring, 5U);
    QCOMPARE(batch.waiting(), 2U);
    QCOMPARE(batch.takeNext().first, std::uint64_t{10});
    QCOMPARE(batch.takeHalf().first, std::uint64_t{11});
    QCOMPARE(batch.takeHalf().count, 0U);
}

void TstSubmitRing::batchGivesAllAway()
{
    ClaimedBatch batch;
    batch.set({0, 10, 255});
    QCOMPARE(batch.takeAll().count, 255U);
    QCOMPARE(batch.waiting(), 0U);
}

void TstSubmitRing::everyTaskIsTakenOnce()
{
    constexpr std::uint64_t kTasks = 300'000;
    SubmitRing ring;
    std::vector<std::unique_ptr<Taker>> takers;
    for (int i = 0; i < 3; ++i) {
        takers.push_back(std::make_unique<Taker>());
    }
    std::atomic<bool> hasEnded{false};
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < takers.size(); ++i) {
            threads.emplace_back([&, i] { work(ring, takers, i, hasEnded); });
        }
        submit(ring, 0, kTasks);
        hasEnded = true;
    }
    std::vector<int> times(kTasks, 0);
    for (const auto& taker : takers) {
        for (const std::uint64_t task : taker->tasks) {
            ++times[task];
        }
    }
    QCOMPARE(std::count(times.begin(), times.end(), 1), static_cast<std::ptrdiff_t>(kTasks));
}

QTEST_GUILESS_MAIN(TstSubmitRing)
#include "tst_submit_ring.moc"
