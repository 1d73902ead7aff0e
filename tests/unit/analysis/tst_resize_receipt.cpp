// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/resize_receipt.h"
#include "core/trace/collector.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace poolscope;

namespace {

constexpr Nanos kMs = kNanosPerMilli;

/// A finished run of two phases: first \p before workers, from one second on \p after. Each worker's tasks
/// follow each other without gaps and take \p beforeMs or \p afterMs on average, exponentially
/// distributed.
SnapshotPtr resizedRun(int before, int after, double beforeMs, double afterMs, unsigned seed,
                       Nanos changeNs = 1'000 * kMs, Nanos endNs = 2'000 * kMs)
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    std::mt19937_64 random(seed);
    std::exponential_distribution<double> draw;
    std::uint32_t task = 0;
    for (int index = 0; index < std::max(before, after); ++index) {
        Lane& lane = recorder->addLane({0, LaneKind::Thread, index});
        const Nanos openNs = index < before ? 0 : changeNs + 5 * kMs;
        const Nanos closeNs = index < after ? endNs : changeNs;
        lane.openLife({openNs, -1, 1, index});
        for (Nanos now = openNs; now < closeNs;) {
            const double mean = now < changeNs ? beforeMs : afterMs;
            TaskRecord record;
            record.task = task++;
            record.startNs = now;
            record.endNs = now + std::max<Nanos>(1, static_cast<Nanos>(draw(random) * mean * kMs));
            record.setState(TaskState::Done);
            now = record.endNs;
            lane.append(record, {}, {});
        }
        lane.closeLife(std::max(closeNs, lane.record(lane.recordCount() - 1).endNs));
    }
    recorder->addControlEvent(
        {changeNs, ControlKind::Resize, 0, -1, after, std::to_string(before)});
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"threads", "Thread pool", before}};
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = task;
    plan->kinds = {"task"};
    meta->plan = std::move(plan);
    return makeFinishedSnapshot(recorder, meta, {}, endNs + 100 * kMs);
}

} // namespace

class ResizeReceiptTest : public QObject
{
    Q_OBJECT

private slots:
    void moreWorkersAreFaster();
    void fewerWorkersAreSlower();
    void longerTasksEatWhatWorkersGive();
    void coversTheTruth();
    void shortSidesSayNothing();
    void withoutChangeThereIsNone();
};

void ResizeReceiptTest::moreWorkersAreFaster()
{
    const auto receipts = resizeReceipts(*resizedRun(2, 6, 2, 2, 1), 0);
    QCOMPARE(receipts.size(), std::size_t{1});
    const ResizeReceipt& receipt = receipts.front();
    QCOMPARE(receipt.fromWorkers, 2);
    QCOMPARE(receipt.toWorkers, 6);
    QCOMPARE(receipt.timeNs, 1'000 * kMs);
    QCOMPARE(receipt.settledNs, 1'005 * kMs);
    QCOMPARE(receipt.before.range, (TimeRange{0, 1'000 * kMs}));
    QCOMPARE(receipt.after.range.beginNs, 1'005 * kMs);
    QVERIFY(receipt.effect == ResizeEffect::Faster);
    QVERIFY(receipt.throughputRatio.contains(3));
    QVERIFY(receipt.throughputRatio.low > 2);
    QVERIFY(receipt.throughputRatio.high < 4);
}

void ResizeReceiptTest::fewerWorkersAreSlower()
{
    const auto receipts = resizeReceipts(*resizedRun(4, 1, 1, 1, 2), 0);
    QCOMPARE(receipts.size(), std::size_t{1});
    QVERIFY(receipts.front().effect == ResizeEffect::Slower);
    QVERIFY(receipts.front().throughputRatio.contains(0.25));
    QVERIFY(!receipts.front().hasOtherRunTimes);
}

void ResizeReceiptTest::longerTasksEatWhatWorkersGive()
{
    const auto receipts = resizeReceipts(*resizedRun(2, 4, 2, 4, 3), 0);
    QVERIFY(receipts.front().effect == ResizeEffect::NoDifference);
    QVERIFY(receipts.front().hasOtherRunTimes);
}

void ResizeReceiptTest::coversTheTruth()
{
    // 95 % are promised; of 200 seeds 90 to 98 % are within three standard errors of that.
    int hits = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        hits += resizeReceipts(*resizedRun(2, 4, 2, 2, seed), 0).front().throughputRatio.contains(2)
                    ? 1
                    : 0;
    }
    QVERIFY2(hits >= 180 && hits <= 199, qPrintable(QString::number(hits)));
}

void ResizeReceiptTest::shortSidesSayNothing()
{
    const auto receipts = resizeReceipts(*resizedRun(2, 4, 2, 2, 1, 1'000 * kMs, 1'010 * kMs), 0);
    QCOMPARE(receipts.size(), std::size_t{1});
    QVERIFY(receipts.front().effect == ResizeEffect::TooShort);
}

void ResizeReceiptTest::withoutChangeThereIsNone()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"threads", "Thread pool", 1}};
    QVERIFY(resizeReceipts(*makeFinishedSnapshot(recorder, meta, {}, 1), 0).empty());
}

QTEST_GUILESS_MAIN(ResizeReceiptTest)
#include "tst_resize_receipt.moc"
