// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/process_case.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace poolscope;
using namespace poolscope::test;

/// Tasks that do all that a task should not: each costs itself only, and its error says what it did.
class TestProcessFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void costsItselfOnly_data();
    void costsItselfOnly();
    void hangsAreKilled_data();
    void hangsAreKilled();
    void stoppedWorkerIsKilledInTheEnd();
    void continuedWorkerGoesOn();
    void resultBeforeACrashCounts();
    void memoryLimitOfACgroupIsToldApart();
    void floodsOfOutputStayOutside();
    void manyDeathsLeaveNothingBehind();
};

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kHasRoomForLimits = false; // a sanitizer reserves terabytes of addresses
#else
constexpr bool kHasRoomForLimits = true;
#endif

QString errorOf(EndLog& log, std::size_t task = 0)
{
    return QString::fromStdString(log.ends()[task].error);
}

/// \return whether the pool runs a task.
bool isOfUse(Executor& pool)
{
    EndLog log(1);
    return pool.submit({faultJob({"quick"}), 0, 1}, &log) && log.waitForTotal(1) &&
           log.countOf(TaskState::Done) == 1;
}

qint64 residentBytes()
{
    QFile file("/proc/self/statm");
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ')[1].toLongLong() * 4096 : -1;
}

/// A cgroup with a memory limit, of version 1 or 2, as far as this machine lets us make one.
class MemoryGroup
{
public:
    explicit MemoryGroup(qint64 bytes)
    {
        const QString v1 = "/sys/fs/cgroup/memory";
        const bool isV1 = QFile::exists(v1 + "/memory.limit_in_bytes");
        m_path = (isV1 ? v1 : QString("/sys/fs/cgroup")) +
                 QString("/poolscope-test-%1").arg(QCoreApplication::applicationPid());
        m_isUsable = QDir().mkdir(m_path) && write(isV1 ? "memory.limit_in_bytes" : "memory.max",
                                                   QByteArray::number(bytes));
        write(isV1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max",
              isV1 ? QByteArray::number(bytes) : "0"); // where there is swap
    }
    ~MemoryGroup() { QDir().rmdir(m_path); }
    MemoryGroup(const MemoryGroup&) = delete;
    MemoryGroup& operator=(const MemoryGroup&) = delete;

    [[nodiscard]] bool isUsable() const { return m_isUsable; }
    bool add(pid_t process) { return write("cgroup.procs", QByteArray::number(process)); }

private:
    bool write(const QString& name, const QByteArray& text)
    {
        QFile file(m_path + "/" + name);
        return file.open(QIODevice::WriteOnly | QIODevice::Unbuffered | QIODevice::ExistingOnly) &&
               file.write(text) == text.size();
    }

    QString m_path;
    bool m_isUsable = false;
};

struct FaultRow
{
    const char* name;
    const char* item;
    TaskState state;
    QStringList words; ///< that the error must have
};

QList<FaultRow> faultRows()
{
    const auto failed = TaskState::Failed;
    const auto lost = TaskState::Lost;
    QList<FaultRow> rows{
        {"exception", "throw", failed, {"std::runtime_error: thrown on purpose"}},
        {"exception of an unheard type", "throw other", failed, {"of type", "Unheard"}},
        {"exception in an exception",
         "throw nested",
         failed,
         {"std::runtime_error: cannot load", "; caused by std::out_of_range: no such line"}},
        {"SIGSEGV",
         "segv",
         lost,
         {"SIGSEGV (Segmentation fault) at address 0x10, which is not mapped", "peak memory",
          "It was in:\n    poolscope-worker+0x"}},
        {"SIGBUS", "bus", lost, {"SIGBUS (Bus error) at address 0x"}},
        {"stack overflow", "overflow", lost, {"SIGSEGV", "at address 0x", "poolscope-worker+0x"}},
        {"SIGABRT", "abort", lost, {"SIGABRT (Aborted)", "poolscope-worker+0x"}},
        {"exception that nobody catches",
         "uncaught",
         lost,
         {"SIGABRT", "terminate called", "thrown on purpose"}},
        {"SIGILL", "raise 4", lost, {"SIGILL (Illegal instruction)"}},
        {"SIGKILL", "raise 9", lost, {"SIGKILL (Killed)", "peak memory"}},
        {"SIGTERM", "raise 15", lost, {"SIGTERM (Terminated)"}},
        {"exit with status 3", "exit 3", lost, {"exited with status 3"}},
        {"exit without result", "exit 0", lost, {"status 0 without giving its task's result"}},
        {"closed socket", "hang cut off", lost, {"SIGKILL (Killed)"}},
        {"processor time", "processor time", lost, {"SIGXCPU"}},
        {"file size", "file size", failed, {"write: File too large"}},
        {"open files", "files", failed, {"open: Too many open files"}},
        {"impossible length", "send length", lost, {"malformed message"}},
        {"unknown kind", "send kind", lost, {"malformed message"}},
        {"message cut off", "send cut", lost, {"exited with status 5"}},
        {"message byte by byte", "send slowly", TaskState::Done, {}},
        {"noise 1", "send noise 1", lost, {"malformed message"}},
        {"noise 2", "send noise 2", lost, {"malformed message"}},
        {"impossible count", "scribble count", lost, {"malformed message"}},
        {"impossible cell", "scribble cell", lost, {"malformed message"}},
        {"result of another task", "scribble index", lost, {"malformed message"}},
        {"long result that is not there", "scribble message", lost, {"malformed message"}},
        {"page full of 127", "scribble all 127", lost, {"malformed message"}},
        {"page full of 255", "scribble all 255", lost, {"malformed message"}},
        {"last words",
         "last words",
         lost,
         {"SIGABRT", "It printed at last:\n", "xxx\nto standard output\nto standard ?[1merror"}},
    };
#if defined(__x86_64__)
    rows.append(
        {"SIGFPE", "fpe", lost, {"SIGFPE (Floating point exception) by a division by zero"}});
#endif
    if (kHasRoomForLimits) {
        rows.append({"no memory", "allocate 1024", failed, {"std::bad_alloc"}});
        rows.append({"no more threads", "threads", failed, {"std::system_error"}});
    }
    return rows;
}

} // namespace

void TestProcessFaults::initTestCase()
{
    // What a sanitizer catches itself ends as an exit. Here the kernel's word is wanted.
    qputenv("ASAN_OPTIONS", qgetenv("ASAN_OPTIONS") +
                                ":handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"
                                "handle_abort=0:use_sigaltstack=0");
    qputenv("TSAN_OPTIONS", qgetenv("TSAN_OPTIONS") +
                                ":handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"
                                "handle_abort=0:use_sigaltstack=0");
}

void TestProcessFaults::costsItselfOnly_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<int>("state");
    QTest::addColumn<QStringList>("words");
    for (const FaultRow& row : faultRows()) {
        QTest::newRow(row.name) << row.item << static_cast<int>(row.state) << row.words;
    }
}

void TestProcessFaults::costsItselfOnly()
{
    QFETCH(QString, item);
    QFETCH(int, state);
    QFETCH(QStringList, words);
    ExecutorOptions options = faultOptions(1, 2);
    options.maxAttempts = 1;
    EndLog log(3);
    const auto recorder = makeRecorder();
    {
        const auto pool = makeProcessPool(options, recorder);
        QVERIFY(pool->submit({faultJob({"quick", item.toStdString(), "quick"}), 0, 3}, &log));
        pool->drain();
        QVERIFY(isOfUse(*pool));
    }
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.ends()[0].state, TaskState::Done);
    QCOMPARE(log.ends()[2].state, TaskState::Done);
    QCOMPARE(static_cast<int>(log.ends()[1].state), state);
    const std::vector<std::string> deaths = eventTexts(*recorder, ControlKind::WorkerDied);
    const bool isDeath = state == static_cast<int>(TaskState::Lost);
    QCOMPARE(deaths.size(), std::size_t{isDeath ? 1U : 0U});
    for (const QString& word : words) {
        QVERIFY2(errorOf(log, 1).contains(word), qPrintable(errorOf(log, 1)));
        QVERIFY(!isDeath || QString::fromStdString(deaths[0]).contains(word));
    }
    QVERIFY2(errorOf(log, 1).size() < 8'000, "an error is to be read");
    QCOMPARE(childCount(), 0);
}

void TestProcessFaults::hangsAreKilled_data()
{
    QTest::addColumn<QString>("item");
    for (const char* item : {"hang", "hang busy", "hang deaf", "hang stopped"}) {
        QTest::newRow(item) << item;
    }
}

void TestProcessFaults::hangsAreKilled()
{
    QFETCH(QString, item);
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(1), recorder);
    QVERIFY(pool->submit({faultJob({item.toStdString()}), 0, 1}, &log));
    QTRY_COMPARE_WITH_TIMEOUT(runningNow(*recorder), 1, 60'000);
    const pid_t worker = livingWorkers(*recorder)[0];
    pool->kill();
    QVERIFY(log.waitForTotal(1));
    QCOMPARE(log.ends()[0].state, TaskState::Cancelled);
    QVERIFY(!isAlive(worker));
    QVERIFY(isOfUse(*pool));
}

void TestProcessFaults::stoppedWorkerIsKilledInTheEnd()
{
    ExecutorOptions options = faultOptions(1);
    options.maxAttempts = 2;
    options.stoppedPatienceNs = 50 * kNanosPerMilli;
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(pool->submit({faultJob({"hang stopped"}), 0, 1}, &log));
    QVERIFY(log.waitForTotal(1));
    QCOMPARE(log.ends()[0].state, TaskState::Lost);
    QCOMPARE(log.ends()[0].attempts, 2);
    QVERIFY2(errorOf(log).contains("was stopped by SIGSTOP"), qPrintable(errorOf(log)));
    QVERIFY(eventTexts(*recorder, ControlKind::Error)[0].find("SIGSTOP") != std::string::npos);
    QVERIFY(isOfUse(*pool));
}

void TestProcessFaults::continuedWorkerGoesOn()
{
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(1), recorder);
    QVERIFY(pool->submit({faultJob({"hang stopped"}), 0, 1}, &log));
    QTRY_COMPARE_WITH_TIMEOUT(eventCount(*recorder, ControlKind::Error), 1, 60'000);
    QCOMPARE(::kill(livingWorkers(*recorder)[0], SIGCONT), 0);
    pool->drain();
    QCOMPARE(log.ends()[0].state, TaskState::Done);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
}

void TestProcessFaults::resultBeforeACrashCounts()
{
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(1), recorder);
    QVERIFY(pool->submit({faultJob({"crash later"}), 0, 1}, &log));
    QTRY_COMPARE_WITH_TIMEOUT(eventCount(*recorder, ControlKind::WorkerDied), 1, 60'000);
    pool->drain();
    QCOMPARE(log.ends()[0].state, TaskState::Done);
    QCOMPARE(log.ends()[0].attempts, 1);
    QCOMPARE(retriedRecords(*recorder), 0);
    QVERIFY(isOfUse(*pool));
}

void TestProcessFaults::memoryLimitOfACgroupIsToldApart()
{
    if (!kHasRoomForLimits) {
        QSKIP("A sanitizer needs more memory than the limit gives.");
    }
    MemoryGroup group(64 << 20);
    if (!group.isUsable()) {
        QSKIP("No cgroup with a memory limit can be made here: not root, or no memory controller.");
    }
    ExecutorOptions options = faultOptions(1);
    options.maxAttempts = 1;
    EndLog log(1);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(isOfUse(*pool));
    QVERIFY(group.add(livingWorkers(*recorder)[0]));
    QVERIFY(pool->submit({faultJob({"touch 512"}), 0, 1}, &log));
    QVERIFY(log.waitForTotal(1));
    QCOMPARE(log.ends()[0].state, TaskState::Lost);
    QVERIFY2(errorOf(log).contains("SIGKILL"), qPrintable(errorOf(log)));
    QVERIFY2(errorOf(log).contains("ran out of memory"), qPrintable(errorOf(log)));
    QVERIFY(isOfUse(*pool)); // the new worker is outside
}

void TestProcessFaults::floodsOfOutputStayOutside()
{
    constexpr std::uint64_t kTasks = 4;
    EndLog log(kTasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2), recorder);
    QVERIFY(isOfUse(*pool));
    const qint64 before = residentBytes();
    QVERIFY(
        pool->submit({faultJob(std::vector<std::string>(kTasks, "flood 64")), 0, kTasks}, &log));
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Done), kTasks);
    constexpr qint64 kSome = 16 << 20; // of 256 MB
    QVERIFY2(residentBytes() - before < kSome, "output must not be kept");
}

void TestProcessFaults::manyDeathsLeaveNothingBehind()
{
    constexpr int kCycles = 500;
    const auto count = [](const char* path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().count("poolscope-worker") : -1;
    };
    ExecutorOptions options = faultOptions(2);
    options.maxAttempts = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    QVERIFY(isOfUse(*pool));
    const std::vector<std::string> items{"raise 9", "segv", "exit 3", "abort", "quick"};
    int descriptors = 0;
    for (int cycle = 0; cycle < kCycles; ++cycle) {
        EndLog log(1);
        const auto job = faultJob({items[static_cast<std::size_t>(cycle) % items.size()]});
        QVERIFY(pool->submit({job, 0, 1}, &log) && log.waitForTotal(1));
        if (cycle == 20) {
            QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
            descriptors = descriptorCount();
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
    QCOMPARE(descriptorCount(), descriptors);
    QCOMPARE(count("/proc/self/maps"), 2); // shared pages
    pool->shutdown();
    QCOMPARE(childCount(), 0);
    QCOMPARE(count("/proc/self/maps"), 0);
}

QTEST_GUILESS_MAIN(TestProcessFaults)
#include "tst_process_faults.moc"
