// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/time_axis.h"
#include "ui/timeline/time_scale.h"

#include <QTest>

using namespace poolscope;

class TestTimeScale : public QObject
{
    Q_OBJECT

private slots:
    void roundTripIsExact_data();
    void roundTripIsExact();
    void snappingMovesLessThanAColumn();
    void panningKeepsTheColumnGrid();
    void axisHasFourToEightTicks();
    void stepIsOneTwoOrFive();
    void panningKeepsTheStep();
    void labelsStayShortFarFromTheStart();
    void tickTextHasTheAxisUnit();
};

void TestTimeScale::roundTripIsExact_data()
{
    QTest::addColumn<qint64>("begin");
    QTest::addColumn<qint64>("duration");
    QTest::newRow("closest zoom, late") << qint64{3'600'000'000'000} << qint64{1'000};
    QTest::newRow("a millisecond") << qint64{123'456'789} << qint64{1'000'000};
    QTest::newRow("before the start") << qint64{-5'000'000} << qint64{100'000'000};
    QTest::newRow("a day") << qint64{0} << qint64{86'400'000'000'000};
}

void TestTimeScale::roundTripIsExact()
{
    QFETCH(qint64, begin);
    QFETCH(qint64, duration);
    const TimeScale scale = scaleFor({begin, begin + duration}, 240, 1680);
    for (int i = 0; i <= 1000; ++i) {
        const Nanos time = begin + duration / 1000 * i + i;
        QVERIFY2(std::abs(toTime(scale, toX(scale, time)) - time) <= 1,
                 qPrintable(QString::number(time)));
    }
    QCOMPARE(toX(scale, begin), 240.0);
    QCOMPARE(toTime(scale, 240 + 1680), begin + duration);
}

void TestTimeScale::snappingMovesLessThanAColumn()
{
    const TimeScale scale = scaleFor({1'234'567, 8'765'432}, 100, 1111);
    for (const double ratio : {1.0, 1.5, 2.0}) {
        const double column = scale.nsPerPx / ratio;
        const TimeScale moved = snapped(scale, column);
        QVERIFY(std::abs(static_cast<double>(moved.beginNs - scale.beginNs)) <= column / 2 + 1);
        QCOMPARE(firstColumn(moved, column), firstColumn(scale, column));
    }
}

void TestTimeScale::panningKeepsTheColumnGrid()
{
    const TimeRange range{5'000'003, 95'000'003};
    const TimeScale scale = scaleFor(range, 0, 900);
    const std::int64_t first = firstColumn(scale, scale.nsPerPx);
    for (int pixels = 1; pixels < 50; ++pixels) {
        const Nanos by = std::llround(pixels * scale.nsPerPx);
        const TimeScale panned = scaleFor({range.beginNs + by, range.endNs + by}, 0, 900);
        QCOMPARE(firstColumn(panned, panned.nsPerPx), first + pixels);
    }
}

void TestTimeScale::axisHasFourToEightTicks()
{
    for (Nanos duration = 1'000; duration < 40'000'000'000'000; duration += duration / 7 + 1) {
        for (const Nanos begin : {Nanos{0}, duration / 3, duration * 11 + 17}) {
            const auto count = timeAxis({begin, begin + duration}).majors.size();
            QVERIFY2(count >= 4 && count <= 8,
                     qPrintable(QStringLiteral("%1 ticks for %2 ns from %3")
                                    .arg(count)
                                    .arg(duration)
                                    .arg(begin)));
        }
    }
}

void TestTimeScale::stepIsOneTwoOrFive()
{
    for (Nanos duration = 1'000; duration < 40'000'000'000'000; duration += duration / 5 + 1) {
        const TimeAxis axis = timeAxis({0, duration});
        Nanos mantissa = axis.stepNs;
        while (mantissa % 10 == 0) {
            mantissa /= 10;
        }
        QVERIFY2(mantissa == 1 || mantissa == 2 || mantissa == 5 || mantissa == 25,
                 qPrintable(QString::number(axis.stepNs)));
        QCOMPARE(axis.stepNs % axis.minorNs, Nanos{0});
        for (const Nanos tick : axis.majors) {
            QCOMPARE(tick % axis.stepNs, Nanos{0});
        }
    }
}

void TestTimeScale::panningKeepsTheStep()
{
    const Nanos step = timeAxis({0, 3'700'000}).stepNs;
    for (Nanos begin = 0; begin < 10'000'000; begin += 77'777) {
        QCOMPARE(timeAxis({begin, begin + 3'700'000}).stepNs, step);
    }
}

void TestTimeScale::labelsStayShortFarFromTheStart()
{
    const TimeAxis axis = timeAxis({5'123'456'000, 5'123'466'000});
    QCOMPARE(unitText(axis), QStringLiteral("µs"));
    QVERIFY(axis.offsetNs > 0);
    QCOMPARE(axis.offsetNs % kNanosPerMilli, Nanos{0});
    for (const Nanos tick : axis.majors) {
        QVERIFY(tickText(axis, tick).size() <= 5);
    }
}

void TestTimeScale::tickTextHasTheAxisUnit()
{
    QLocale::setDefault(QLocale::c());
    const TimeAxis axis = timeAxis({0, 700'000'000});
    QCOMPARE(unitText(axis), QStringLiteral("ms"));
    QCOMPARE(axis.stepNs, Nanos{100'000'000});
    QCOMPARE(tickText(axis, 300'000'000), QStringLiteral("300"));
}

QTEST_GUILESS_MAIN(TestTimeScale)
#include "tst_time_scale.moc"
