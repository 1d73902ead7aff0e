// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What blocks tasks is seen in their trace.

#include "core/executor/executor.h"
#include "core/sync/event.h"
#include "core/sync/semaphore.h"

#include <QTest>

#include <memory>

using namespace poolscope;

namespace {

std::unique_ptr<Executor> makePool(const char* kind, int workers,
                                   const std::shared_ptr<Recorder>& recorder)
{
    ExecutorOptions options;
    options.workers = workers;
    auto created = findExecutorKind(kind)->create(options, {recorder, 0});
    return created ? std::move(created).value() : nullptr;
}

/// \return the lane on which something was blocked.
const Lane* blockedLane(const Recorder& recorder)
{
    for (const Lane* lane : recorder.lanes()) {
        if (lane->blockedCount() > 0 || lane->blockedNow().sinceNs >= 0) {
            return lane;
        }
    }
    return nullptr;
}

} // namespace

class TestBlocked : public QObject
{
    Q_OBJECT

private slots:
    void waitsOfTasksAreRecorded_data();
    void waitsOfTasksAreRecorded();
    void waitThatDoesNotSleepIsNotRecorded();
    void threadsWithoutALaneRecordNothing();
    void namesAreKnownByNumber();
};

void TestBlocked::waitsOfTasksAreRecorded_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("threads") << "threads";
    QTest::newRow("thread per task") << "thread_per_task";
}

void TestBlocked::waitsOfTasksAreRecorded()
{
    QFETCH(QString, kind);
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const auto pool = makePool(qPrintable(kind), 2, recorder);
    Event go("go");
    const Future<void> waits = pool->submit([&] { go.wait(); });
    QTRY_VERIFY(blockedLane(*recorder) != nullptr);
    const Lane& lane = *blockedLane(*recorder);
    const BlockedNow now = lane.blockedNow();
    QCOMPARE(recorder->blockers().at(now.on), std::string("go"));
    QVERIFY(now.sinceNs >= lane.running().startNs);

    go.set();
    waits.wait();
    pool->drain();
    QCOMPARE(lane.blockedCount(), std::uint64_t{1});
    QCOMPARE(lane.blockedNow().sinceNs, Nanos{-1});
    const BlockedSpan span = lane.blocked(0);
    const TaskRecord record = lane.record(0);
    QCOMPARE(span.task, record.task);
    QCOMPARE(span.on, now.on);
    QCOMPARE(span.startNs, now.sinceNs);
    QVERIFY(span.startNs >= record.startNs);
    QVERIFY(span.endNs >= span.startNs);
    QVERIFY(span.endNs <= record.endNs);
}

void TestBlocked::waitThatDoesNotSleepIsNotRecorded()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const auto pool = makePool("threads", 1, recorder);
    Event event;
    event.set();
    Semaphore semaphore(1);
    pool->submit([&] {
            event.wait();
            const SemaphorePermit permit(semaphore);
            return semaphore.tryAcquire();
        })
        .wait();
    pool->drain();
    QCOMPARE(blockedLane(*recorder), nullptr);
    QVERIFY(recorder->blockers().empty());
}

void TestBlocked::threadsWithoutALaneRecordNothing()
{
    Event event;
    QCOMPARE(event.wait({kNanosPerMilli, nullptr}), WaitEnd::TimedOut);
    const auto pool = makePool("threads", 1, nullptr);
    const auto end = pool->submit([&] { return event.wait({kNanosPerMilli, nullptr}); });
    QCOMPARE(end.value(), WaitEnd::TimedOut);
}

void TestBlocked::namesAreKnownByNumber()
{
    Recorder recorder(monotonicNow(), 1);
    QCOMPARE(recorder.blockerId("a"), 0U);
    QCOMPARE(recorder.blockerId("b"), 1U);
    QCOMPARE(recorder.blockerId("a"), 0U);
    for (int i = 0; i < 3'000; ++i) {
        static_cast<void>(recorder.blockerId(std::to_string(i)));
    }
    QCOMPARE(recorder.blockers().size(), std::size_t{1000});
    QCOMPARE(recorder.blockers().back(), std::string("others"));
    QCOMPARE(recorder.blockerId("something new"), 999U);
    QCOMPARE(recorder.blockerId("b"), 1U);
}

QTEST_GUILESS_MAIN(TestBlocked)
#include "tst_blocked.moc"
