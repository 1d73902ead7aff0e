// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"
#include "ui/charts/chart_panel.h"
#include "ui/charts/chart_scale.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

namespace poolscope {

class TestCharts : public QObject
{
    Q_OBJECT

private slots:
    void upperBoundIsTheNextRoundNumber_data();
    void upperBoundIsTheNextRoundNumber();
    void binsCoverTheRangeAndStayInPlaceWhenItMoves();
    void binsAreNeverMoreThanAskedForAndTwo();
    void binAtFindsTheBinAndNothingOutside();
    void filledBinsLeaveOutWhatIsBeforeTheRunAndTheBinThatIsNotFull();
    void linesAppearForEachExecutorWithinTheLimitOfPoints();
    void figuresAreShownForEachExecutorAndFollowTheCursor();
    void nothingIsShownWithoutASnapshot();
    void plotLiesWhereItIsToldTo();
    void wheelZoomsTheSharedRangeAtTheMouse();
    void dragMovesTheSharedRange();
    void shiftDragSelectsARange();
};

namespace {

/// A chart panel with all it needs, 1000 pixels wide, its plots 800.
struct Window
{
    ViewState state;
    FrameClock clock;
    ChartPanel panel{state, clock};

    explicit Window(SnapshotPtr snapshot = nullptr)
    {
        panel.resize(1000, 300);
        panel.setPlotGeometry(180, 800);
        panel.show();
        state.setSnapshot(std::move(snapshot));
    }
    ActivityChart& throughput() { return *panel.charts().front(); }
    QWidget* plot()
    {
        auto* view = throughput().findChild<QAbstractScrollArea*>();
        return view->viewport();
    }
};

SnapshotPtr twoExecutors()
{
    return test::makeSyntheticTrace({.lanes = 2, .tasks = 4'000, .executors = 2});
}

QPoint middleOf(const QWidget* widget)
{
    return widget->rect().center();
}

} // namespace

void TestCharts::upperBoundIsTheNextRoundNumber_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("bound");
    QTest::newRow("nothing") << 0.0 << 1.0;
    QTest::newRow("negative") << -3.0 << 1.0;
    QTest::newRow("not a number") << std::nan("") << 1.0;
    QTest::newRow("exact") << 1.0 << 1.0;
    QTest::newRow("exact fraction") << 0.2 << 0.2;
    QTest::newRow("two") << 1.01 << 2.0;
    QTest::newRow("five") << 2.5 << 5.0;
    QTest::newRow("ten") << 5.1 << 10.0;
    QTest::newRow("large") << 41'234.0 << 50'000.0;
    QTest::newRow("small") << 0.00031 << 0.0005;
}

void TestCharts::upperBoundIsTheNextRoundNumber()
{
    QFETCH(double, value);
    QFETCH(double, bound);
    QCOMPARE(niceUpperBound(value), bound);
}

void TestCharts::binsCoverTheRangeAndStayInPlaceWhenItMoves()
{
    const TimeRange visible{12'345, 1'012'345};
    const ChartBins bins = chartBins(visible, 100);
    QCOMPARE(bins.widthNs, Nanos{10'000});
    QVERIFY(bins.range.beginNs <= visible.beginNs);
    QVERIFY(bins.range.endNs >= visible.endNs);
    QCOMPARE(bins.range.duration(), bins.widthNs * bins.count);
    const ChartBins moved = chartBins({visible.beginNs + 777, visible.endNs + 777}, 100);
    QCOMPARE(moved.widthNs, bins.widthNs);
    QCOMPARE((moved.range.beginNs - bins.range.beginNs) % bins.widthNs, Nanos{0});
    const ChartBins early = chartBins({-25, 75}, 10);
    QVERIFY(early.range.beginNs <= -25);
    QCOMPARE(early.range.beginNs % early.widthNs, Nanos{0});
}

void TestCharts::binsAreNeverMoreThanAskedForAndTwo()
{
    for (Nanos duration = 1; duration < 4'000'000'000; duration = duration * 3 + 1) {
        for (const int most : {1, 7, 300}) {
            const ChartBins bins = chartBins({17, 17 + duration}, most);
            QVERIFY(bins.count >= 1);
            QVERIFY(bins.count <= most + 2);
        }
    }
}

void TestCharts::binAtFindsTheBinAndNothingOutside()
{
    const ChartBins bins = chartBins({0, 1000}, 10);
    QCOMPARE(bins.widthNs, Nanos{100});
    QCOMPARE(bins.binAt(0), 0);
    QCOMPARE(bins.binAt(99), 0);
    QCOMPARE(bins.binAt(100), 1);
    QCOMPARE(bins.binAt(999), 9);
    QCOMPARE(bins.binAt(1000), -1);
    QCOMPARE(bins.binAt(-1), -1);
}

void TestCharts::filledBinsLeaveOutWhatIsBeforeTheRunAndTheBinThatIsNotFull()
{
    const ChartBins bins = chartBins({-200, 800}, 10);
    const BinSpan filled = filledBins(bins, 450);
    QCOMPARE(bins.beginOf(filled.first), Nanos{0});
    QCOMPARE(bins.endOf(filled.last - 1), Nanos{400});
    const BinSpan none = filledBins(bins, -5);
    QCOMPARE(none.last - none.first, 0);
}

void TestCharts::linesAppearForEachExecutorWithinTheLimitOfPoints()
{
    Window window(twoExecutors());
    for (const ActivityChart* chart : window.panel.charts()) {
        QTRY_VERIFY(chart->pointCount() > 20);
        QVERIFY(chart->pointCount() <= 4 * 600);
        QCOMPARE(chart->figures().size(), std::size_t{2});
    }
    QVERIFY(window.throughput().upperBound() > 1);
}

void TestCharts::figuresAreShownForEachExecutorAndFollowTheCursor()
{
    Window window(twoExecutors());
    QTRY_COMPARE(window.throughput().figures().size(), std::size_t{2});
    const QString mean = window.throughput().figures()[0].value;
    QVERIFY(mean.endsWith(QStringLiteral("/s")));
    QVERIFY(window.throughput().figures()[0].style.pen !=
            window.throughput().figures()[1].style.pen);
    const Nanos end = window.state.bounds().endNs;
    QStringList seen;
    for (int part = 1; part < 8; ++part) {
        window.state.setCursor(end / 8 * part);
        seen.append(window.throughput().figures()[0].value);
    }
    seen.removeDuplicates();
    QVERIFY2(seen.size() > 1, "the phases of the trace differ, so must the figures");
    window.state.setCursor(std::nullopt);
    QCOMPARE(window.throughput().figures()[0].value, mean);
    QVERIFY(window.throughput().accessibleDescription().contains(mean));
}

void TestCharts::nothingIsShownWithoutASnapshot()
{
    Window window(twoExecutors());
    QTRY_VERIFY(window.throughput().pointCount() > 0);
    window.state.setCursor(window.state.bounds().endNs / 2);
    window.state.setSnapshot(nullptr);
    QVERIFY2(window.throughput().figures().empty(), "at once, with the cursor that goes");
    QTRY_COMPARE(window.throughput().pointCount(), qsizetype{0});
}

void TestCharts::plotLiesWhereItIsToldTo()
{
    Window window(twoExecutors());
    window.panel.setPlotGeometry(200, 640);
    const QWidget* plot = window.plot();
    QCOMPARE(plot->mapTo(&window.panel, QPoint(0, 0)).x(), 200);
    QCOMPARE(plot->width(), 640);
}

void TestCharts::wheelZoomsTheSharedRangeAtTheMouse()
{
    Window window(twoExecutors());
    const TimeRange before = window.state.visible();
    const QPoint place = middleOf(window.plot());
    QWheelEvent event(place, window.plot()->mapToGlobal(place), {}, {0, 120}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(window.plot(), &event);
    const TimeRange after = window.state.visible();
    QVERIFY(after.duration() < before.duration());
    const Nanos middle = before.beginNs + before.duration() / 2;
    QVERIFY(std::abs(after.beginNs + after.duration() / 2 - middle) < before.duration() / 100);
}

void TestCharts::dragMovesTheSharedRange()
{
    Window window(twoExecutors());
    window.state.zoomAt(window.state.bounds().endNs / 2, 0.25);
    const TimeRange before = window.state.visible();
    const QPoint start = middleOf(window.plot());
    QTest::mousePress(window.plot(), Qt::LeftButton, {}, start);
    QTest::mouseMove(window.plot(), start + QPoint(100, 0));
    QTest::mouseRelease(window.plot(), Qt::LeftButton, {}, start + QPoint(100, 0));
    const TimeRange after = window.state.visible();
    QCOMPARE(after.duration(), before.duration());
    QVERIFY(std::abs(before.beginNs - after.beginNs - before.duration() / 8) <
            before.duration() / 100);
}

void TestCharts::shiftDragSelectsARange()
{
    Window window(twoExecutors());
    const QPoint start = middleOf(window.plot());
    QTest::mousePress(window.plot(), Qt::LeftButton, Qt::ShiftModifier, start);
    QMouseEvent move(QEvent::MouseMove, start + QPoint(80, 0),
                     window.plot()->mapToGlobal(start + QPoint(80, 0)), Qt::NoButton,
                     Qt::LeftButton, Qt::ShiftModifier);
    QApplication::sendEvent(window.plot(), &move);
    QTest::mouseRelease(window.plot(), Qt::LeftButton, Qt::ShiftModifier, start + QPoint(80, 0));
    QVERIFY(window.state.selection().has_value());
    const Nanos expected = window.state.visible().duration() / 10;
    QVERIFY(std::abs(window.state.selection()->duration() - expected) < expected / 20);
    QTest::mousePress(window.plot(), Qt::LeftButton, Qt::ShiftModifier, start);
    QTest::mouseRelease(window.plot(), Qt::LeftButton, Qt::ShiftModifier, start);
    QVERIFY2(!window.state.selection(), "a click without a drag clears it");
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestCharts)
#include "tst_charts.moc"
