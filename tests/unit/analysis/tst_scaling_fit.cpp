// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/pool_size.h"
#include "core/analysis/scaling_fit.h"
#include "tests/support/noise.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <vector>

using namespace poolscope;

namespace {

constexpr int kSeeds = 200;

struct Truth
{
    double lambda = 100;
    double sigma = 0;
    double kappa = 0;

    [[nodiscard]] double at(double n) const
    {
        return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
    }
};

std::vector<Repeat> simulatedSweep(unsigned seed, const Truth& truth, const std::vector<int>& sizes,
                                   int rounds, const MachineNoise::Shape& shape)
{
    MachineNoise noise(seed, shape);
    std::vector<Repeat> runs;
    for (int round = 0; round < rounds; ++round) {
        noise.nextRound();
        for (const int size : sizes) {
            runs.push_back({size, round, truth.at(size) / noise.nextFactor()});
        }
    }
    return runs;
}

void verifyCoverage(int held, const char* what)
{
    QVERIFY2(held >= kSeeds * 90 / 100 && held <= kSeeds * 98 / 100,
             qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(what)).arg(held)));
}

} // namespace

class ScalingFitTest : public QObject
{
    Q_OBJECT

private slots:
    void intervalsHoldTheTruth_data();
    void intervalsHoldTheTruth();
    void bandsHoldTheCurve();
    void kneesAreHeld();
    void exactRunsGiveExactParameters();
    void lawsEndAtZero();
    void superlinearRunsAreSeen();
    void otherShapesAreRefused();
    void thinDataSaysNothing();
    void noiseIsTooMuch();
    void missingRunsAreBorne();
    void recommendsTheFewestGoodWorkers();
    void recommendationReachesTheBest();
    void saysWhenMoreHurts();
    void oneRunEachCannotTell();
};

void ScalingFitTest::intervalsHoldTheTruth_data()
{
    QTest::addColumn<ScalingLaw>("law");
    QTest::addColumn<double>("sigma");
    QTest::addColumn<double>("kappa");
    QTest::addColumn<double>("drift");
    QTest::addColumn<double>("outliers");
    QTest::newRow("Amdahl, 5 % serial") << ScalingLaw::Amdahl << 0.05 << 0.0 << 0.0 << 0.0;
    QTest::newRow("Amdahl, drift") << ScalingLaw::Amdahl << 0.15 << 0.0 << 0.05 << 0.02;
    QTest::newRow("USL") << ScalingLaw::Usl << 0.05 << 0.01 << 0.0 << 0.0;
    QTest::newRow("USL, strong") << ScalingLaw::Usl << 0.2 << 0.03 << 0.03 << 0.0;
    QTest::newRow("USL, disturbed") << ScalingLaw::Usl << 0.1 << 0.01 << 0.03 << 0.02;
}

void ScalingFitTest::intervalsHoldTheTruth()
{
    QFETCH(ScalingLaw, law);
    QFETCH(double, sigma);
    QFETCH(double, kappa);
    QFETCH(double, drift);
    QFETCH(double, outliers);
    const Truth truth{100, sigma, kappa};
    int sigmaHeld = 0;
    int kappaHeld = 0;
    int lambdaHeld = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const ScalingFit fit = fitScaling(
            simulatedSweep(seed, truth, {1, 2, 3, 4, 6, 8, 12}, 4, {0.02, drift, outliers, 0.1}),
            law);
        QVERIFY(fit.hasCurve());
        sigmaHeld += fit.sigma.contains(sigma) ? 1 : 0;
        kappaHeld += fit.kappa.contains(kappa) ? 1 : 0;
        lambdaHeld += fit.lambda.contains(truth.lambda) ? 1 : 0;
    }
    verifyCoverage(sigmaHeld, "sigma");
    if (law == ScalingLaw::Usl) {
        verifyCoverage(kappaHeld, "kappa");
    }
    if (drift == 0) { // else there is no throughput that all rounds had in common
        verifyCoverage(lambdaHeld, "lambda");
    }
}

void ScalingFitTest::bandsHoldTheCurve()
{
    const Truth truth{5000, 0.08, 0.006};
    int speedUps = 0;
    int throughputs = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const ScalingFit fit =
            fitScaling(simulatedSweep(seed, truth, {1, 2, 4, 6, 8, 12, 16}, 4, {0.03, 0, 0, 0}),
                       ScalingLaw::Usl);
        speedUps += fit.speedUpAt(10).contains(truth.at(10) / truth.at(1)) ? 1 : 0;
        throughputs += fit.throughputAt(24).contains(truth.at(24)) ? 1 : 0;
    }
    verifyCoverage(speedUps, "speed-up inside");
    verifyCoverage(throughputs, "throughput beyond");
}

void ScalingFitTest::kneesAreHeld()
{
    const Truth truth{100, 0.05, 0.01};
    const double knee = std::sqrt((1 - truth.sigma) / truth.kappa);
    int held = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const auto runs = simulatedSweep(seed, truth, {1, 2, 4, 6, 8, 12}, 4, {0.02, 0.02, 0, 0});
        const auto estimate = fitScaling(runs, ScalingLaw::Usl).knee();
        QVERIFY(estimate.has_value());
        QVERIFY(estimate->low <= estimate->value && estimate->value <= estimate->high);
        held += estimate->contains(knee) ? 1 : 0;
    }
    verifyCoverage(held, "knee");
    const auto none = simulatedSweep(3, {100, 0.1, 0}, {1, 2, 4, 8}, 4, {0.001, 0, 0, 0});
    QVERIFY(!fitScaling(none, ScalingLaw::Amdahl).knee().has_value());
    const auto vague = simulatedSweep(4, {100, 0.1, 0.0005}, {1, 2, 3, 4}, 3, {0.02, 0, 0, 0});
    if (const auto open = fitScaling(vague, ScalingLaw::Usl).knee()) {
        QCOMPARE(open->high, std::numeric_limits<double>::infinity());
    }
}

void ScalingFitTest::exactRunsGiveExactParameters()
{
    const Truth truth{321, 0.07, 0.02};
    const auto runs = simulatedSweep(1, truth, {1, 2, 3, 4, 5, 9}, 3, {0.0001, 0, 0, 0});
    const ScalingFit fit = fitScaling(runs, ScalingLaw::Usl);
    QCOMPARE(fit.evidence, FitEvidence::Enough);
    QVERIFY(std::abs(fit.lambda.value - truth.lambda) < 0.2);
    QVERIFY(std::abs(fit.sigma.value - truth.sigma) < 0.001);
    QVERIFY(std::abs(fit.kappa.value - truth.kappa) < 0.001);
    QCOMPARE(fit.fewestWorkers, 1);
    QCOMPARE(fit.mostWorkers, 9);
    QCOMPARE(fit.residuals.size(), runs.size());
    for (const double residual : fit.residuals) {
        QVERIFY(std::abs(residual) < 0.001);
    }
}

void ScalingFitTest::lawsEndAtZero()
{
    int atZero = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const auto runs = simulatedSweep(seed, {}, {1, 2, 4, 8}, 3, {0.02, 0.01, 0, 0});
        for (const ScalingLaw law : {ScalingLaw::Amdahl, ScalingLaw::Usl}) {
            const ScalingFit fit = fitScaling(runs, law);
            QVERIFY(fit.sigma.value >= 0 && fit.sigma.low >= 0);
            QVERIFY(fit.kappa.value >= 0 && fit.kappa.low >= 0);
            QVERIFY(fit.throughputAt(8).value > 0);
            atZero += fit.sigma.low == 0 && fit.kappa.low == 0 ? 1 : 0;
        }
    }
    QVERIFY2(atZero >= 2 * kSeeds * 90 / 100, qPrintable(QString::number(atZero)));
}

void ScalingFitTest::superlinearRunsAreSeen()
{
    const auto runs = simulatedSweep(1, {100, -0.05, 0}, {1, 2, 3, 4, 6}, 4, {0.01, 0, 0, 0});
    const ScalingFit fit = fitScaling(runs, ScalingLaw::Amdahl);
    QVERIFY(fit.isSuperlinear);
    QCOMPARE(fit.sigma.value, 0.0);
}

void ScalingFitTest::otherShapesAreRefused()
{
    // Two cores: perfect up to two workers, flat from there.
    MachineNoise noise(7, {0.005, 0, 0, 0});
    std::vector<Repeat> runs;
    for (int round = 0; round < 5; ++round) {
        for (const int size : {1, 2, 3, 4, 6, 8}) {
            runs.push_back({size, round, 100 * std::min(size, 2) / noise.nextFactor()});
        }
    }
    const ScalingFit fit = fitScaling(runs, ScalingLaw::Amdahl);
    QCOMPARE(fit.evidence, FitEvidence::OtherShape);
    QVERIFY(fit.misfit < 0.01);
    QVERIFY(fit.hasCurve());
}

void ScalingFitTest::thinDataSaysNothing()
{
    QCOMPARE(fitScaling({}, ScalingLaw::Usl).evidence, FitEvidence::TooFewSizes);
    const auto twoSizes = simulatedSweep(1, {}, {1, 2}, 9, {});
    QCOMPARE(fitScaling(twoSizes, ScalingLaw::Amdahl).evidence, FitEvidence::TooFewSizes);
    const auto threeSizes = simulatedSweep(1, {}, {1, 2, 4}, 9, {});
    QCOMPARE(fitScaling(threeSizes, ScalingLaw::Usl).evidence, FitEvidence::TooFewSizes);
    const auto once = simulatedSweep(1, {}, {1, 2, 3, 4, 5, 6}, 1, {});
    QCOMPARE(fitScaling(once, ScalingLaw::Amdahl).evidence, FitEvidence::NotRepeated);
    QVERIFY(!fitScaling(once, ScalingLaw::Amdahl).hasCurve());
}

void ScalingFitTest::noiseIsTooMuch()
{
    const auto runs = simulatedSweep(2, {100, 0.1, 0}, {1, 2, 3, 4}, 2, {0.4, 0, 0, 0});
    QCOMPARE(fitScaling(runs, ScalingLaw::Usl).evidence, FitEvidence::TooNoisy);
}

void ScalingFitTest::missingRunsAreBorne()
{
    const Truth truth{100, 0.1, 0.01};
    auto runs = simulatedSweep(2, truth, {1, 2, 4, 6, 8}, 4, {0.01, 0.2, 0, 0});
    runs.erase(runs.begin() + 17);
    runs.erase(runs.begin() + 3);
    const ScalingFit fit = fitScaling(runs, ScalingLaw::Usl);
    QCOMPARE(fit.evidence, FitEvidence::Enough);
    QVERIFY(std::abs(fit.sigma.value - truth.sigma) < 0.03);
    QVERIFY(fit.sigma.high - fit.sigma.low < 0.15);
}

void ScalingFitTest::recommendsTheFewestGoodWorkers()
{
    MachineNoise noise(7, {0.005, 0, 0, 0});
    std::vector<Repeat> runs;
    for (int round = 0; round < 3; ++round) {
        for (const int size : {1, 2, 3, 4}) {
            runs.push_back({size, round, 100 * std::min(size, 2) / noise.nextFactor()});
        }
    }
    const PoolSizeAdvice advice = advisePoolSize(runs);
    QVERIFY(advice.canTell);
    QCOMPARE(advice.recommended, 2);
    QVERIFY(!advice.doesMoreHurt());
    QCOMPARE(advice.points.size(), std::size_t{4});
    QVERIFY(std::abs(advice.points[1].speedUp.value - 2) < 0.05);
    QVERIFY(std::abs(advice.points[3].efficiency.value - 0.5) < 0.02);
}

void ScalingFitTest::recommendationReachesTheBest()
{
    const std::vector<Truth> truths{
        {100, 0.05, 0.01}, {100, 0.3, 0}, {100, 0, 0}, {100, 0.1, 0.03}};
    const std::vector<int> sizes{1, 2, 3, 4, 6, 8, 12, 16};
    int good = 0;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        const Truth& truth = truths[seed % truths.size()];
        const auto runs = simulatedSweep(seed, truth, sizes, 3, {0.015, 0.03, 0.01, 0.1});
        double best = 0;
        for (const int size : sizes) {
            best = std::max(best, truth.at(size));
        }
        good += truth.at(advisePoolSize(runs).recommended) >= 0.95 * best ? 1 : 0;
    }
    QVERIFY2(good >= kSeeds * 95 / 100, qPrintable(QString::number(good)));
}

void ScalingFitTest::saysWhenMoreHurts()
{
    const auto runs = simulatedSweep(1, {100, 0.05, 0.05}, {1, 2, 4, 8, 16}, 4, {0.02, 0, 0, 0});
    const PoolSizeAdvice advice = advisePoolSize(runs);
    QCOMPARE(advice.recommended, 4);
    QCOMPARE(advice.most, 16);
    QVERIFY(advice.doesMoreHurt());
    QVERIFY(advice.mostOverRecommended.value < 0.7);
}

void ScalingFitTest::oneRunEachCannotTell()
{
    QVERIFY(!advisePoolSize({}).canTell);
    QVERIFY(!advisePoolSize(simulatedSweep(1, {}, {1, 2, 4}, 1, {})).canTell);
    QVERIFY(!advisePoolSize(simulatedSweep(1, {}, {4}, 5, {})).canTell);
}

QTEST_GUILESS_MAIN(ScalingFitTest)
#include "tst_scaling_fit.moc"
