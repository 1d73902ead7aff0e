// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/prediction.h"

#include <QTest>

namespace poolscope {

class TestPrediction : public QObject
{
    Q_OBJECT

private slots:
    void countsFromTheFirstLevel();
    void liesOnTheLineBetween();
    void forgetsLevelsThatAreNotMeasured();
    void errorIsRelativeAndNamesTheWorst();
    void nothingPredictedHasNoError();
};

namespace {

PoolSizePoint point(int workers, double speedUp)
{
    PoolSizePoint result;
    result.workers = workers;
    result.speedUp = {speedUp, speedUp, speedUp};
    return result;
}

} // namespace

void TestPrediction::countsFromTheFirstLevel()
{
    Prediction prediction;
    prediction.setLevels({2, 4, 8});
    QVERIFY(prediction.isEmpty());
    QCOMPARE(prediction.at(2), 2.0);
    prediction.set(2, 7);
    QCOMPARE(prediction.at(2), 2.0);
    prediction.set(5, 7);
    QVERIFY(prediction.isEmpty());
    prediction.set(4, -3);
    QVERIFY(!prediction.isEmpty());
    QVERIFY(prediction.at(4) > 0);
}

void TestPrediction::liesOnTheLineBetween()
{
    Prediction prediction;
    prediction.setLevels({1, 2, 3, 4, 8});
    prediction.set(4, 2.5);
    QCOMPARE(prediction.at(2), 1.5);
    QCOMPARE(prediction.at(3), 2.0);
    QCOMPARE(prediction.at(8), 2.5);
    prediction.clear();
    QVERIFY(prediction.isEmpty());
    QCOMPARE(prediction.at(8), 1.0);
}

void TestPrediction::forgetsLevelsThatAreNotMeasured()
{
    Prediction prediction;
    prediction.setLevels({1, 2, 4});
    prediction.set(2, 2);
    prediction.set(4, 3);
    prediction.setLevels({1, 4, 8});
    QCOMPARE(prediction.values().size(), std::size_t{2});
    QCOMPARE(prediction.at(4), 3.0);
}

void TestPrediction::errorIsRelativeAndNamesTheWorst()
{
    Prediction prediction;
    prediction.setLevels({1, 2, 4});
    prediction.set(2, 2.2);
    prediction.set(4, 4);
    const auto error = errorOf(prediction, {point(1, 1), point(2, 2), point(4, 2)});
    QVERIFY(error.has_value());
    QCOMPARE(error->worst, 4);
    QCOMPARE(error->predicted, 4.0);
    QCOMPARE(error->measured, 2.0);
    QCOMPARE(error->mean, (0.1 + 1.0) / 2);
}

void TestPrediction::nothingPredictedHasNoError()
{
    Prediction prediction;
    QVERIFY(!errorOf(prediction, {}));
    prediction.setLevels({1, 2});
    QVERIFY(!errorOf(prediction, {point(1, 1), point(2, 2)}));
    prediction.set(2, 2);
    QVERIFY(!errorOf(prediction, {}));
}

} // namespace poolscope

QTEST_GUILESS_MAIN(poolscope::TestPrediction)
#include "tst_prediction.moc"
