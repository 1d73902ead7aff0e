// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/submit_ring.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <set>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

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
    std::uint64_t index = 0;
    while (ring.claim(index) > 0) {
        tasks.push_back(ring.slot(index).task);
        ring.release(index, 1);
    }
    return tasks;
}

} // namespace

class TstSubmitRing : public QObject
{
    Q_OBJECT

private slots:
    void emptyRingGivesNothing();
    void tasksComeInTheOrderTheyWent();
    void unpublishedTaskIsNotTaken();
    void placesAreUsedAgain();
    void longTaskHoldsNoMoreThanItsBlock();
    void fullRingSaysSo();
    void everyTaskIsTakenOnce();
};

void TstSubmitRing::emptyRingGivesNothing()
{
    SubmitRing ring;
    std::uint64_t index = 0;
    QCOMPARE(ring.claim(index), 0U);
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
    std::uint64_t held = 0;
    QVERIFY(ring.claim(held) == 1);
    TaskSlot& place = ring.slot(held);
    std::set<const TaskSlot*> places;
    for (std::uint64_t i = 1; i < 20 * SubmitRing::kBlockSlots; ++i) {
        places.insert(ring.nextSlot());
        submit(ring, i, 1);
        QCOMPARE(takeAll(ring), std::vector<std::uint64_t>{i});
    }
    QCOMPARE(place.task, std::uint64_t{0});
    QVERIFY(!places.contains(&place));
    QVERIFY(places.size() <= 4 * SubmitRing::kBlockSlots);
    ring.release(held, 1);
}

void TstSubmitRing::fullRingSaysSo()
{
    SubmitRing ring;
    submit(ring, 0, 1);
    std::uint64_t held = 0;
    QVERIFY(ring.claim(held) == 1);
    // All others come and go; the first block is never over.
    std::uint64_t taken = 1;
    while (TaskSlot* slot = ring.nextSlot()) {
        slot->task = taken;
        ring.publish();
        std::uint64_t index = 0;
        QVERIFY(ring.claim(index) == 1);
        ring.release(index, 1);
        ++taken;
    }
    QVERIFY(taken >= SubmitRing::kMostTasks);
    ring.release(held, 1);
    QVERIFY(ring.nextSlot() != nullptr);
}

void TstSubmitRing::everyTaskIsTakenOnce()
{
    constexpr std::uint64_t kTasks = 300'000;
    SubmitRing ring;
    std::vector<std::vector<std::uint64_t>> taken(3);
    std::atomic<bool> hasEnded{false};
    {
        std::vector<std::jthread> threads;
        for (std::vector<std::uint64_t>& own : taken) {
            threads.emplace_back([&ring, &own, &hasEnded] {
                for (bool isLast = false; !isLast;) {
                    isLast = hasEnded.load(); // then nothing comes after the look
                    const std::vector<std::uint64_t> tasks = takeAll(ring);
                    own.insert(own.end(), tasks.begin(), tasks.end());
                }
            });
        }
        submit(ring, 0, kTasks);
        hasEnded = true;
    }
    std::vector<int> times(kTasks, 0);
    for (const std::vector<std::uint64_t>& own : taken) {
        QVERIFY(std::is_sorted(own.begin(), own.end()));
        for (const std::uint64_t task : own) {
            ++times[task];
        }
    }
    QCOMPARE(std::count(times.begin(), times.end(), 1), static_cast<std::ptrdiff_t>(kTasks));
}

QTEST_GUILESS_MAIN(TstSubmitRing)
#include "tst_submit_ring.moc"
