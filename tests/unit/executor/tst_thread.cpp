// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/thread_name.h"
#include "core/executor/thread.h"

#include <QTest>

#include <pthread.h>

#include <array>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

/// Collects what is reported while it lives.
class Reports
{
public:
    Reports()
    {
        setThreadHook([this](const ThreadReport& report) {
            const std::lock_guard lock(m_mutex);
            m_all.push_back(report);
        });
    }
    ~Reports() { setThreadHook(nullptr); }
    Reports(const Reports&) = delete;
    Reports& operator=(const Reports&) = delete;

    [[nodiscard]] std::vector<ThreadReport> all()
    {
        const std::lock_guard lock(m_mutex);
        return m_all;
    }

private:
    std::mutex m_mutex;
    std::vector<ThreadReport> m_all;
};

} // namespace

class TestThread : public QObject
{
    Q_OBJECT

private slots:
    void runsOnceAndKeepsItsResult();
    void startsWhenToldToAndOnlyOnce();
    void carriesItsNameAndId();
    void joinTellsWhetherItEnded();
    void manyMayJoinManyTimes();
    void refusesToJoinItself();
    void refusesToJoinWhatWasNotStarted();
    void keepsAndReportsItsError();
    void stopsWhenAsked();
    void destructorAsksAndWaits();
    void destructorNamesTheThreadThatBlocks();
    void abandonedThreadIsNamed();
    void unstartedThreadIsForgotten();
    void mayBeMoved();
};

void TestThread::runsOnceAndKeepsItsResult()
{
    Thread<int> thread(
        "adder", [](int a, int b) { return a + b; }, 3, 4);
    QVERIFY(thread.start());
    QVERIFY(thread.join());
    QCOMPARE(thread.future().value(), 7);
    QCOMPARE(thread.state(), AnyThread::State::Ended);
}

void TestThread::startsWhenToldToAndOnlyOnce()
{
    Thread thread("once", [] {});
    QCOMPARE(thread.state(), AnyThread::State::Initial);
    QCOMPARE(thread.future().state(), TaskState::Pending);
    QVERIFY(thread.start());
    const Result<void> again = thread.start();
    QVERIFY(!again);
    QVERIFY(again.error().message.find("once") != std::string::npos);
    QVERIFY(thread.join());
    QVERIFY(!thread.start());
}

void TestThread::carriesItsNameAndId()
{
    Thread thread("a long name of a thread", [](const StopFlag& stop) {
        std::array<char, 16> name{};
        ::pthread_getname_np(::pthread_self(), name.data(), name.size());
        stop.waitFor(kNever);
        return std::string(name.data()) + " " + std::to_string(currentThreadId());
    });
    QCOMPARE(thread.nativeId(), 0);
    const Nanos before = monotonicNow();
    QVERIFY(thread.start());
    QVERIFY(thread.nativeId() > 0);
    QVERIFY(thread.startedNs() >= before);
    QCOMPARE(thread.state(), AnyThread::State::Running);
    QCOMPARE(thread.name(), std::string("a long name of a thread"));
    thread.requestStop();
    QCOMPARE(thread.future().value(), "a long name of  " + std::to_string(thread.nativeId()));
}

void TestThread::joinTellsWhetherItEnded()
{
    Thread thread("sleeper", [](const StopFlag& stop) { stop.waitFor(kNever); });
    QVERIFY(thread.start());
    const Result<bool> early = thread.joinFor(kNanosPerMilli);
    QVERIFY(early && !early.value());
    thread.requestStop();
    const Result<bool> late = thread.joinFor(kNever);
    QVERIFY(late && late.value());
}

void TestThread::manyMayJoinManyTimes()
{
    Thread thread("joined", [](const StopFlag& stop) { stop.waitFor(kNever); });
    QVERIFY(thread.start());
    std::atomic<int> joined{0};
    {
        std::vector<std::jthread> joiners;
        for (int i = 0; i < 4; ++i) {
            joiners.emplace_back([&] {
                joined += thread.join() ? 1 : 0;
                joined += thread.join() ? 1 : 0;
            });
        }
        thread.requestStop();
    }
    QCOMPARE(joined.load(), 8);
}

void TestThread::refusesToJoinItself()
{
    const AnyThread* self = nullptr;
    Thread thread("ouroboros", [&self] { return self->join().isOk(); });
    self = &thread;
    QVERIFY(thread.start());
    QCOMPARE(thread.future().value(), false);
}

void TestThread::refusesToJoinWhatWasNotStarted()
{
    const Thread thread("initial", [] {});
    QVERIFY(!thread.join());
    QVERIFY(!thread.joinFor(0));
}

void TestThread::keepsAndReportsItsError()
{
    Reports reports;
    Thread<int> thread("failing", []() -> int { throw std::out_of_range("too far"); });
    QVERIFY(thread.start());
    QVERIFY(thread.join());
    QCOMPARE(thread.future().get().state, TaskState::Failed);
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, thread.future().value());
    const std::vector<ThreadReport> all = reports.all();
    QCOMPARE(all.size(), std::size_t{1});
    QCOMPARE(all[0].kind, ThreadReport::Kind::Failed);
    QCOMPARE(all[0].thread, std::string("failing"));
    QVERIFY(all[0].text.find("std::out_of_range: too far") != std::string::npos);
}

void TestThread::stopsWhenAsked()
{
    Thread thread("stopping", [](const StopFlag& stop) -> int {
        stop.waitFor(kNever);
        throw std::runtime_error("was asked");
    });
    QVERIFY(thread.start());
    thread.requestStop();
    QCOMPARE(thread.future().get().state, TaskState::Cancelled);
}

void TestThread::destructorAsksAndWaits()
{
    Reports reports;
    bool hasEnded = false;
    {
        Thread thread("waited for", [&hasEnded](const StopFlag& stop) {
            stop.waitFor(kNever);
            hasEnded = true;
        });
        QVERIFY(thread.start());
    }
    QVERIFY(hasEnded);
    QVERIFY(reports.all().empty());
}

void TestThread::destructorNamesTheThreadThatBlocks()
{
    StopFlag release;
    std::string blocking;
    setThreadHook([&](const ThreadReport& report) {
        blocking = report.thread;
        release.request();
    });
    {
        Thread thread("stubborn", ThreadExit{ThreadExit::Policy::Join, kNanosPerMilli},
                      [&release] { release.waitFor(kNever); });
        QVERIFY(thread.start());
    }
    setThreadHook(nullptr);
    QCOMPARE(blocking, std::string("stubborn"));
}

void TestThread::abandonedThreadIsNamed()
{
    Reports reports;
    const auto release = std::make_shared<StopFlag>();
    const Future<int> future = [&release] {
        Thread<int> thread("left", ThreadExit{ThreadExit::Policy::Abandon, kNanosPerMilli},
                           [release] {
                               release->waitFor(kNever);
                               return 5;
                           });
        if (!thread.start()) {
            qFatal("no thread");
        }
        return thread.future();
    }();
    QCOMPARE(reports.all().size(), std::size_t{1});
    QCOMPARE(reports.all()[0].kind, ThreadReport::Kind::Abandoned);
    QCOMPARE(reports.all()[0].thread, std::string("left"));
    release->request();
    QCOMPARE(future.value(), 5); // it ends when it likes, and is heard
}

void TestThread::unstartedThreadIsForgotten()
{
    Reports reports;
    bool hasRun = false;
    {
        const Thread thread("never", [&hasRun] { hasRun = true; });
    }
    QVERIFY(!hasRun);
    QVERIFY(reports.all().empty());
}

void TestThread::mayBeMoved()
{
    std::vector<Thread<int>> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back("moved", [i] { return i; });
        QVERIFY(threads.back().start());
    }
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(threads[static_cast<std::size_t>(i)].future().value(), i);
    }
}

QTEST_GUILESS_MAIN(TestThread)
#include "tst_thread.moc"
