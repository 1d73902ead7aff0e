// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/aligned_runs.h"
#include "core/analysis/run_summary.h"
#include "core/io/file_format.h"
#include "tests/support/synthetic_trace.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace poolscope;

/// Several runs as one trace, record by record beside what they were made of.
class TestAlignedRuns : public QObject
{
    Q_OBJECT

private slots:
    void everyRecordIsThereFromItsRunsFirstSubmit();
    void figuresOfEachExecutorStay();
    void executorsAreCalledByRun();
    void tasksOfOneJobKeepTheirNumbers();
    void tasksOfOtherJobsFollow();
    void theSameRunsGiveTheSameTrace();
    void itIsSavedAndReadLikeAnyRun();
};

namespace {

std::vector<SnapshotPtr> twoRuns(std::uint64_t tasksOfSecond = 300)
{
    auto second = std::make_shared<Snapshot>(*test::makeSyntheticTrace(
        {.lanes = 3, .tasks = tasksOfSecond, .seed = 9, .failureRate = 0.01, .cancelRate = 0.02}));
    auto meta = std::make_shared<TraceMeta>(*second->meta);
    meta->runId = "0123456789abcdef0123456789abcdef";
    second->meta = meta;
    return {test::makeSyntheticTrace({.lanes = 2, .tasks = 300, .executors = 2, .retryRate = 0.02}),
            second};
}

const std::array<std::string, 2> kNames{"before", "after"};

SnapshotPtr align(const std::vector<SnapshotPtr>& runs)
{
    auto aligned = alignRuns(runs, kNames);
    return aligned ? std::move(aligned).value() : nullptr;
}

Nanos firstSubmitOf(const Snapshot& run)
{
    Nanos first = INT64_MAX;
    for (const LaneView& lane : run.lanes) {
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
            first = std::min(first, lane.lane->record(i).submitNs);
        }
    }
    return first;
}

} // namespace

void TestAlignedRuns::everyRecordIsThereFromItsRunsFirstSubmit()
{
    const auto runs = twoRuns();
    const SnapshotPtr aligned = align(runs);
    QVERIFY(aligned);
    QVERIFY(!aligned->isLive);
    std::size_t lane = 0;
    for (const SnapshotPtr& run : runs) {
        const Nanos begin = firstSubmitOf(*run);
        for (const LaneView& from : run->lanes) {
            const LaneView& to = aligned->lanes[lane++];
            QCOMPARE(to.recordCount, from.recordCount);
            QCOMPARE(to.info().index, from.info().index);
            QVERIFY(to.info().kind == from.info().kind);
            for (std::uint64_t i = 0; i < from.recordCount; ++i) {
                TaskRecord expected = from.lane->record(i);
                const TaskRecord& record = to.lane->record(i);
                QCOMPARE(record.submitNs, expected.submitNs - begin);
                QCOMPARE(record.startNs, expected.startNs - begin);
                QCOMPARE(record.endNs, expected.endNs - begin);
                QCOMPARE(record.stateAndFlags, expected.stateAndFlags);
                QCOMPARE(to.lane->result(i).error, from.lane->result(i).error);
                QVERIFY(to.lane->result(i).value == from.lane->result(i).value);
            }
        }
        QVERIFY(aligned->nowNs >= run->nowNs - begin);
    }
    QCOMPARE(lane, aligned->lanes.size());
    QCOMPARE(firstSubmitOf(*aligned), Nanos{0});
}

void TestAlignedRuns::figuresOfEachExecutorStay()
{
    const auto runs = twoRuns(500);
    const SnapshotPtr aligned = align(runs);
    QVERIFY(aligned);
    int executor = 0;
    for (const SnapshotPtr& run : runs) {
        for (int i = 0; i < static_cast<int>(run->totals.size()); ++i, ++executor) {
            const RunSummary before = summariseRun(*run, i);
            const RunSummary after = summariseRun(*aligned, executor);
            QCOMPARE(after.makespanNs, before.makespanNs);
            QCOMPARE(after.run.p95Ns, before.run.p95Ns);
            QCOMPARE(after.done, before.done);
            QCOMPARE(after.laneNs, before.laneNs);
            const auto place = static_cast<std::size_t>(i);
            QCOMPARE(aligned->totals[static_cast<std::size_t>(executor)].total,
                     run->totals[place].total);
            QCOMPARE(aligned->totals[static_cast<std::size_t>(executor)].submitted,
                     run->totals[place].submitted);
        }
    }
}

void TestAlignedRuns::executorsAreCalledByRun()
{
    const auto runs = twoRuns();
    const SnapshotPtr aligned = align(runs);
    QCOMPARE(aligned->meta->executors.size(), std::size_t{3});
    QCOMPARE(aligned->meta->executors[0].title, "before · " + runs[0]->meta->executors[0].kind);
    QCOMPARE(aligned->meta->executors[2].title, "after · " + runs[1]->meta->executors[0].kind);
    QCOMPARE(aligned->meta->title, std::string("before / after"));
}

void TestAlignedRuns::tasksOfOneJobKeepTheirNumbers()
{
    const SnapshotPtr run = test::makeSyntheticTrace(2, 200);
    const SnapshotPtr aligned = align({run, run});
    QCOMPARE(aligned->meta->plan->taskCount, std::uint64_t{200});
    QCOMPARE(aligned->lanes[2].lane->record(5).task, run->lanes[0].lane->record(5).task);
}

void TestAlignedRuns::tasksOfOtherJobsFollow()
{
    const auto runs = twoRuns(500);
    const SnapshotPtr aligned = align(runs);
    QCOMPARE(aligned->meta->plan->taskCount, std::uint64_t{800});
    const LaneView& lane = aligned->lanes.back();
    const LaneView& from = runs[1]->lanes.back();
    const std::uint32_t task = lane.lane->record(0).task;
    QCOMPARE(task, from.lane->record(0).task + 300);
    QCOMPARE(aligned->meta->plan->item(task),
             "after: " + taskName(runs[1]->meta->workloadId, *runs[1]->meta->plan, task - 300));
    QVERIFY(aligned->meta->plan->kind(task) < aligned->meta->plan->kinds.size());
}

void TestAlignedRuns::theSameRunsGiveTheSameTrace()
{
    const auto runs = twoRuns();
    QCOMPARE(align(runs)->meta->runId, align(runs)->meta->runId);
    QVERIFY(align(runs)->meta->runId != align({runs[1], runs[0]})->meta->runId);
    QCOMPARE(align(runs)->meta->runId.size(), std::size_t{32});
}

void TestAlignedRuns::itIsSavedAndReadLikeAnyRun()
{
    const QTemporaryDir folder;
    const std::string path = QFile::encodeName(folder.filePath("aligned.pscope")).toStdString();
    const SnapshotPtr aligned = align(twoRuns(400));
    const auto written = writeSnapshot(*aligned, *findFileFormat("pscope"), path);
    QVERIFY2(written.isOk(), written.isOk() ? "" : written.error().message.c_str());
    const auto read = readRunFile(path);
    QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
    QCOMPARE(read.value()->recordCount(), aligned->recordCount());
    QCOMPARE(read.value()->meta->executors[2].title, aligned->meta->executors[2].title);
}

QTEST_GUILESS_MAIN(TestAlignedRuns)
#include "tst_aligned_runs.moc"
