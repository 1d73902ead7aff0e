// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/format.h"
#include "ui/common/frame_clock.h"

#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace poolscope;

class TestFormat : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void durationHasThreeDigits_data();
    void durationHasThreeDigits();
    void ratesCountsAndShares();
    void clockTicksOnlyWhileNeeded();
};

void TestFormat::durationHasThreeDigits_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64{0} << QStringLiteral("0 ns");
    QTest::newRow("nanos") << qint64{820} << QStringLiteral("820 ns");
    QTest::newRow("micros") << qint64{1'250} << QStringLiteral("1.25 µs");
    QTest::newRow("tens") << qint64{12'500} << QStringLiteral("12.5 µs");
    QTest::newRow("hundreds") << qint64{125'000} << QStringLiteral("125 µs");
    QTest::newRow("rounds into the next unit") << qint64{999'600} << QStringLiteral("1.00 ms");
    QTest::newRow("rounds to tens") << qint64{9'996'000} << QStringLiteral("10.0 ms");
    QTest::newRow("seconds") << qint64{1'500'000'000} << QStringLiteral("1.50 s");
    QTest::newRow("a minute") << qint64{59'990'000'000} << QStringLiteral("1 min 00 s");
    QTest::newRow("minutes") << qint64{125'000'000'000} << QStringLiteral("2 min 05 s");
    QTest::newRow("hours") << qint64{3'720'000'000'000} << QStringLiteral("1 h 02 min");
    QTest::newRow("negative") << qint64{-1'500'000} << QStringLiteral("-1.50 ms");
}

void TestFormat::durationHasThreeDigits()
{
    QFETCH(qint64, nanos);
    QFETCH(QString, text);
    QCOMPARE(formatDuration(nanos), text);
}

void TestFormat::ratesCountsAndShares()
{
    QCOMPARE(formatRate(12'400), QStringLiteral("12.4 k/s"));
    QCOMPARE(formatRate(820), QStringLiteral("820/s"));
    QCOMPARE(formatRate(0), QStringLiteral("0/s"));
    QCOMPARE(formatRate(3.42e6), QStringLiteral("3.42 M/s"));
    QCOMPARE(formatCount(1'234'567), QStringLiteral("1,234,567"));
    QCOMPARE(formatShare(0.87), QStringLiteral("87 %"));
    QCOMPARE(formatShare(1), QStringLiteral("100 %"));
    QCOMPARE(formatShare(0.045), QStringLiteral("4.5 %"));
    QCOMPARE(formatShare(0), QStringLiteral("0 %"));
}

void TestFormat::clockTicksOnlyWhileNeeded()
{
    FrameClock clock;
    QSignalSpy ticks(&clock, &FrameClock::tick);
    QVERIFY(!clock.isRunning());
    clock.requestTick();
    QTRY_COMPARE(ticks.size(), 1);
    clock.setRunning(true);
    QTRY_VERIFY(ticks.size() >= 4);
    bool isStopped = false;
    connect(&clock, &FrameClock::tick, this, [&] {
        clock.setRunning(false);
        isStopped = true;
    });
    QTRY_VERIFY(isStopped);
    QVERIFY(!clock.isRunning());
}

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
