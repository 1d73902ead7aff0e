// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/plot_area.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QTest>

namespace poolscope {

class TestPlotArea : public QObject
{
    Q_OBJECT

private slots:
    void mapsThereAndBack_data();
    void mapsThereAndBack();
    void ticksAreRound_data();
    void ticksAreRound();
    void legendTakesTheHeightItSays();
    void tagStaysInside();
};

void TestPlotArea::mapsThereAndBack_data()
{
    QTest::addColumn<bool>("isLog");
    QTest::newRow("linear") << false;
    QTest::newRow("logarithmic") << true;
}

void TestPlotArea::mapsThereAndBack()
{
    QFETCH(const bool, isLog);
    const PlotArea area{QRectF(50, 20, 400, 300), {1, 64, isLog}, {1, 3, false}};
    QCOMPARE(area.at(1, 1), QPointF(50, 320));
    QCOMPARE(area.at(64, 3), QPointF(450, 20));
    for (const double value : {1.0, 2.0, 7.5, 64.0, 100.0}) {
        QVERIFY(std::abs(area.fromX(area.toX(value)) - value) < 1e-9);
        QVERIFY(std::abs(area.fromY(area.toY(value)) - value) < 1e-9);
    }
    QCOMPARE(area.toX(8) == 250, isLog);
}

void TestPlotArea::ticksAreRound_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<QList<double>>("ticks");
    QTest::newRow("halves") << 0.0 << 2.2 << QList<double>{0, 0.5, 1, 1.5, 2};
    QTest::newRow("ends count") << 0.0 << 100.0 << QList<double>{0, 20, 40, 60, 80, 100};
    QTest::newRow("not from 0") << 290.0 << 303.0 << QList<double>{290, 295, 300};
}

void TestPlotArea::ticksAreRound()
{
    QFETCH(const double, low);
    QFETCH(const double, high);
    QFETCH(const QList<double>, ticks);
    const std::vector<double> found = plotTicks(low, high, 5);
    QCOMPARE(static_cast<qsizetype>(found.size()), ticks.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        QVERIFY(std::abs(found[i] - ticks[static_cast<qsizetype>(i)]) < 1e-9 * (1 + high));
    }
}

void TestPlotArea::legendTakesTheHeightItSays()
{
    QImage image(300, 200, QImage::Format_RGB32);
    QPainter painter(&image);
    const std::vector<PlotEntry> entries(5, {PlotEntry::Mark::Box, Qt::red, "an entry"});
    double before = 1e9;
    for (const double width : {100.0, 250.0, 2'000.0}) {
        const double height =
            drawLegend(painter, QRectF(0, 0, width, 200), Theme::light(), entries);
        QCOMPARE(height, legendHeight(painter.font(), width, entries));
        QVERIFY(height < before);
        before = height;
    }
}

void TestPlotArea::tagStaysInside()
{
    QImage image(300, 200, QImage::Format_RGB32);
    QPainter painter(&image);
    const QRectF bounds(20, 0, 200, 100);
    for (const double x : {0.0, 100.0, 219.0}) {
        const QRectF tag =
            drawTag(painter, QPointF(x, 50), bounds, {"take 12", Qt::blue, Qt::white});
        QVERIFY(tag.left() >= bounds.left() && tag.right() <= bounds.right());
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestPlotArea)
#include "tst_plot_area.moc"
