// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Workers that are replaced before they are worn out.

#include "tests/integration/processes/process_case.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// \return the reasons of workers that were recycled, without those that left at the end.
std::vector<std::string> recycled(const Recorder& recorder)
{
    std::vector<std::string> reasons = eventTexts(recorder, ControlKind::WorkerRetired);
    std::erase(reasons, std::string{});
    return reasons;
}

} // namespace

class TestProcessRecycling : public QObject
{
    Q_OBJECT

private slots:
    void noWorkerDoesMoreTasksThanAllowed_data();
    void noWorkerDoesMoreTasksThanAllowed();
    void workerThatKeepsMemoryIsReplaced();
    void workerThatKeepsLittleStays();
    void oldWorkerIsReplacedWhenItsTaskHasEnded();
    void workerThatDidNothingStays();
    void cancelAndResizeWhileRecyclingLoseNothing();
};

void TestProcessRecycling::noWorkerDoesMoreTasksThanAllowed_data()
{
    QTest::addColumn<int>("chunk");
    QTest::addColumn<int>("prefetched");
    QTest::addColumn<int>("most");
    QTest::newRow("one by one") << 1 << 1 << 7;
    QTest::newRow("one each") << 1 << 4 << 1;
    QTest::newRow("chunks longer than a life") << 64 << 2 << 5;
    QTest::newRow("nothing prefetched") << 3 << 0 << 10;
}

void TestProcessRecycling::noWorkerDoesMoreTasksThanAllowed()
{
    QFETCH(int, chunk);
    QFETCH(int, prefetched);
    QFETCH(int, most);
    constexpr std::uint64_t kTasks = 60;
    ExecutorOptions options = processOptions(2, chunk);
    options.prefetchedChunks = prefetched;
    options.recycleAfterTasks = static_cast<std::uint64_t>(most);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    EndLog log(kTasks);
    QVERIFY(pool->submit({squareJob(kTasks), 0, kTasks}, &log));
    pool->drain();
    pool->shutdown();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(retriedRecords(*recorder), 0);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
    // Each life did exactly so many tasks; the last two of them may have done fewer.
    const std::vector<std::string> reasons = recycled(*recorder);
    const std::string reason = "recycled after " + std::to_string(most) + " tasks";
    QCOMPARE(std::count(reasons.begin(), reasons.end(), reason), std::ssize(reasons));
    const int lives = static_cast<int>(kTasks) / most;
    QVERIFY2(std::ssize(reasons) <= lives && std::ssize(reasons) >= lives - 1,
             std::to_string(reasons.size()).c_str());
}

void TestProcessRecycling::workerThatKeepsMemoryIsReplaced()
{
    ExecutorOptions options = faultOptions(1);
    options.recycleAboveBytes = 100U << 20U;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const auto job = faultJob({"keep 150", "quick"});
    QCOMPARE(pool->submitTask(job, 0).get().state, TaskState::Done);
    QTRY_COMPARE_WITH_TIMEOUT(recycled(*recorder).size(), std::size_t{1}, 60'000);
    QVERIFY(recycled(*recorder)[0].find("bytes of memory") != std::string::npos);
    QCOMPARE(pool->submitTask(job, 1).get().state, TaskState::Done);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
}

void TestProcessRecycling::workerThatKeepsLittleStays()
{
    ExecutorOptions options = faultOptions(1);
    options.recycleAboveBytes = 4'000U << 20U;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    EndLog log(50);
    QVERIFY(pool->submit({faultJob(std::vector<std::string>(50, "quick")), 0, 50}, &log));
    pool->drain();
    pool->shutdown();
    QCOMPARE(log.countOf(TaskState::Done), std::uint64_t{50});
    QCOMPARE(recycled(*recorder).size(), std::size_t{0});
}

void TestProcessRecycling::oldWorkerIsReplacedWhenItsTaskHasEnded()
{
    ExecutorOptions options = processOptions(1);
    options.recycleAfterNs = 5 * kNanosPerMilli;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    EndLog log(4);
    QVERIFY(pool->submit({sleepJob(4, 100), 0, 4}, &log)); // each outlives its worker's time
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Done), std::uint64_t{4});
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QTRY_VERIFY_WITH_TIMEOUT(recycled(*recorder).size() >= 2, 60'000);
    QVERIFY(recycled(*recorder)[0].find("at an age of") != std::string::npos);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestProcessRecycling::workerThatDidNothingStays()
{
    ExecutorOptions options = processOptions(2);
    options.recycleAfterNs = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    // Each of these goes to a fresh worker; the other one has nothing to do and stays.
    for (std::uint64_t task = 0; task < 10; ++task) {
        QCOMPARE(pool->submitTask(squareJob(10), task).get().state, TaskState::Done);
    }
    pool->shutdown();
    QCOMPARE(recycled(*recorder).size(), std::size_t{10});
    QVERIFY(eventCount(*recorder, ControlKind::WorkerStarted) <= 12);
}

void TestProcessRecycling::cancelAndResizeWhileRecyclingLoseNothing()
{
    constexpr std::uint64_t kTasks = 400;
    ExecutorOptions options = processOptions(3, 4);
    options.recycleAfterTasks = 3;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    EndLog log(kTasks);
    QVERIFY(pool->submit({squareJob(kTasks), 0, kTasks}, &log));
    pool->resize(1);
    pool->resize(3);
    pool->pause();
    pool->resume();
    QTRY_VERIFY_WITH_TIMEOUT(log.total() > 20, 60'000);
    pool->cancel();
    pool->drain();
    pool->shutdown();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Done) + log.countOf(TaskState::Cancelled), kTasks);
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QVERIFY(livingWorkers(*recorder).empty());
}

QTEST_GUILESS_MAIN(TestProcessRecycling)
#include "tst_process_recycling.moc"
