// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rank_comparison.h"

#include <QTest>

#include <cmath>
#include <random>
#include <vector>

using namespace poolscope;

class TestRankComparison : public QObject
{
    Q_OBJECT

private slots:
    void superiorityCountsPairs();
    void equalSamplesAreAlarmsInFivePercent();
    void aShiftIsFound();
    void fewOrEqualDurationsProveNothing();
};

namespace {

std::vector<Nanos> sample(std::mt19937_64& random, std::size_t count, double scale, Nanos grain)
{
    std::lognormal_distribution<double> times(13, 0.8);
    std::vector<Nanos> durations(count);
    for (Nanos& duration : durations) {
        duration = static_cast<Nanos>(times(random) * scale) / grain * grain; // with ties
    }
    return durations;
}

} // namespace

void TestRankComparison::superiorityCountsPairs()
{
    std::mt19937_64 random(3);
    const auto first = sample(random, 61, 1, 100'000);
    const auto second = sample(random, 47, 1.2, 100'000);
    double pairs = 0;
    for (const Nanos a : first) {
        for (const Nanos b : second) {
            pairs += b > a ? 1 : b == a ? 0.5 : 0;
        }
    }
    QVERIFY(std::abs(compareRanks(first, second).superiority - pairs / (61 * 47)) < 1e-12);
    QVERIFY(std::abs(compareRanks(first, second).z + compareRanks(second, first).z) < 1e-9);
}

void TestRankComparison::equalSamplesAreAlarmsInFivePercent()
{
    std::mt19937_64 random(5);
    int alarms = 0;
    for (int i = 0; i < 2'000; ++i) {
        const auto first = sample(random, 40, 1, 50'000);
        alarms += compareRanks(first, sample(random, 60, 1, 50'000)).isDifferent() ? 1 : 0;
    }
    QVERIFY2(alarms > 60 && alarms < 140, qPrintable(QString::number(alarms)));
}

void TestRankComparison::aShiftIsFound()
{
    std::mt19937_64 random(7);
    const auto comparison =
        compareRanks(sample(random, 1'000, 1, 1), sample(random, 1'000, 1.3, 1));
    QVERIFY(comparison.isDifferent());
    QVERIFY(comparison.z > 0);
}

void TestRankComparison::fewOrEqualDurationsProveNothing()
{
    const std::vector<Nanos> few{1, 2, 3};
    const std::vector<Nanos> more(20, 100);
    QCOMPARE(compareRanks(few, more).p, 1.0);
    QCOMPARE(compareRanks(more, more).p, 1.0);
    QCOMPARE(compareRanks({}, more).superiority, 0.5);
}

QTEST_GUILESS_MAIN(TestRankComparison)
#include "tst_rank_comparison.moc"
