// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"
#include "core/analysis/distributions.h"
#include "tests/support/noise.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace poolscope;

namespace {

constexpr int kSeeds = 200;

/// A duel in which the second side takes \p ratio times as long as the first. The order alternates, and
/// the machine drifts also between the two runs of a round.
std::vector<DuelRound> simulatedDuel(unsigned seed, int rounds, double ratio,
                                     const MachineNoise::Shape& shape)
{
    MachineNoise noise(seed, shape);
    std::vector<DuelRound> duel;
    for (int round = 0; round < rounds; ++round) {
        constexpr double kTypicalNs = 2e8;
        noise.nextRound();
        const double early = noise.nextFactor() * kTypicalNs;
        noise.nextRound();
        const double late = noise.nextFactor() * kTypicalNs;
        const bool isFirstEarly = round % 2 == 0;
        duel.push_back({static_cast<Nanos>(isFirstEarly ? early : late),
                        static_cast<Nanos>((isFirstEarly ? late : early) * ratio)});
    }
    return duel;
}

} // namespace

class ComparisonTest : public QObject
{
    Q_OBJECT

private slots:
    void quantilesAreThoseOfTheTables();
    void probabilitiesAreThoseOfTheTables();
    void equalsAreRarelyToldApart_data();
    void equalsAreRarelyToldApart();
    void intervalsHoldTheTruth_data();
    void intervalsHoldTheTruth();
    void cleanDifferencesAreFound();
    void fewRoundsSayNothing();
    void sidesCanBeExchanged();
    void manyPairsNeedMoreEvidence();
    void equalTimesAreNoDifference();
};

void ComparisonTest::quantilesAreThoseOfTheTables()
{
    // Student's t, two-sided (any book of tables).
    QVERIFY(std::abs(studentQuantile(0.95, 1) - 12.7062) < 1e-4);
    QVERIFY(std::abs(studentQuantile(0.95, 6) - 2.44691) < 1e-5);
    QVERIFY(std::abs(studentQuantile(0.99, 6) - 3.70743) < 1e-5);
    QVERIFY(std::abs(studentQuantile(0.95, 30) - 2.04227) < 1e-5);
    QVERIFY(std::abs(studentQuantile(0.95, 1e6) - 1.95996) < 1e-4);
}

void ComparisonTest::probabilitiesAreThoseOfTheTables()
{
    QVERIFY(std::abs(probabilityBeyond(2.44691, 6) - 0.05) < 1e-5);
    QCOMPARE(probabilityBeyond(0, 6), 1.0);
    QVERIFY(std::abs(probabilityAbove(3.0984, 3, 20) - 0.05) < 1e-4);
    QVERIFY(std::abs(probabilityAbove(4.9382, 3, 20) - 0.01) < 1e-4);
    QCOMPARE(probabilityAbove(0, 3, 20), 1.0);
    QVERIFY(std::abs(incompleteBeta(2, 3, 0.5) - 0.6875) < 1e-12); // a polynomial here
}

void ComparisonTest::equalsAreRarelyToldApart_data()
{
    QTest::addColumn<int>("rounds");
    QTest::addColumn<double>("spread");
    QTest::addColumn<double>("drift");
    QTest::addColumn<double>("outliers");
    for (const int rounds : {3, 5, 7, 15}) {
        QTest::addRow("calm, %d rounds", rounds) << rounds << 0.01 << 0.0 << 0.0;
        QTest::addRow("drifting, %d rounds", rounds) << rounds << 0.02 << 0.05 << 0.0;
        QTest::addRow("disturbed, %d rounds", rounds) << rounds << 0.02 << 0.02 << 0.15;
    }
}

void ComparisonTest::equalsAreRarelyToldApart()
{
    QFETCH(int, rounds);
    QFETCH(double, spread);
    QFETCH(double, drift);
    QFETCH(double, outliers);
    int alarms = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const auto duel = simulatedDuel(seed, rounds, 1, {spread, drift, outliers, 0.3});
        alarms += compareRounds(duel).isDecided() ? 1 : 0;
    }
    QVERIFY2(alarms <= kSeeds / 20, qPrintable(QString::number(alarms)));
}

void ComparisonTest::intervalsHoldTheTruth_data()
{
    QTest::addColumn<int>("rounds");
    QTest::addColumn<double>("ratio");
    QTest::addColumn<double>("drift");
    QTest::addColumn<double>("outliers");
    for (const int rounds : {5, 7, 15}) {
        QTest::addRow("calm, %d rounds", rounds) << rounds << 1.0 << 0.0 << 0.0;
        QTest::addRow("drifting, %d rounds", rounds) << rounds << 1.31 << 0.03 << 0.0;
        QTest::addRow("disturbed, %d rounds", rounds) << rounds << 0.8 << 0.02 << 0.04;
    }
}

void ComparisonTest::intervalsHoldTheTruth()
{
    QFETCH(int, rounds);
    QFETCH(double, ratio);
    QFETCH(double, drift);
    QFETCH(double, outliers);
    int held = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const auto duel = simulatedDuel(seed, rounds, ratio, {0.02, drift, outliers, 0.15});
        held += compareRounds(duel).ratio.contains(ratio) ? 1 : 0;
    }
    QVERIFY2(held >= kSeeds * 90 / 100 && held <= kSeeds * 98 / 100,
             qPrintable(QString::number(held)));
}

void ComparisonTest::cleanDifferencesAreFound()
{
    int found = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const Comparison comparison =
            compareRounds(simulatedDuel(seed, 7, 1.3, {0.02, 0.02, 0.02, 0.15}));
        found += comparison.verdict == Verdict::FirstFaster ? 1 : 0;
        QVERIFY(comparison.verdict != Verdict::SecondFaster);
    }
    QVERIFY2(found >= kSeeds * 95 / 100, qPrintable(QString::number(found)));
}

void ComparisonTest::fewRoundsSayNothing()
{
    QCOMPARE(compareRounds({}).verdict, Verdict::TooFewRounds);
    const std::vector<DuelRound> two{{100, 300}, {100, 290}};
    const Comparison comparison = compareRounds(two);
    QCOMPARE(comparison.verdict, Verdict::TooFewRounds);
    QCOMPARE(comparison.rounds, 2);
    QVERIFY(comparison.ratio.value > 2.9);
}

void ComparisonTest::sidesCanBeExchanged()
{
    std::vector<DuelRound> duel = simulatedDuel(5, 7, 1.4, {0.02, 0.02, 0.02, 0.15});
    const Comparison there = compareRounds(duel);
    for (DuelRound& round : duel) {
        std::swap(round.firstNs, round.secondNs);
    }
    const Comparison back = compareRounds(duel);
    QCOMPARE(there.verdict, Verdict::FirstFaster);
    QCOMPARE(back.verdict, Verdict::SecondFaster);
    QVERIFY(std::abs(there.ratio.low * back.ratio.high - 1) < 1e-9);
    QVERIFY(std::abs(there.speedUp().value - back.speedUp().value) < 1e-9);
    QVERIFY(back.speedUp().low < back.speedUp().high);
}

void ComparisonTest::manyPairsNeedMoreEvidence()
{
    const std::vector<DuelRound> duel = simulatedDuel(5, 7, 1.1, {0.02, 0.02, 0.02, 0.15});
    const Comparison one = compareRounds(duel);
    const Comparison ofSix = compareRounds(duel, 6);
    QVERIFY(ofSix.ratio.low < one.ratio.low && ofSix.ratio.high > one.ratio.high);
    QVERIFY(ofSix.detectable > one.detectable);
}

void ComparisonTest::equalTimesAreNoDifference()
{
    const std::vector<DuelRound> duel(7, DuelRound{1000, 1000});
    const Comparison comparison = compareRounds(duel);
    QCOMPARE(comparison.verdict, Verdict::NoDifference);
    QCOMPARE(comparison.ratio.value, 1.0);
}

QTEST_GUILESS_MAIN(ComparisonTest)
#include "tst_comparison.moc"
