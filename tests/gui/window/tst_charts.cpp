// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "tests/support/synthetic_trace.h"
#include "ui/charts/chart_panel.h"
#include "ui/charts/chart_scale.h"
#include "ui/panels/histogram_view.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QSignalSpy>
#include <QTabBar>
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
    void resizesAreDrawnThrough();
    void everyWorkersUsageIsShownOfAFew();
    void ofManyWorkersTheMeanLeastAndMostAreShown();
    void threadsHaveOneLineOfMemory();
    void aRunWithoutUsageSaysSo();
    void durationsHavePercentilesOfTheSelectedRange();
    void pagesAreReachedByKeys();
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

/// A run of 10 s on processes or threads; each worker has 10 % more of a processor than the one before, and 1 MiB more.
SnapshotPtr runWithUsage(int workers, LaneKind kind)
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    for (int i = 0; i < workers; ++i) {
        Lane& lane = recorder->addLane({0, kind, i});
        lane.openLife({0, -1, 1, 1});
        auto samples = std::make_shared<std::vector<UsageSample>>();
        for (Nanos second = 0; second < 10; ++second) {
            samples->push_back(
                {second * kNanosPerSecond, (second + 1) * kNanosPerSecond,
                 kNanosPerSecond / 10 * (i % 10 + 1),
                 kind == LaneKind::Thread ? 4096 : 1024 * static_cast<std::uint64_t>(i + 1)});
        }
        lane.setUsage(std::move(samples));
    }
    recorder->addControlEvent({5 * kNanosPerSecond, ControlKind::Resize, 0, -1, 4, "2"});
    auto meta = std::make_shared<TraceMeta>();
    meta->executors = {{"pool", "The pool", workers}};
    return makeFinishedSnapshot(recorder, meta, {}, 10 * kNanosPerSecond);
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

void TestCharts::resizesAreDrawnThrough()
{
    Window window(runWithUsage(2, LaneKind::Process));
    window.state.fit();
    for (const int page : {ChartPanel::Activity, ChartPanel::Usage}) {
        window.panel.setCurrentPage(page);
        for (ActivityChart* chart :
             page == ChartPanel::Usage ? window.panel.usageCharts() : window.panel.charts()) {
            auto* plot = chart->findChild<QAbstractScrollArea*>()->viewport();
            const auto isLineAt = [&](int x) {
                const QImage image = plot->grab().toImage();
                int rows = 0;
                for (int y = 0; y < image.height(); ++y) {
                    rows += image.pixelColor(x, y) != image.pixelColor(x - 40, y) ? 1 : 0;
                }
                return rows > image.height() * 3 / 4;
            };
            const TimeRange seen = window.state.visible();
            const auto x = static_cast<int>((5 * kNanosPerSecond - seen.beginNs) * plot->width() /
                                            seen.duration());
            QTRY_VERIFY(isLineAt(x) || isLineAt(x + 1) || isLineAt(x - 1));
        }
    }
}

void TestCharts::everyWorkersUsageIsShownOfAFew()
{
    Window window(runWithUsage(3, LaneKind::Process));
    window.panel.setCurrentPage(ChartPanel::Usage);
    const ActivityChart& cpu = *window.panel.usageCharts()[0];
    const ActivityChart& memory = *window.panel.usageCharts()[1];
    QTRY_COMPARE(cpu.figures().size(), std::size_t{1});
    QCOMPARE(cpu.figures()[0].value, QStringLiteral("20 %"));
    QCOMPARE(cpu.note(), QStringLiteral("The pool: mean of 3 workers"));
    QCOMPARE(memory.figures()[0].value, QStringLiteral("2.00 MiB"));
    QVERIFY(cpu.toolTip().contains(QStringLiteral("worker 2: 30 %")));
    QVERIFY(memory.accessibleDescription().contains(QStringLiteral("worker 0: 1.00 MiB")));
    QVERIFY(cpu.emptyText().isEmpty());
    const qsizetype points = cpu.pointCount();
    QVERIFY(points > 4 * 50 && points < 4 * 600);
    window.state.setCursor(3 * kNanosPerSecond);
    QCOMPARE(cpu.figures()[0].value, QStringLiteral("20 %"));
    QCOMPARE(cpu.upperBound(), 1.0);
}

void TestCharts::ofManyWorkersTheMeanLeastAndMostAreShown()
{
    Window window(runWithUsage(60, LaneKind::Process));
    window.panel.setCurrentPage(ChartPanel::Usage);
    const ActivityChart& cpu = *window.panel.usageCharts()[0];
    QTRY_COMPARE(cpu.figures().size(), std::size_t{1});
    QCOMPARE(cpu.note(), QStringLiteral("The pool: mean, least, most of 60"));
    QCOMPARE(cpu.figures()[0].value, QStringLiteral("55 %"));
    QVERIFY(cpu.pointCount() < 3 * 600);
    QVERIFY(cpu.toolTip().contains(QStringLiteral("and 44 more workers")));
}

void TestCharts::threadsHaveOneLineOfMemory()
{
    Window window(runWithUsage(3, LaneKind::Thread));
    window.panel.setCurrentPage(ChartPanel::Usage);
    const ActivityChart& cpu = *window.panel.usageCharts()[0];
    const ActivityChart& memory = *window.panel.usageCharts()[1];
    QTRY_COMPARE(memory.figures().size(), std::size_t{1});
    QCOMPARE(memory.figures()[0].value, QStringLiteral("4.00 MiB"));
    QCOMPARE(memory.note(), QStringLiteral("The pool: the whole program"));
    QCOMPARE(4 * memory.pointCount(), cpu.pointCount());
}

void TestCharts::aRunWithoutUsageSaysSo()
{
    Window window(twoExecutors());
    window.panel.setCurrentPage(ChartPanel::Usage);
    const ActivityChart& cpu = *window.panel.usageCharts()[0];
    QTRY_VERIFY(cpu.emptyText().contains(QStringLiteral("Not recorded")));
    QCOMPARE(cpu.accessibleDescription(), cpu.emptyText());
    QVERIFY(cpu.figures().empty());
    window.state.setSnapshot(runWithUsage(2, LaneKind::Process));
    QTRY_COMPARE(cpu.emptyText(), QString());
    window.state.setSnapshot(nullptr);
    QTRY_VERIFY(cpu.figures().empty());
    QTRY_COMPARE(cpu.pointCount(), qsizetype{0});
}

void TestCharts::durationsHavePercentilesOfTheSelectedRange()
{
    Window window(twoExecutors());
    window.panel.setCurrentPage(ChartPanel::Durations);
    const auto histograms = window.panel.findChildren<HistogramView*>();
    QCOMPARE(histograms.size(), qsizetype{2});
    const HistogramView& runs = *histograms[0];
    QTRY_VERIFY(runs.accessibleDescription().contains(QStringLiteral("p99")));
    const QString whole = runs.accessibleDescription();
    QCOMPARE(whole.split(u'\n').size(), qsizetype{2});
    const TimeRange all = window.state.bounds();
    window.state.setSelection(TimeRange{0, all.endNs / 20});
    QTRY_VERIFY(runs.accessibleDescription() != whole);
    window.state.setSnapshot(nullptr);
    QTRY_COMPARE(runs.accessibleDescription(), QStringLiteral("Nothing to show"));
}

void TestCharts::pagesAreReachedByKeys()
{
    Window window(twoExecutors());
    auto* tabs = window.panel.findChild<QTabBar*>();
    QSignalSpy changes(&window.panel, &ChartPanel::currentPageChanged);
    QTest::keyClick(tabs, Qt::Key_Right);
    QCOMPARE(window.panel.currentPage(), int{ChartPanel::Usage});
    QVERIFY(window.panel.usageCharts()[0]->isVisible());
    QVERIFY(!window.panel.charts()[0]->isVisible());
    QTest::keyClick(tabs, Qt::Key_Right);
    QCOMPARE(window.panel.currentPage(), int{ChartPanel::Durations});
    QCOMPARE(changes.size(), 2);
    window.panel.setCurrentPage(99);
    QCOMPARE(window.panel.currentPage(), int{ChartPanel::Durations});
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestCharts)
#include "tst_charts.moc"
