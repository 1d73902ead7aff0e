// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shared_memory.h"
#include "core/base/thread_name.h"
#include "core/task/stop_flag.h"

#include <QFile>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <limits>
#include <new>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

constexpr Nanos kForEver = std::numeric_limits<Nanos>::max();
/// Long enough that only a lost wake-up lasts so long.
constexpr Nanos kVeryLong = 60 * kNanosPerSecond;

/// \return whether the kernel says that the thread or process sleeps.
bool isAsleep(int id)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(id));
    if (!file.open(QIODevice::ReadOnly)) {
        return false;
    }
    const QByteArray line = file.readAll();
    return line.mid(line.lastIndexOf(')') + 2, 1) == "S";
}

} // namespace

class StopFlagTest : public QObject
{
    Q_OBJECT

private slots:
    void isClearAtFirst();
    void requestStaysUntilCleared();
    void waitEndsAtTheDeadline_data();
    void waitEndsAtTheDeadline();
    void waitReturnsAtOnceWhenRequested();
    void requestWakesEveryWaiter();
    void requestWakesAnotherProcess();
};

void StopFlagTest::isClearAtFirst()
{
    const StopFlag flag;
    QVERIFY(!flag.isRequested());
}

void StopFlagTest::requestStaysUntilCleared()
{
    StopFlag flag;
    flag.request();
    QVERIFY(flag.isRequested());
    QVERIFY(flag.isRequested());
    flag.request();
    flag.clear();
    QVERIFY(!flag.isRequested());
}

void StopFlagTest::waitEndsAtTheDeadline_data()
{
    QTest::addColumn<qint64>("timeout");
    QTest::newRow("none") << qint64{0};
    QTest::newRow("past") << qint64{-kNanosPerSecond};
    QTest::newRow("far past") << qint64{std::numeric_limits<Nanos>::min() / 2};
    QTest::newRow("1 ns") << qint64{1};
    QTest::newRow("5 ms") << qint64{5 * kNanosPerMilli};
}

void StopFlagTest::waitEndsAtTheDeadline()
{
    QFETCH(const qint64, timeout);
    const StopFlag flag;
    const Nanos begin = monotonicNow();
    QVERIFY(!flag.waitFor(timeout));
    QVERIFY(monotonicNow() - begin >= timeout);
}

void StopFlagTest::waitReturnsAtOnceWhenRequested()
{
    StopFlag flag;
    flag.request();
    QVERIFY(flag.waitFor(kForEver));
}

void StopFlagTest::requestWakesEveryWaiter()
{
    StopFlag flag;
    std::vector<std::atomic<int>> ids(3);
    std::atomic<int> woken = 0;
    std::vector<std::jthread> waiters;
    for (std::atomic<int>& id : ids) {
        waiters.emplace_back([&flag, &id, &woken] {
            id = currentThreadId();
            woken += flag.waitFor(kForEver) ? 1 : 0;
        });
    }
    for (const std::atomic<int>& id : ids) {
        [&] { QTRY_VERIFY_WITH_TIMEOUT(id != 0 && isAsleep(id), 30'000); }();
    }
    flag.request();
    waiters.clear();
    QCOMPARE(woken.load(), 3);
}

void StopFlagTest::requestWakesAnotherProcess()
{
    const Result<SharedMemory> memory = SharedMemory::create("test", sizeof(StopFlag));
    QVERIFY(memory);
    auto* flag = new (memory.value().data()) StopFlag;

    const pid_t child = ::fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        const Nanos deadline = monotonicNow() + kVeryLong;
        const bool isRequested = flag->waitFor(kVeryLong);
        ::_exit(isRequested && monotonicNow() < deadline ? 0 : 1);
    }
    [&] { QTRY_VERIFY_WITH_TIMEOUT(isAsleep(child), 30'000); }();
    flag->request();
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
}

QTEST_GUILESS_MAIN(StopFlagTest)
#include "tst_stop_flag.moc"
