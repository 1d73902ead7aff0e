// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that imitate an interpreter with one lock.

#include "core/executor/executor.h"
#include "core/sync/event.h"
#include "core/sync/interpreter_lock.h"
#include "core/task/progress.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

/// Counts how many are inside at a time.
class Inside
{
public:
    void enter()
    {
        const int now = ++m_now;
        for (int seen = m_most; now > seen && !m_most.compare_exchange_weak(seen, now);) {
        }
    }
    void leave() { --m_now; }
    [[nodiscard]] int most() const { return m_most; }

private:
    std::atomic<int> m_now{0};
    std::atomic<int> m_most{0};
};

std::unique_ptr<Executor> makePool(const QString& kind, const std::shared_ptr<Recorder>& recorder)
{
    ExecutorOptions options;
    options.workers = 4;
    options.hasInterpreterLock = true;
    auto created = findExecutorKind(kind.toStdString())->create(options, {recorder, 0});
    return created ? std::move(created).value() : nullptr;
}

void addKinds()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("threads") << "threads";
    QTest::newRow("thread per task") << "thread_per_task";
}

} // namespace

class TestInterpreterLock : public QObject
{
    Q_OBJECT

private slots:
    void oneTaskComputesAtATime_data() { addKinds(); }
    void oneTaskComputesAtATime();
    void othersGoOnWhileATaskWaits_data() { addKinds(); }
    void othersGoOnWhileATaskWaits();
    void longTaskLetsOthersGoOnAtItsProgress();
    void waitingForItIsSeen();
    void taskMayWaitForATaskOfItsOwnPool();
    void poolsWithoutItComputeAtOnce();
};

void TestInterpreterLock::oneTaskComputesAtATime()
{
    QFETCH(QString, kind);
    Inside inside;
    const auto pool = makePool(kind, nullptr);
    std::vector<Future<void>> calls;
    for (int i = 0; i < 200; ++i) {
        calls.push_back(pool->submit([&] {
            inside.enter();
            std::this_thread::yield(); // not declared: it keeps the lock
            inside.leave();
        }));
    }
    pool->drain();
    QCOMPARE(inside.most(), 1);
}

void TestInterpreterLock::othersGoOnWhileATaskWaits()
{
    QFETCH(QString, kind);
    const auto pool = makePool(kind, nullptr);
    Event second;
    // Each needs the other to go on: it would never end if a wait kept the lock.
    Event first;
    const auto one = pool->submit([&] {
        first.set();
        return second.wait();
    });
    const auto two = pool->submit([&](const StopFlag& stop) {
        stop.waitFor(kNanosPerMilli);
        second.set();
        return first.wait();
    });
    QCOMPARE(one.value(), WaitEnd::Ready);
    QCOMPARE(two.value(), WaitEnd::Ready);
}

void TestInterpreterLock::longTaskLetsOthersGoOnAtItsProgress()
{
    const auto pool = makePool("threads", nullptr);
    std::atomic<bool> hasRun{false};
    std::atomic<bool> hasBegun{false};
    const auto lengthy = pool->submit([&] {
        hasBegun = true;
        hasBegun.notify_all();
        while (!hasRun) {
            sayProgress(0.5);
        }
    });
    hasBegun.wait(false);
    const auto quick = pool->submit([&] { hasRun = true; });
    quick.wait();
    lengthy.wait();
    QVERIFY(hasRun);
}

void TestInterpreterLock::waitingForItIsSeen()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const auto pool = makePool("threads", recorder);
    std::atomic<bool> mayEnd{false};
    const auto computes = [&] {
        while (!mayEnd) {
            std::this_thread::yield();
        }
    };
    const auto one = pool->submit(computes);
    const auto two = pool->submit(computes);
    const auto isSeen = [&] {
        for (const Lane* lane : recorder->lanes()) {
            if (lane->blockedNow().sinceNs >= 0) {
                return recorder->blockers().at(lane->blockedNow().on) == "interpreter lock";
            }
        }
        return false;
    };
    QTRY_VERIFY(isSeen());
    mayEnd = true;
    pool->drain();
    std::uint64_t spans = 0;
    for (const Lane* lane : recorder->lanes()) {
        spans += lane->blockedCount();
    }
    QCOMPARE(spans, std::uint64_t{1});
}

void TestInterpreterLock::taskMayWaitForATaskOfItsOwnPool()
{
    const auto pool = makePool("threads", nullptr);
    std::vector<Future<int>> outer;
    for (int i = 0; i < 20; ++i) {
        outer.push_back(pool->submit([&pool] {
            const auto inner = pool->submit([] { return 20; });
            const auto other = pool->submit([] { return 1; });
            return 2 * inner.value() + other.value() + 1;
        }));
    }
    for (const auto& each : outer) {
        QCOMPARE(each.value(), 42);
    }
}

void TestInterpreterLock::poolsWithoutItComputeAtOnce()
{
    ExecutorOptions options;
    options.workers = 2;
    const auto pool = std::move(findExecutorKind("threads")->create(options, {})).value();
    std::atomic<int> inside{0};
    const auto meet = [&] {
        ++inside;
        while (inside < 2) {
            std::this_thread::yield();
        }
    };
    const auto one = pool->submit(meet);
    const auto two = pool->submit(meet);
    one.wait();
    two.wait();
    QCOMPARE(inside.load(), 2);
}

QTEST_GUILESS_MAIN(TestInterpreterLock)
#include "tst_interpreter_lock.moc"
