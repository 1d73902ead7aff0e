// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/work_queue.h"
#include "tests/unit/executor/test_kernels.h"

#include <QTest>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace poolscope;
using test::makeJob;

namespace {

using Bounds = std::pair<std::uint64_t, std::uint64_t>;

Bounds boundsOf(const Chunk& chunk)
{
    return {chunk.begin, chunk.end};
}

TaskRange range(std::uint64_t first, std::uint64_t count)
{
    static const std::shared_ptr<const Job> kJob = makeJob(nullptr, 1000);
    return {kJob, first, count};
}

bool pushes(WorkQueue& queue, const TaskRange& tasks)
{
    const WorkQueue::Admission admission = queue.push(tasks, nullptr);
    return admission.refusal.empty() && admission.caught.isEmpty();
}

std::shared_ptr<Recorder> makeRecorder()
{
    return std::make_shared<Recorder>(monotonicNow(), 1);
}

} // namespace

class TestWorkQueue : public QObject
{
    Q_OBJECT

private slots:
    void handsOutChunksInOrder();
    void stampsAndCountsWhatComesIn();
    void whatIsGivenBackComesFirst();
    void cancelReturnsWhatWaits();
    void cancelStopsTheBusyOnly();
    void nextChunkIsNotConcernedByACancel();
    void cancelledChunkIsNotTakenBack();
    void blockedSubmitterGoesOnWhenThereIsRoom();
    void blockedSubmitterGetsBackWhatACancelCaught();
    void closedQueueTakesNothing();
    void surplusWorkersLeave();
    void workerThatComesBackInTimeStays();
    void pauseRecallsAndResumeWakes();
    void drainWaitsForTheLastEnd();
};

void TestWorkQueue::handsOutChunksInOrder()
{
    WorkQueue queue({100, 4}, {});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    QVERIFY(pushes(queue, range(0, 6)));
    QVERIFY(pushes(queue, range(10, 1)));
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(0, 4));
    QVERIFY(queue.take(0, 4, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(4, 6));
    QVERIFY(queue.take(0, 2, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(10, 11));
}

void TestWorkQueue::stampsAndCountsWhatComesIn()
{
    const auto recorder = makeRecorder();
    WorkQueue queue({100, 4}, {recorder, 0});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    const Nanos before = recorder->now();
    QVERIFY(pushes(queue, range(0, 6)));
    QCOMPARE(recorder->submitted(0), 6U);
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    QVERIFY(chunk.submitNs >= before);
    QVERIFY(chunk.submitNs <= recorder->now());
}

void TestWorkQueue::whatIsGivenBackComesFirst()
{
    WorkQueue queue({100, 4}, {});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    QVERIFY(pushes(queue, range(0, 10)));
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    ++chunk.begin;
    QVERIFY(queue.giveBack(0, chunk));
    QVERIFY(chunk.isEmpty());
    QVERIFY(queue.take(0, 1, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(1, 4));
    QVERIFY(queue.take(0, 3, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(4, 8));
}

void TestWorkQueue::cancelReturnsWhatWaits()
{
    WorkQueue queue({100, 4}, {});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    QVERIFY(pushes(queue, range(0, 10)));
    QVERIFY(pushes(queue, range(20, 3)));
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    const std::vector<Chunk> cancelled = queue.cancel();
    QCOMPARE(cancelled.size(), 2U);
    QCOMPARE(boundsOf(cancelled[0]), Bounds(4, 10));
    QCOMPARE(boundsOf(cancelled[1]), Bounds(20, 23));
    QVERIFY(queue.cancel().empty());
}

void TestWorkQueue::cancelStopsTheBusyOnly()
{
    WorkQueue queue({100, 4}, {});
    QCOMPARE(queue.setWorkers(2), (std::vector{0, 1}));
    QVERIFY(pushes(queue, range(0, 4)));
    Chunk chunk;
    QVERIFY(queue.take(1, 0, chunk));
    QVERIFY(queue.cancel().empty());
    QVERIFY(queue.orders(1).stop.isRequested());
    QVERIFY(queue.orders(1).isRecalled);
    QVERIFY(!queue.orders(0).stop.isRequested());
}

void TestWorkQueue::nextChunkIsNotConcernedByACancel()
{
    WorkQueue queue({100, 4}, {});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    QVERIFY(pushes(queue, range(0, 4)));
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    QVERIFY(queue.cancel().empty());
    QVERIFY(pushes(queue, range(4, 4)));
    QVERIFY(queue.take(0, 4, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(4, 8));
    QVERIFY(!queue.orders(0).stop.isRequested());
    QVERIFY(!queue.orders(0).isRecalled);
}

void TestWorkQueue::cancelledChunkIsNotTakenBack()
{
    WorkQueue queue({100, 4}, {});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    QVERIFY(pushes(queue, range(0, 4)));
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    QVERIFY(queue.cancel().empty());
    QVERIFY(!queue.giveBack(0, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(0, 4));
}

void TestWorkQueue::blockedSubmitterGoesOnWhenThereIsRoom()
{
    const auto recorder = makeRecorder();
    WorkQueue queue({4, 1}, {recorder, 0});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    bool isQueued = false;
    std::jthread submitter([&] { isQueued = pushes(queue, range(0, 10)); });
    QTRY_COMPARE(recorder->submitted(0), 4U);
    Chunk chunk;
    for (std::uint64_t task = 0; task < 10; ++task) {
        QVERIFY(queue.take(0, task == 0 ? 0 : 1, chunk));
        QCOMPARE(boundsOf(chunk), Bounds(task, task + 1));
        QVERIFY(recorder->submitted(0) <= task + 1 + 4);
    }
    submitter.join();
    QVERIFY(isQueued);
    QCOMPARE(recorder->submitted(0), 10U);
}

void TestWorkQueue::blockedSubmitterGetsBackWhatACancelCaught()
{
    const auto recorder = makeRecorder();
    WorkQueue queue({4, 1}, {recorder, 0});
    std::optional<Chunk> caught;
    std::jthread submitter([&] { caught = queue.push(range(0, 10), nullptr).caught; });
    QTRY_COMPARE(recorder->submitted(0), 4U);
    const std::vector<Chunk> waiting = queue.cancel();
    submitter.join();
    QCOMPARE(waiting.size(), 1U);
    QCOMPARE(boundsOf(waiting.front()), Bounds(0, 4));
    QVERIFY(caught.has_value());
    QCOMPARE(boundsOf(*caught), Bounds(4, 10));
    QCOMPARE(recorder->submitted(0), 10U);
}

void TestWorkQueue::closedQueueTakesNothing()
{
    WorkQueue queue({4, 1}, {});
    queue.close();
    QVERIFY(!queue.push(range(0, 1), nullptr).refusal.empty());
    queue.drain(); // returns: nothing was taken
}

void TestWorkQueue::surplusWorkersLeave()
{
    WorkQueue queue({100, 2}, {});
    QCOMPARE(queue.setWorkers(2), (std::vector{0, 1}));
    QVERIFY(pushes(queue, range(0, 8)));
    Chunk chunk;
    QVERIFY(queue.take(1, 0, chunk));
    QVERIFY(queue.setWorkers(1).empty());
    QVERIFY(queue.orders(1).isRecalled);
    QVERIFY(queue.giveBack(1, chunk));
    QVERIFY(!queue.take(1, 0, chunk));
    QVERIFY(queue.take(0, 0, chunk));
    QCOMPARE(boundsOf(chunk), Bounds(0, 2));
    QCOMPARE(queue.setWorkers(3), (std::vector{1, 2}));
}

void TestWorkQueue::workerThatComesBackInTimeStays()
{
    WorkQueue queue({100, 2}, {});
    QCOMPARE(queue.setWorkers(2), (std::vector{0, 1}));
    QVERIFY(pushes(queue, range(0, 8)));
    Chunk chunk;
    QVERIFY(queue.take(1, 0, chunk));
    QVERIFY(queue.setWorkers(1).empty());
    QVERIFY(queue.setWorkers(2).empty());
    QVERIFY(queue.take(1, 2, chunk));
}

void TestWorkQueue::pauseRecallsAndResumeWakes()
{
    WorkQueue queue({100, 2}, {});
    QCOMPARE(queue.setWorkers(1), std::vector{0});
    QVERIFY(pushes(queue, range(0, 2)));
    Chunk chunk;
    QVERIFY(queue.take(0, 0, chunk));
    QVERIFY(queue.setPaused(true));
    QVERIFY(!queue.setPaused(true));
    QVERIFY(queue.orders(0).isRecalled);
    QVERIFY(queue.giveBack(0, chunk));
    bool isTaken = false;
    std::jthread worker([&] { isTaken = queue.take(0, 0, chunk); });
    QVERIFY(pushes(queue, range(2, 1)));
    QVERIFY(queue.setPaused(false));
    worker.join();
    QVERIFY(isTaken);
    QCOMPARE(boundsOf(chunk), Bounds(0, 2));
}

void TestWorkQueue::drainWaitsForTheLastEnd()
{
    WorkQueue queue({100, 2}, {});
    QVERIFY(pushes(queue, range(0, 2)));
    std::atomic<bool> isDrained{false};
    std::jthread waiter([&] {
        queue.drain();
        isDrained = true;
    });
    queue.countEnded(1);
    QVERIFY(!isDrained);
    queue.countEnded(1);
    waiter.join();
    QVERIFY(isDrained);
}

QTEST_GUILESS_MAIN(TestWorkQueue)
#include "tst_work_queue.moc"
