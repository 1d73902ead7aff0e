// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/queue_lane.h"

#include <QTest>

using namespace poolscope;

class TestQueueLane : public QObject
{
    Q_OBJECT

private slots:
    void recordsStayInOrderWhenTheClocksOfThreadsDiffer();
};

void TestQueueLane::recordsStayInOrderWhenTheClocksOfThreadsDiffer()
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    QueueLane lane({recorder, 0});
    const auto job = std::make_shared<const Job>();
    // Submitted by a thread whose clock is ahead of ours.
    const Nanos aheadNs = recorder->now() + 3600 * kNanosPerSecond;
    lane.end({job, 0, 2, aheadNs}, TaskState::Cancelled, "first");
    lane.end({job, 2, 3, recorder->now()}, TaskState::Cancelled, "second");

    const Lane& written = *recorder->lanes().at(0);
    QCOMPARE(written.recordCount(), std::uint64_t{3});
    Nanos lastEndNs = 0;
    for (std::uint64_t i = 0; i < written.recordCount(); ++i) {
        const TaskRecord& record = written.record(i);
        QVERIFY(record.submitNs <= record.startNs);
        QVERIFY(record.startNs >= lastEndNs);
        QCOMPARE(record.endNs, record.startNs);
        lastEndNs = record.endNs;
    }
    QCOMPARE(written.lastEndNs(), aheadNs);
}

QTEST_GUILESS_MAIN(TestQueueLane)
#include "tst_queue_lane.moc"
