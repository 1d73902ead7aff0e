// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Items and results of worker processes that travel through shared memory.

#include "core/executor/message.h"
#include "core/executor/value_area.h"
#include "tests/integration/processes/process_case.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// \return an item that comes back as it is, of \p bytes, at least 10.
std::string echo(std::size_t bytes, std::size_t number = 0)
{
    std::string item = "echo" + std::to_string(number) + ' ';
    for (std::size_t i = item.size(); i < bytes; ++i) {
        item.push_back(static_cast<char>('a' + (i * 31 + number) % 26));
    }
    return item;
}

/// \return what the worker processes of this program share with it, in bytes that are there.
qint64 sharedBytes()
{
    qint64 bytes = 0;
    for (const QString& name : QDir("/proc/self/fd").entryList(QDir::System | QDir::Files)) {
        const QString path = "/proc/self/fd/" + name;
        struct stat status
        {};
        if (QFile::symLinkTarget(path).contains("memfd:poolscope-worker") &&
            ::stat(QFile::encodeName(path).constData(), &status) == 0) {
            bytes += qint64{status.st_blocks} * 512;
        }
    }
    return bytes;
}

/// \return the first task whose value is not its item, or "".
QString faultInEchoes(EndLog& log, const std::vector<std::string>& items)
{
    const std::vector<SeenEnd> ends = log.ends();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (ends[i].state != TaskState::Done || ends[i].value != Value{items[i]}) {
            return QString("task %1: %2").arg(i).arg(QString::fromStdString(ends[i].error));
        }
    }
    return {};
}

} // namespace

class TestLargeValues : public QObject
{
    Q_OBJECT

private slots:
    void comeBackAsTheyWent_data();
    void comeBackAsTheyWent();
    void moreThanFitInTheAreaComeBackToo();
    void mixWithSmallOnesInOrder();
    void arePutBackByAPauseAndACancel();
    void workerThatDiesWithOneCostsNothingElse();
    void placesOutsideTheAreaAreRefused_data();
    void placesOutsideTheAreaAreRefused();
    void theirMemoryIsGivenBack();
    void goTheOldWayWhereFilesMustBeSmall();
    void manyDeathsLeaveNothingBehind();
};

void TestLargeValues::comeBackAsTheyWent_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("chunk");
    QTest::addColumn<int>("tasks");
    QTest::newRow("just not large") << static_cast<int>(kLargeValueBytes) - 1 << 1 << 8;
    QTest::newRow("just large") << static_cast<int>(kLargeValueBytes) << 1 << 8;
    QTest::newRow("a megabyte and one") << (1 << 20) + 1 << 1 << 30;
    QTest::newRow("16 MB") << (16 << 20) << 1 << 4;
    QTest::newRow("the longest") << static_cast<int>(kMaxTaskBytes) << 1 << 3;
    QTest::newRow("large together") << 40'000 << 4 << 20;
    QTest::newRow("large chunks") << 300'000 << 7 << 30;
}

void TestLargeValues::comeBackAsTheyWent()
{
    QFETCH(int, bytes);
    QFETCH(int, chunk);
    QFETCH(int, tasks);
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2, chunk), recorder);
    std::vector<std::string> items;
    for (int i = 0; i < tasks; ++i) {
        items.push_back(echo(static_cast<std::size_t>(bytes), static_cast<std::size_t>(i)));
    }
    EndLog log(items.size());
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    pool->drain();
    QCOMPARE(faultInEchoes(log, items), QString());
    QCOMPARE(faultInTrace(*recorder, log), QString());
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
    // A future takes its value without a copy; it is the right one all the same.
    QCOMPARE(pool->submitTask(faultJob(items), 1).take(), Value{items[1]});
}

void TestLargeValues::moreThanFitInTheAreaComeBackToo()
{
    ExecutorOptions options = faultOptions(1);
    options.prefetchedChunks = 8;
    const auto pool = makeProcessPool(options);
    std::vector<std::string> items;
    for (std::size_t i = 0; i < 12; ++i) {
        items.push_back(echo(std::size_t{20} << 20U, i));
    }
    EndLog log(items.size());
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    pool->drain();
    QCOMPARE(faultInEchoes(log, items), QString());
}

void TestLargeValues::mixWithSmallOnesInOrder()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(2), recorder);
    std::vector<std::string> items;
    for (std::size_t i = 0; i < 400; ++i) {
        items.push_back(echo(i % 7 == 0 ? 200'000 : i % 5 == 0 ? 5'000 : 20, i));
    }
    EndLog log(items.size());
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    pool->drain();
    QCOMPARE(faultInEchoes(log, items), QString());
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestLargeValues::arePutBackByAPauseAndACancel()
{
    const auto recorder = makeRecorder();
    ExecutorOptions options = faultOptions(1);
    options.prefetchedChunks = 4;
    const auto pool = makeProcessPool(options, recorder);
    std::vector<std::string> items;
    for (std::size_t i = 0; i < 200; ++i) {
        items.push_back(echo(300'000, i));
    }
    EndLog log(items.size());
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    for (int round = 0; round < 20; ++round) {
        pool->pause();
        pool->resume();
        QVERIFY(log.waitForTotal(static_cast<std::uint64_t>(round)));
    }
    pool->cancel();
    pool->drain();
    QCOMPARE(log.notEndedOnce(), std::uint64_t{0});
    QCOMPARE(log.countOf(TaskState::Done) + log.countOf(TaskState::Cancelled), items.size());
    QCOMPARE(pool->submitTask(faultJob(items), 7).value(), Value{items[7]});
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
}

void TestLargeValues::workerThatDiesWithOneCostsNothingElse()
{
    ExecutorOptions options = faultOptions(2);
    options.maxAttempts = 2;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    std::vector<std::string> items;
    for (std::size_t i = 0; i < 40; ++i) {
        items.push_back(echo(500'000, i));
    }
    items[11] = "raise 9" + std::string(500'000, ' ');
    EndLog log(items.size());
    QVERIFY(pool->submit({faultJob(items), 0, items.size()}, &log));
    pool->drain();
    QCOMPARE(log.countOf(TaskState::Done), items.size() - 1);
    QCOMPARE(log.ends()[11].state, TaskState::Lost);
    QCOMPARE(log.ends()[11].attempts, 2);
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 2);
    QCOMPARE(faultInTrace(*recorder, log), QString());
}

void TestLargeValues::placesOutsideTheAreaAreRefused_data()
{
    QTest::addColumn<QString>("bytes");
    QTest::newRow("a byte too many") << "0";
    QTest::newRow("half outside") << "100000";
    QTest::newRow("far outside") << "40000000";
}

void TestLargeValues::placesOutsideTheAreaAreRefused()
{
    QFETCH(QString, bytes);
    ExecutorOptions options = faultOptions(1);
    options.maxAttempts = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const TaskOutcome outcome =
        pool->submitTask(faultJob({"scribble place " + bytes.toStdString()}), 0).get();
    QCOMPARE(outcome.state, TaskState::Lost);
    QVERIFY2(outcome.error.find("malformed") != std::string::npos, outcome.error.c_str());
    QCOMPARE(pool->submitTask(faultJob({"quick"}), 0).get().state, TaskState::Done);
}

void TestLargeValues::theirMemoryIsGivenBack()
{
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(faultOptions(1), recorder);
    const std::string item = echo(std::size_t{16} << 20U);
    const auto job = faultJob({item});
    QCOMPARE(pool->submitTask(job, 0).value(), Value{item});
    const qint64 used = sharedBytes();
    QVERIFY2(used >= 2 * (16 << 20), QByteArray::number(used).constData());
    QTRY_VERIFY_WITH_TIMEOUT(sharedBytes() < 1 << 20, 60'000);
    QCOMPARE(pool->submitTask(job, 0).value(), Value{item}); // and is there again
    QCOMPARE(eventCount(*recorder, ControlKind::WorkerDied), 0);
}

void TestLargeValues::goTheOldWayWhereFilesMustBeSmall()
{
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = std::min<rlim_t>(before.rlim_max, 32U << 20U);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string item = echo(1'000'000);
    {
        const auto pool = makeProcessPool(faultOptions(1));
        QCOMPARE(pool->submitTask(faultJob({item}), 0).value(), Value{item});
        QVERIFY(sharedBytes() < 1 << 20);
    }
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
}

void TestLargeValues::manyDeathsLeaveNothingBehind()
{
    constexpr int kCycles = 500;
    const auto mappings = [] {
        QFile file("/proc/self/maps");
        return file.open(QIODevice::ReadOnly) ? file.readAll().count("poolscope-worker") : -1;
    };
    ExecutorOptions options = faultOptions(2);
    options.maxAttempts = 1;
    const auto recorder = makeRecorder();
    const auto pool = makeProcessPool(options, recorder);
    const std::string blanks(200'000, ' ');
    const std::vector<std::string> items{"raise 9" + blanks, "segv 0" + blanks, echo(200'000),
                                         "text 200000", "exit 3" + blanks};
    const auto job = faultJob(items);
    int descriptors = 0;
    for (int cycle = 0; cycle < kCycles; ++cycle) {
        EndLog log(items.size());
        QVERIFY(pool->submit({job, static_cast<std::uint64_t>(cycle) % items.size(), 1}, &log) &&
                log.waitForTotal(1));
        if (cycle == 20) {
            QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
            descriptors = descriptorCount();
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(openLives(*recorder), 2, 60'000);
    QCOMPARE(descriptorCount(), descriptors);
    QVERIFY(mappings() <= 4); // pages, and areas that results came from
    QTRY_VERIFY_WITH_TIMEOUT(sharedBytes() < 4 << 20, 60'000);
    pool->shutdown();
    QCOMPARE(childCount(), 0);
    QCOMPARE(mappings(), 0);
    QCOMPARE(sharedBytes(), 0);
}

QTEST_GUILESS_MAIN(TestLargeValues)
#include "tst_large_values.moc"
