// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/file_format.h"
#include "core/io/run_file.h"
#include "core/io/run_file_format.h"
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"
#include "tests/unit/io/sample_run.h"

#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace poolscope;
using namespace poolscope::test;

namespace {

std::string bytesOf(const Snapshot& snapshot)
{
    std::ostringstream out;
    const Result<void> written = writeRun(snapshot, out);
    return written ? out.str() : std::string{};
}

Result<SnapshotPtr> readBytes(const std::string& bytes)
{
    std::istringstream in(bytes);
    return readRun(in, bytes.size());
}

/// \return how the snapshot differs from what is read after it was written, "" if it does not.
QString changedByRoundTrip(const Snapshot& snapshot)
{
    const Result<SnapshotPtr> read = readBytes(bytesOf(snapshot));
    return QString::fromStdString(read ? difference(snapshot, *read.value())
                                       : read.error().message);
}

} // namespace

class TestRunFile : public QObject
{
    Q_OBJECT

private slots:
    void sampleRunComesBackTheSame()
    {
        const SnapshotPtr run = makeSampleRun();
        QCOMPARE(changedByRoundTrip(*run), QString());
    }

    void costsComeBackTheSame()
    {
        const SnapshotPtr run = makeCostlyRun();
        QCOMPARE(changedByRoundTrip(*run), QString());
        QVERIFY(!difference(*run, *makeSampleRun()).empty());
    }

    void whatBlockedTasksComesBackTheSame()
    {
        const SnapshotPtr run = makeBlockedRun();
        QCOMPARE(changedByRoundTrip(*run), QString());
        const SnapshotPtr other = makeBlockedRun();
        const_cast<Lane*>(other->lanes[1].lane)->appendBlocked({200'000, 210'000, 1, 0});
        QCOMPARE(difference(*run, *other), std::string("lane 1: blockedCount"));
    }

    void bookmarksComeBackTheSame()
    {
        Snapshot marked = *makeSampleRun();
        marked.bookmarks = {{5, "first"}, {5, ""}, {77, "the \xff end"}};
        QCOMPARE(changedByRoundTrip(marked), QString());
        Snapshot disordered = marked;
        std::swap(disordered.bookmarks[0], disordered.bookmarks[2]);
        QVERIFY(!readBytes(bytesOf(disordered)));
    }

    void infrastructureComesBackTheSame()
    {
        const SnapshotPtr run = makeRunWithInfrastructure();
        QCOMPARE(changedByRoundTrip(*run), QString());
        const SnapshotPtr other = makeRunWithInfrastructure();
        const_cast<InfrastructureLane*>(other->infrastructure[2].lane)->append({1, 2});
        Snapshot more = *other;
        more.infrastructure = other->recorder->infrastructure();
        QCOMPARE(difference(*run, more), std::string("infrastructure 2: spanCount"));
    }

    void whatWorkersUsedComesBackTheSame()
    {
        const SnapshotPtr run = makeRunWithUsage();
        QCOMPARE(run->lanes[0].usage->size(), std::size_t{3});
        QCOMPARE(changedByRoundTrip(*run), QString());
        Snapshot other = *run;
        other.lanes[0].usage = run->lanes[1].usage;
        QCOMPARE(difference(*run, other), std::string("lane 0: usage"));
    }

    void goneRecordsComeBackTheSame()
    {
        const SnapshotPtr run = makeRunWithGoneRecords();
        QCOMPARE(letGoOf(*run).records, std::uint64_t{2048});
        QCOMPARE(run->keptCount(), std::uint64_t{4});
        QCOMPARE(changedByRoundTrip(*run), QString());
    }

    void comparisonSeesWhatChanged()
    {
        // The other tests are worth what this comparison is worth.
        const SnapshotPtr run = makeSampleRun();
        Snapshot changed = *run;
        changed.nowNs += 1;
        QCOMPARE(difference(*run, changed), std::string("nowNs"));
        const SnapshotPtr shifted = makeSyntheticTrace(2, 100, 1);
        const SnapshotPtr other = makeSyntheticTrace(2, 100, 2);
        QVERIFY(!difference(*shifted, *other).empty());
    }

    void lanesReadAtOnceAreTheSame()
    {
        SyntheticOptions options;
        options.lanes = 7;
        options.tasks = 150'000;
        options.executors = 2;
        options.cancelRate = 0.01;
        const std::string bytes = bytesOf(*makeSyntheticTrace(options));
        std::istringstream first(bytes);
        const Result<SnapshotPtr> byOne = readRun(first, bytes.size(), 1);
        std::istringstream second(bytes);
        const Result<SnapshotPtr> byFour = readRun(second, bytes.size(), 4);
        QVERIFY(byOne.isOk());
        QVERIFY(byFour.isOk());
        QCOMPARE(difference(*byOne.value(), *byFour.value()), std::string());
        QVERIFY(bytesOf(*byOne.value()) == bytes);
        QVERIFY(bytesOf(*byFour.value()) == bytes);
    }

    void runThatLostItsOldestRecordsComesBackTheSame()
    {
        SyntheticOptions options;
        options.lanes = 3;
        options.tasks = 300'000;
        options.executors = 2;
        options.cancelRate = 0.2;
        options.retryRate = 0.001;
        options.failureRate = 0.001;
        options.memoryCapBytes = std::uint64_t{6} << 20U;
        const SnapshotPtr run = makeSyntheticTrace(options);
        QVERIFY(detailSince(*run, 0) && detailSince(*run, 1));
        QCOMPARE(changedByRoundTrip(*run), QString());
        const std::string bytes = bytesOf(*run);
        std::istringstream in(bytes);
        const Result<SnapshotPtr> byFour = readRun(in, bytes.size(), 4);
        QVERIFY(byFour.isOk());
        QVERIFY(bytesOf(*byFour.value()) == bytes);
        QCOMPARE(detailSince(*byFour.value()), detailSince(*run));
        QCOMPARE(byFour.value()->meta->recording.memoryCapBytes, options.memoryCapBytes);
        // It goes on without what is gone: the same figures, and what is left can be looked at.
        QCOMPARE(byFour.value()->totals[0].endedCount(), std::uint64_t{300'000});
        QCOMPARE(byFour.value()->keptCount(), run->keptCount());
    }

    void readRunIsNotLive()
    {
        Snapshot live = *makeSampleRun();
        live.isLive = true;
        live.lanes[0].running = {3, 700'000};
        live.totals[0].running = 1;
        const Result<SnapshotPtr> read = readBytes(bytesOf(live));
        QVERIFY(read.isOk());
        QVERIFY(!read.value()->isLive);
        QCOMPARE(read.value()->lanes[0].running.startNs, Nanos{-1});
        QCOMPARE(read.value()->totals[0].running, 0U);
        QCOMPARE(difference(live, *read.value()), std::string());
    }

    void onlyWhatTheSnapshotSawIsWritten()
    {
        // A lane goes on growing under a snapshot.
        Snapshot early = *makeSampleRun();
        early.lanes[0].recordCount = 2;
        const Result<SnapshotPtr> read = readBytes(bytesOf(early));
        QVERIFY(read.isOk());
        QCOMPARE(read.value()->lanes[0].recordCount, std::uint64_t{2});
    }

    void emptyRunComesBackTheSame()
    {
        auto meta = std::make_shared<TraceMeta>();
        meta->executors = {{"threads", "Thread pool", 1}};
        QCOMPARE(changedByRoundTrip(*finish(std::make_shared<Recorder>(0, 1), meta)), QString());
    }

    void laneWithoutRecordsComesBackTheSame()
    {
        auto recorder = std::make_shared<Recorder>(0, 2);
        recorder->addLane({1, LaneKind::Process, 7});
        QCOMPARE(changedByRoundTrip(*finish(recorder, makeSampleMeta())), QString());
    }

    void droppedEventsAreKept()
    {
        Snapshot run = *makeSampleRun();
        run.droppedEvents = 17;
        QCOMPARE(changedByRoundTrip(run), QString());
    }

    void manyBlocksComeBackTheSame()
    {
        // More records on a lane than a block holds.
        SyntheticOptions options;
        options.lanes = 3;
        options.tasks = 4 * kBlockRecords + 5;
        options.executors = 2;
        options.failureRate = 0.01;
        options.retryRate = 0.01;
        options.instantRate = 0.01;
        options.cancelRate = 0.01;
        QCOMPARE(changedByRoundTrip(*makeSyntheticTrace(options)), QString());
    }

    void longTextsComeBackTheSame()
    {
        // Each fills a block of its own.
        auto recorder = std::make_shared<Recorder>(0, 2);
        Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
        for (std::uint32_t task = 0; task < 4; ++task) {
            TaskRecord record;
            record.task = task;
            record.startNs = record.endNs = Nanos{task};
            record.setState(TaskState::Done);
            lane.append(record, std::string(kBlockBytes + task, static_cast<char>('a' + task)), "");
        }
        QCOMPARE(changedByRoundTrip(*finish(recorder, makeSampleMeta())), QString());
    }

    void sameSnapshotGivesSameBytes()
    {
        const SnapshotPtr run = makeSampleRun();
        const std::string bytes = bytesOf(*run);
        QVERIFY(!bytes.empty());
        QCOMPARE(bytesOf(*run), bytes);
        const Result<SnapshotPtr> read = readBytes(bytes);
        QVERIFY(read.isOk());
        QCOMPARE(bytesOf(*read.value()), bytes);
    }

    void fileOnDiskComesBackTheSame()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("run.pscope").toStdString();
        const SnapshotPtr run = makeSampleRun();
        const FileFormat* format = findFileFormat("PScope");
        QVERIFY(format != nullptr);
        QVERIFY(writeSnapshot(*run, *format, path).isOk());
        const Result<SnapshotPtr> read = readRunFile(path);
        QVERIFY(read.isOk());
        QCOMPARE(difference(*run, *read.value()), std::string());
    }

    void unreadablePathsAreNamed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("reason");
        QTest::newRow("missing") << "/nowhere/run.pscope"
                                 << "No such file";
        QTest::newRow("folder") << "/tmp"
                                << "folder";
        QTest::newRow("device") << "/dev/zero"
                                << "not a file";
    }
    void unreadablePathsAreNamed()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, reason);
        const Result<SnapshotPtr> read = readRunFile(path.toStdString());
        QVERIFY(!read.isOk());
        const QString message = QString::fromStdString(read.error().message);
        QVERIFY2(message.contains(path) && message.contains(reason), qPrintable(message));
    }

    void formatTableIsSound()
    {
        QStringList suffixes;
        for (const FileFormat& format : fileFormats()) {
            QVERIFY(!QString(format.title).isEmpty());
            QVERIFY(format.write != nullptr);
            QCOMPARE(findFileFormat(format.suffix), &format);
            suffixes << format.suffix;
        }
        QCOMPARE(suffixes, QStringList({"pscope", "json", "csv"}));
        QCOMPARE(findFileFormat("svg"), nullptr);
        QCOMPARE(findFileFormat(""), nullptr);
        QCOMPARE(findFileFormat("cs"), nullptr);
    }
};

QTEST_GUILESS_MAIN(TestRunFile)
#include "tst_run_file.moc"
