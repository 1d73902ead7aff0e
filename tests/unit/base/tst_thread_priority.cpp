// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/thread_name.h"
#include "core/base/thread_priority.h"

#include <QTest>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <thread>

namespace poolscope {

namespace {

int niceOfThisThread()
{
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(currentThreadId()));
}

/// \return the length of the calling thread's turns, ns; 0 where the kernel does not tell.
std::uint64_t turnOfThisThread()
{
    std::array<std::uint32_t, 12> attributes{}; // struct sched_attr: sched_runtime lies at byte 24
    ::syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0);
    std::uint64_t runtimeNs = 0;
    std::memcpy(&runtimeNs, &attributes[6], sizeof runtimeNs);
    return runtimeNs;
}

} // namespace

class TestThreadPriority : public QObject
{
    Q_OBJECT

private slots:
    void steppingBackIsOfOneThread();
    void shortTurnsAreOfOneThread();
};

void TestThreadPriority::steppingBackIsOfOneThread()
{
    const int before = niceOfThisThread();
    int inside = 0;
    std::thread([&inside] {
        stepBack();
        inside = niceOfThisThread();
    }).join();
    QCOMPARE(inside, 19);
    QCOMPARE(niceOfThisThread(), before);
}

void TestThreadPriority::shortTurnsAreOfOneThread()
{
    const std::uint64_t usual = turnOfThisThread();
    std::uint64_t inside = 0;
    std::uint64_t below = 0;
    std::thread([&] {
        takeShortTurns();
        inside = turnOfThisThread();
        std::thread([&below] { below = turnOfThisThread(); }).join();
    }).join();
    // Kernels before 6.12 know no turns of a thread's own.
    QVERIFY2(inside == 100'000 || inside == usual, qPrintable(QString::number(inside)));
    QCOMPARE(below, usual);
    QCOMPARE(turnOfThisThread(), usual);
}

} // namespace poolscope

QTEST_APPLESS_MAIN(poolscope::TestThreadPriority)
#include "tst_thread_priority.moc"
