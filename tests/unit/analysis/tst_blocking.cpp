// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/blocking.h"
#include "tests/unit/io/sample_run.h"

#include <QTest>

using namespace poolscope;

namespace {

constexpr Nanos kMicro = kNanosPerMicro;

} // namespace

class TestBlocking : public QObject
{
    Q_OBJECT

private slots:
    void attemptIsGivenItsOwnSums();
    void executorIsGivenTheSumsOfAll();
    void rangeCountsWhatEndsInIt();
};

void TestBlocking::attemptIsGivenItsOwnSums()
{
    const SnapshotPtr run = test::makeBlockedRun();
    const LaneView& first = run->lanes[0];
    QCOMPARE(blockedIn(*run, first, first.lane->record(0)),
             (std::vector<BlockedOn>{{"slots", 2, 40 * kMicro, 30 * kMicro},
                                     {"gate", 1, 20 * kMicro, 20 * kMicro}}));
    QVERIFY(blockedIn(*run, first, first.lane->record(1)).empty());
    const LaneView& second = run->lanes[1];
    QCOMPARE(blockedIn(*run, second, second.lane->record(0)),
             (std::vector<BlockedOn>{{"gate", 1, 70 * kMicro, 70 * kMicro}}));
}

void TestBlocking::executorIsGivenTheSumsOfAll()
{
    const SnapshotPtr run = test::makeBlockedRun();
    QCOMPARE(blockedIn(*run, 0), (std::vector<BlockedOn>{{"gate", 2, 90 * kMicro, 70 * kMicro},
                                                         {"slots", 2, 40 * kMicro, 30 * kMicro}}));
    QVERIFY(blockedIn(*run, 1).empty());
    QVERIFY(blockedIn(*test::makeSampleRun(), 0).empty());
}

void TestBlocking::rangeCountsWhatEndsInIt()
{
    const SnapshotPtr run = test::makeBlockedRun();
    QCOMPARE(blockedIn(*run, 0, {120 * kMicro, 140 * kMicro}),
             (std::vector<BlockedOn>{{"gate", 1, 20 * kMicro, 20 * kMicro}}));
    QVERIFY(blockedIn(*run, 0, {300 * kMicro, 400 * kMicro}).empty());
}

QTEST_GUILESS_MAIN(TestBlocking)
#include "tst_blocking.moc"
