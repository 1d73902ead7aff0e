// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/timeline/timeline_case.h"
#include "tests/support/synthetic_trace.h"
#include "ui/timeline/task_coloring.h"
#include "ui/timeline/timeline_style.h"

#include <QFont>
#include <QTest>

#include <array>
#include <cmath>
#include <set>

using namespace poolscope;

class TestTaskColoring : public QObject
{
    Q_OBJECT

private slots:
    void aJobOfOneKindIsColouredByExecutor();
    void classesOfRecords();
    void columnsKeepTheirBusyTime_data();
    void columnsKeepTheirBusyTime();
    void columnsOfEqualTasksHaveTheClassOfATask();
    void aFailureTakesPartOfItsColumn();
    void sharesAddUp();
    void repeatingColoursHaveNoEntries();
    void hiddenClassesAreFaint();
};

namespace {

SnapshotPtr duel()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.executors = 2;
    options.tasks = 6'000;
    options.failureRate = 0.01;
    return test::makeSyntheticTrace(options);
}

std::vector<ColumnCell> columnsOf(const Snapshot& snapshot, std::size_t lane, std::size_t count)
{
    std::vector<ColumnCell> cells(count);
    fillColumns(snapshot, snapshot.lanes[lane], {0, snapshot.nowNs}, cells);
    return cells;
}

} // namespace

void TestTaskColoring::aJobOfOneKindIsColouredByExecutor()
{
    QCOMPARE(effectiveMode(ColorMode::Kind, *test::makeLane(3, -1, TaskState::Done)),
             ColorMode::Executor);
    QCOMPARE(effectiveMode(ColorMode::Kind, *duel()), ColorMode::Kind);
    QCOMPARE(effectiveMode(ColorMode::Outcome, *duel()), ColorMode::Outcome);
}

void TestTaskColoring::classesOfRecords()
{
    const SnapshotPtr trace = duel();
    const LaneInfo lane{1, LaneKind::Process, 2};
    TaskRecord record;
    record.task = 7;
    record.submitNs = 0;
    record.startNs = 3'000'000; // waited 3 ms
    record.endNs = 3'000'500; // ran 500 ns
    record.setState(TaskState::Lost);
    const auto of = [&](ColorMode mode) { return colorClass(mode, *trace, lane, record); };
    QCOMPARE(of(ColorMode::Kind), int{trace->kindOf(7)});
    QCOMPARE(of(ColorMode::Executor), 1);
    QCOMPARE(of(ColorMode::RunTime), 0); // < 10 µs
    QCOMPARE(of(ColorMode::QueueWait), 3); // < 10 ms
    const auto entries = colorEntries(ColorMode::Outcome, *trace, {0, 1});
    QCOMPARE(entries[static_cast<std::size_t>(of(ColorMode::Outcome))].name,
             QStringLiteral("Lost"));
    record.endNs = record.startNs + 11 * kNanosPerSecond;
    const int longest = of(ColorMode::RunTime);
    QCOMPARE(longest, kColorClasses - 1);
    QCOMPARE(colorEntries(ColorMode::RunTime, *trace, {0, 1}).back().name,
             QStringLiteral("≥ 10 s"));
    for (int mode = 0; mode < kColorModeCount; ++mode) {
        const int index = of(static_cast<ColorMode>(mode));
        QVERIFY(index >= 0 && index < kColorClasses);
    }
}

void TestTaskColoring::columnsKeepTheirBusyTime_data()
{
    QTest::addColumn<int>("mode");
    for (int mode = 0; mode < kColorModeCount; ++mode) {
        QTest::newRow(qPrintable(colorModeTitle(static_cast<ColorMode>(mode)))) << mode;
    }
}

void TestTaskColoring::columnsKeepTheirBusyTime()
{
    QFETCH(int, mode);
    const SnapshotPtr trace = duel();
    for (std::size_t lane = 0; lane < trace->lanes.size(); ++lane) {
        const std::vector<ColumnCell> before = columnsOf(*trace, lane, 300);
        std::vector<ColumnCell> after = before;
        const ColumnClasses classes =
            sortIntoClasses(static_cast<ColorMode>(mode), *trace, trace->lanes[lane].info(), after);
        QVERIFY(classes.first + classes.count <= kColorClasses);
        for (std::size_t x = 0; x < before.size(); ++x) {
            const float busy = before[x].busySum();
            QVERIFY(std::abs(after[x].busySum() - busy) <= busy * 1e-4F);
            for (auto i = static_cast<std::size_t>(classes.count); i < after[x].busyNs.size();
                 ++i) {
                QCOMPARE(after[x].busyNs[i], 0.0F);
            }
        }
    }
}

void TestTaskColoring::columnsOfEqualTasksHaveTheClassOfATask()
{
    // Each task is a millisecond long, whether it lies in a column with others or spans several.
    const SnapshotPtr trace = test::makeLane(100, -1, TaskState::Done);
    const int expected = colorClass(ColorMode::RunTime, *trace, trace->lanes[0].info(),
                                    trace->lanes[0].lane->record(3));
    for (const std::size_t columns : {std::size_t{10}, std::size_t{1'000}}) {
        std::vector<ColumnCell> cells(columns);
        fillColumns(*trace, trace->lanes[0], {0, 100 * test::kTaskNs}, cells);
        sortIntoClasses(ColorMode::RunTime, *trace, trace->lanes[0].info(), cells);
        for (const ColumnCell& cell : cells) {
            QVERIFY(cell.busyNs[static_cast<std::size_t>(expected)] > 0);
            QCOMPARE(cell.busyNs[static_cast<std::size_t>(expected)], cell.busySum());
        }
    }
}

void TestTaskColoring::aFailureTakesPartOfItsColumn()
{
    const SnapshotPtr trace = test::makeLane(100, 42, TaskState::Failed);
    std::vector<ColumnCell> cells = columnsOf(*trace, 0, 10);
    sortIntoClasses(ColorMode::Outcome, *trace, trace->lanes[0].info(), cells);
    std::size_t seen = 0;
    for (const ColumnCell& cell : cells) {
        const bool hasFailure = (cell.stateBits & stateBit(TaskState::Failed)) != 0;
        QCOMPARE(cell.busyNs[1] > 0, hasFailure);
        seen += hasFailure ? 1 : 0;
    }
    QCOMPARE(seen, std::size_t{1});
}

void TestTaskColoring::sharesAddUp()
{
    const SnapshotPtr trace = duel();
    for (const ColorMode mode : {ColorMode::Kind, ColorMode::Executor}) {
        double sum = 0;
        for (const ColorEntry& entry : colorEntries(mode, *trace, {0, trace->nowNs})) {
            QVERIFY(!entry.name.isEmpty());
            sum += entry.share;
        }
        QVERIFY(std::abs(sum - 1) < 1e-6);
    }
}

void TestTaskColoring::repeatingColoursHaveNoEntries()
{
    const SnapshotPtr trace = duel();
    QVERIFY(colorEntries(ColorMode::Name, *trace, {0, trace->nowNs}).empty());
    QVERIFY(colorEntries(ColorMode::Worker, *trace, {0, trace->nowNs}).empty());
}

void TestTaskColoring::hiddenClassesAreFaint()
{
    TimelineStyle style(Theme::light(), QFont());
    style.coloring = {ColorMode::Kind, 0b101};
    std::set<QRgb> shown;
    for (int i = 0; i < kColorClasses; ++i) {
        const bool isFaint = style.classColors(ColorMode::Kind, i).fill == style.faint.fill;
        QCOMPARE(isFaint, i == 0 || i == 2);
        shown.insert(style.fullColors(ColorMode::Kind, i).fill.rgb());
    }
    QCOMPARE(shown.size(), static_cast<std::size_t>(kColorClasses));
}

QTEST_MAIN(TestTaskColoring)
#include "tst_task_coloring.moc"
