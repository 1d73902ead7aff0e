// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/submit_pace.h"

#include <QTest>

using namespace poolscope;

class SubmitPaceTest : public QObject
{
    Q_OBJECT

private slots:
    void withoutGapAllAreDue();
    void givesEachOnce();
    void neverRunsAhead();
};

void SubmitPaceTest::withoutGapAllAreDue()
{
    SubmitPace pace(0);
    QCOMPARE(pace.waitForDue(70), std::uint64_t{70});
    QCOMPARE(pace.waitForDue(70), std::uint64_t{70});
}

void SubmitPaceTest::givesEachOnce()
{
    SubmitPace pace(1'000); // a microsecond: many are due each time
    std::uint64_t given = 0;
    while (given < 5'000) {
        const std::uint64_t due = pace.waitForDue(5'000 - given);
        QVERIFY(due <= 5'000 - given);
        given += due;
    }
    QCOMPARE(given, std::uint64_t{5'000});
}

void SubmitPaceTest::neverRunsAhead()
{
    constexpr Nanos kGap = 2 * kNanosPerMilli;
    SubmitPace pace(kGap);
    const Nanos start = monotonicNow();
    std::uint64_t given = 0;
    while (given < 10) {
        given += pace.waitForDue(10 - given);
    }
    // The first is due at once, the tenth nine gaps later; start was read after the pace was made.
    QVERIFY(monotonicNow() - start > 8 * kGap);
}

QTEST_GUILESS_MAIN(SubmitPaceTest)
#include "tst_submit_pace.moc"
