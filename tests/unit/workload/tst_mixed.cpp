// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/workload/run_task.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace poolscope;

class MixedTest : public QObject
{
    Q_OBJECT

private slots:
    void checksumIsKnown_data();
    void checksumIsKnown();
    void dependsOnSeedAndIndex();
    void kindsFollowThePlannedDuration();
    void withoutSpreadIsOfOneKind();
    void isNeverLongerThanTheLongest();
};

void MixedTest::checksumIsKnown_data()
{
    // Worked out by another program.
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<quint64>("task");
    QTest::addColumn<qint64>("checksum");
    QTest::newRow("first task") << quint64{1} << quint64{0} << qint64{-1226599177429016423};
    QTest::newRow("another") << quint64{7} << quint64{5} << qint64{-7522668008523528566};
}

void MixedTest::checksumIsKnown()
{
    QFETCH(const quint64, seed);
    QFETCH(const quint64, task);
    QFETCH(const qint64, checksum);
    const auto job = planned("mixed", paramsOf({{"median_ms", 0.001}, {"spread", 0.0}}), seed);
    QCOMPARE(wholeNumber(*job.value(), task), std::int64_t{checksum});
}

void MixedTest::dependsOnSeedAndIndex()
{
    const ParamSet params = paramsOf({{"median_ms", 0.001}});
    const auto first = planned("mixed", params, 1);
    const auto second = planned("mixed", params, 2);
    QVERIFY(wholeNumber(*first.value(), 0) != wholeNumber(*second.value(), 0));
    QVERIFY(wholeNumber(*first.value(), 0) != wholeNumber(*first.value(), 1));
    QVERIFY(first.value()->plan->kindOfTask != second.value()->plan->kindOfTask);
}

void MixedTest::kindsFollowThePlannedDuration()
{
    const auto job = planned("mixed", paramsOf({{"tasks", std::int64_t{20'000}}}));
    const JobPlan& plan = *job.value()->plan;
    QVERIFY(plan.kinds == std::vector<std::string>({"short", "medium", "long", "very long"}));
    std::array<double, 4> share{};
    for (const std::uint8_t kind : plan.kindOfTask) {
        share.at(kind) += 1.0 / static_cast<double>(plan.taskCount);
    }
    // The log-normal distribution's shares below 1, 3 and 10 medians at a spread of 1.2.
    const auto below = [](double medians) {
        return 0.5 * std::erfc(-std::log(medians) / 1.2 / std::sqrt(2.0));
    };
    QVERIFY(std::abs(share[0] - below(1)) < 0.02);
    QVERIFY(std::abs(share[1] - (below(3) - below(1))) < 0.02);
    QVERIFY(std::abs(share[2] - (below(10) - below(3))) < 0.02);
    QVERIFY(std::abs(share[3] - (1 - below(10))) < 0.01);
    QVERIFY(share[3] > 0.01);
}

void MixedTest::withoutSpreadIsOfOneKind()
{
    const auto job = planned("mixed", paramsOf({{"spread", 0.0}}));
    for (const std::uint8_t kind : job.value()->plan->kindOfTask) {
        QCOMPARE(job.value()->plan->kinds[kind], std::string("medium"));
    }
}

void MixedTest::isNeverLongerThanTheLongest()
{
    // Cut below the median, every task takes the longest time and is thus of the shortest kind.
    const auto job = planned(
        "mixed", paramsOf({{"median_ms", 10'000.0}, {"spread", 0.0}, {"longest_ms", 0.001}}));
    QCOMPARE(job.value()->plan->kind(0), std::uint8_t{0});
    const auto expected = planned("mixed", paramsOf({{"median_ms", 0.001}, {"spread", 0.0}}));
    QCOMPARE(wholeNumber(*job.value(), 0), wholeNumber(*expected.value(), 0));
}

QTEST_GUILESS_MAIN(MixedTest)
#include "tst_mixed.moc"
