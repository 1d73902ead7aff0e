// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/shared_memory.h"
#include "core/base/thread_name.h"
#include "core/base/time.h"
#include "core/base/unique_fd.h"

#include <QFile>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <thread>

using namespace poolscope;

namespace {

bool isOpen(int fd)
{
    return ::fcntl(fd, F_GETFD) != -1;
}

QByteArray kernelsThreadName()
{
    QFile file(QStringLiteral("/proc/self/task/%1/comm").arg(currentThreadId()));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

} // namespace

class BaseTest : public QObject
{
    Q_OBJECT

private slots:
    void resultHoldsValueOrError();
    void resultMovesItsValueOut();
    void resultOfErrorTypeIsNoFailure();
    void uniqueFdClosesOnce();
    void threadNameIsCut();
    void clockNeverGoesBack();
    void conditionVariableWakesAWaiter();
    void conditionVariableTimesOut();

    void sharedMemoryIsZeroedAndWritable();
    void sharedMemoryIsSeenThroughASecondMapping();
    void sharedMemoryIsClosedOnExec();
    void sharedMemoryCannotShrink();
    void sharedMemoryMoves();
    void sharedMemoryRefusesASmallBlock();
    void sharedMemoryRefusesImpossibleSizes();
};

void BaseTest::resultHoldsValueOrError()
{
    const Result<int> good = 7;
    QVERIFY(good.isOk());
    QVERIFY(good);
    QCOMPARE(good.value(), 7);

    const Result<int> bad = Error{"no"};
    QVERIFY(!bad);
    QCOMPARE(bad.error().message, std::string("no"));

    QVERIFY(Result<void>());
    QVERIFY(!Result<void>(Error{"no"}));
    QCOMPARE(Result<void>(Error{"no"}).error(), Error{"no"});
}

void BaseTest::resultMovesItsValueOut()
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
    const std::unique_ptr<int> moved = std::move(result).value();
    QCOMPARE(*moved, 5);
}

void BaseTest::resultOfErrorTypeIsNoFailure()
{
    const Result<std::string> text = std::string("an error in words only");
    QVERIFY(text.isOk());
}

void BaseTest::uniqueFdClosesOnce()
{
    const int raw = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    QVERIFY(raw >= 0);
    UniqueFd first(raw);
    UniqueFd second(std::move(first));
    QCOMPARE(second.get(), raw);
    first = UniqueFd();
    QVERIFY(isOpen(raw));
    second.reset();
    QVERIFY(!isOpen(raw));
    QVERIFY(!second.isOpen());

    UniqueFd released(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int kept = released.release();
    released.reset();
    QVERIFY(isOpen(kept));
    ::close(kept);
}

void BaseTest::threadNameIsCut()
{
    QByteArray seen;
    std::thread([&seen] {
        setThreadName("0123456789abcdefgh");
        seen = kernelsThreadName();
    }).join();
    QCOMPARE(seen, QByteArray("0123456789abcde"));
}

void BaseTest::clockNeverGoesBack()
{
    Nanos last = monotonicNow();
    for (int i = 0; i < 1000; ++i) {
        const Nanos now = monotonicNow();
        QVERIFY(now >= last);
        last = now;
    }
    QCOMPARE(toSeconds(1'500 * kNanosPerMilli), 1.5);
}

void BaseTest::conditionVariableWakesAWaiter()
{
    Mutex mutex;
    ConditionVariable changed;
    bool isSet = false;
    std::jthread setter([&] {
        {
            const MutexLock lock(mutex);
            isSet = true;
        }
        changed.notifyAll();
    });
    MutexLock lock(mutex);
    while (!isSet) {
        changed.wait(lock);
    }
    QVERIFY(isSet);
}

void BaseTest::conditionVariableTimesOut()
{
    Mutex mutex;
    ConditionVariable changed;
    MutexLock lock(mutex);
    const Nanos begin = monotonicNow();
    while (changed.waitFor(lock, std::chrono::milliseconds(5))) {
        // woken for nothing: once more
    }
    QVERIFY(monotonicNow() - begin >= 5 * kNanosPerMilli);
}

void BaseTest::sharedMemoryIsZeroedAndWritable()
{
    Result<SharedMemory> memory = SharedMemory::create("test", 10'000);
    QVERIFY(memory);
    QCOMPARE(memory.value().size(), std::size_t{10'000});
    auto* bytes = static_cast<char*>(memory.value().data());
    for (std::size_t i = 0; i < 10'000; ++i) {
        QCOMPARE(bytes[i], '\0');
    }
    bytes[9'999] = 'x';
    QCOMPARE(bytes[9'999], 'x');
}

void BaseTest::sharedMemoryIsSeenThroughASecondMapping()
{
    const Result<SharedMemory> made = SharedMemory::create("test", 4096);
    QVERIFY(made);
    UniqueFd copy(::fcntl(made.value().fd(), F_DUPFD_CLOEXEC, 0));
    const Result<SharedMemory> mapped = SharedMemory::map(std::move(copy), 4096);
    QVERIFY(mapped);
    QVERIFY(mapped.value().data() != made.value().data());
    std::strcpy(static_cast<char*>(made.value().data()), "hello");
    QCOMPARE(static_cast<const char*>(mapped.value().data()), "hello");
}

void BaseTest::sharedMemoryIsClosedOnExec()
{
    const Result<SharedMemory> memory = SharedMemory::create("test", 4096);
    QVERIFY(memory);
    QVERIFY((::fcntl(memory.value().fd(), F_GETFD) & FD_CLOEXEC) != 0);
}

void BaseTest::sharedMemoryCannotShrink()
{
    const Result<SharedMemory> memory = SharedMemory::create("test", 4096);
    QVERIFY(memory);
    QCOMPARE(::ftruncate(memory.value().fd(), 0), -1);
    QCOMPARE(errno, EPERM);
}

void BaseTest::sharedMemoryMoves()
{
    Result<SharedMemory> made = SharedMemory::create("test", 4096);
    QVERIFY(made);
    void* const data = made.value().data();
    const int fd = made.value().fd();
    {
        SharedMemory first(std::move(made).value());
        SharedMemory second;
        second = std::move(first);
        QCOMPARE(second.data(), data);
        QCOMPARE(second.size(), std::size_t{4096});
        QVERIFY(isOpen(fd));
    }
    QVERIFY(!isOpen(fd));
}

void BaseTest::sharedMemoryRefusesASmallBlock()
{
    const Result<SharedMemory> made = SharedMemory::create("test", 4096);
    QVERIFY(made);
    UniqueFd copy(::fcntl(made.value().fd(), F_DUPFD_CLOEXEC, 0));
    const Result<SharedMemory> mapped = SharedMemory::map(std::move(copy), 4097);
    QVERIFY(!mapped);
    QVERIFY(mapped.error().message.find("4097") != std::string::npos);
}

void BaseTest::sharedMemoryRefusesImpossibleSizes()
{
    QVERIFY(!SharedMemory::create("test", 0));
    QVERIFY(!SharedMemory::create("test", ~std::size_t{0}));
    QVERIFY(!SharedMemory::map(UniqueFd(), 4096));
}

QTEST_GUILESS_MAIN(BaseTest)
#include "tst_base.moc"
