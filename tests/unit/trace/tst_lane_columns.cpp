// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "core/trace/lane_columns.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace poolscope;

namespace {

/// What a column holds, worked out record by record.
struct ExactColumn
{
    std::array<double, kMaxTaskKinds> busyNs{};
    double waitWeightedLog = 0;
    double endedCount = 0;
    unsigned stateBits = 0;
};

class ExactColumns
{
public:
    ExactColumns(const Snapshot& snapshot, const LaneView& view, TimeRange range, std::size_t count)
        : m_range(range)
        , m_columns(count)
    {
        for (std::uint64_t i = 0; i < view.recordCount; ++i) {
            const TaskRecord& record = view.lane->record(i);
            if (record.runNs() == 0) {
                addInstant(record);
            } else {
                addRecord(record, snapshot.kindOf(record.task));
            }
        }
    }

    [[nodiscard]] const ExactColumn& operator[](std::size_t i) const { return m_columns[i]; }
    [[nodiscard]] double columnNs() const
    {
        return static_cast<double>(m_range.duration()) / static_cast<double>(m_columns.size());
    }
    /// \return the column in which an attempt ends, -1: in none.
    [[nodiscard]] std::ptrdiff_t endColumn(Nanos timeNs) const
    {
        if (timeNs < m_range.beginNs || timeNs > m_range.endNs) {
            return -1;
        }
        const auto place = static_cast<std::ptrdiff_t>(std::ceil(placeOf(timeNs))) - 1;
        return std::max<std::ptrdiff_t>(place, 0);
    }

private:
    [[nodiscard]] long double placeOf(Nanos timeNs) const
    {
        return static_cast<long double>(timeNs - m_range.beginNs) *
               static_cast<long double>(m_columns.size()) /
               static_cast<long double>(m_range.duration());
    }
    void addInstant(const TaskRecord& record)
    {
        const std::ptrdiff_t column = endColumn(record.endNs);
        if (column >= 0) {
            m_columns[static_cast<std::size_t>(column)].endedCount += 1;
            m_columns[static_cast<std::size_t>(column)].stateBits |= stateBit(record.state());
        }
    }
    void addRecord(const TaskRecord& record, std::uint8_t kind)
    {
        if (record.endNs <= m_range.beginNs || record.startNs >= m_range.endNs) {
            return;
        }
        const long double begin = placeOf(record.startNs);
        const long double end = placeOf(record.endNs);
        auto column = static_cast<std::size_t>(std::max(begin, 0.0L));
        for (; column < m_columns.size() && static_cast<long double>(column) < end; ++column) {
            const auto left = static_cast<long double>(column);
            const auto busyNs =
                static_cast<double>(std::min(end, left + 1) - std::max(begin, left)) * columnNs();
            m_columns[column].busyNs[kind] += busyNs;
            m_columns[column].waitWeightedLog +=
                busyNs * std::log2(1.0 + static_cast<double>(record.waitNs()));
            m_columns[column].stateBits |= stateBit(record.state());
        }
        if (record.endNs <= m_range.endNs) {
            m_columns[static_cast<std::size_t>(endColumn(record.endNs))].endedCount += 1;
        }
    }

    TimeRange m_range;
    std::vector<ExactColumn> m_columns;
};

double sumOf(const std::array<double, kMaxTaskKinds>& parts)
{
    double sum = 0;
    for (const double part : parts) {
        sum += part;
    }
    return sum;
}

SnapshotPtr eventfulTrace(std::uint64_t seed)
{
    test::SyntheticOptions options;
    options.lanes = 4;
    options.tasks = 40'000;
    options.seed = seed;
    options.failureRate = 0.0005;
    options.retryRate = 0.0005;
    options.instantRate = 0.005;
    options.cancelRate = 0.01;
    return test::makeSyntheticTrace(options);
}

/// Ranges of all widths, from some columns a nanosecond to several times the trace, with the trace's
/// edges inside, outside and cut.
std::vector<TimeRange> zoomSweep(const Snapshot& snapshot, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::vector<TimeRange> ranges{{0, snapshot.nowNs}, {-snapshot.nowNs, 2 * snapshot.nowNs}};
    for (double width = 100; width < 1.5 * static_cast<double>(snapshot.nowNs); width *= 1.9) {
        const auto duration = static_cast<Nanos>(width);
        const auto space = static_cast<std::uint64_t>(snapshot.nowNs);
        const Nanos begin = static_cast<Nanos>(random() % space) - duration / 2;
        ranges.push_back({begin, begin + duration});
    }
    return ranges;
}

void compareExactly(const Snapshot& snapshot, const LaneView& view, TimeRange range,
                    const std::vector<ColumnCell>& cells, bool areBordersExact)
{
    const ExactColumns exact(snapshot, view, range, cells.size());
    const double toleranceNs = exact.columnNs() * 1e-4;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        for (std::size_t kind = 0; kind < cells[i].busyNs.size(); ++kind) {
            QVERIFY(std::abs(static_cast<double>(cells[i].busyNs[kind]) - exact[i].busyNs[kind]) <=
                    toleranceNs);
        }
        QVERIFY(std::abs(static_cast<double>(cells[i].waitWeightedLog) -
                         exact[i].waitWeightedLog) <= 64 * toleranceNs);
        if (areBordersExact) {
            QCOMPARE(static_cast<double>(cells[i].endedCount), exact[i].endedCount);
            QCOMPARE(unsigned{cells[i].stateBits}, exact[i].stateBits);
        }
    }
}

/// \return a lane of records that were made by hand, in a snapshot.
SnapshotPtr snapshotOf(const std::vector<TaskRecord>& records)
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    Nanos endNs = 1;
    for (const TaskRecord& record : records) {
        lane.append(record, {}, {});
        endNs = record.endNs;
    }
    return makeFinishedSnapshot(recorder, std::make_shared<TraceMeta>(), {}, endNs);
}

TaskRecord recordOf(Nanos startNs, Nanos endNs, TaskState state = TaskState::Done)
{
    TaskRecord record;
    record.submitNs = startNs;
    record.startNs = startNs;
    record.endNs = endNs;
    record.setState(state);
    return record;
}

} // namespace

class LaneColumnsTest : public QObject
{
    Q_OBJECT

private slots:
    void isExactWithoutSummaries();
    void isExactWithinColumnBorders();
    void busyShareIsCloseWithSummaries();
    void failureIsNeverHidden();
    void sumsArePreserved();
    void longTaskFillsAllItsColumns();
    void instantLeavesAMark();
    void columnsAreOverwritten();
    void emptyLaneIsEmpty();
    void rangesBesideTheTraceAreEmpty();
    void farTimesAreExact();
    void firstRecordEndingAfterIsFirst();
};

void LaneColumnsTest::isExactWithoutSummaries()
{
    const SnapshotPtr snapshot = eventfulTrace(1);
    std::vector<ColumnCell> cells(333);
    for (const TimeRange range : zoomSweep(*snapshot, 5)) {
        for (const LaneView& view : snapshot->lanes) {
            fillColumns(*snapshot, view, range, cells, 0);
            compareExactly(*snapshot, view, range, cells, false);
        }
    }
}

// Powers of two, where no border is rounded: there the counts and states are exact, too.
void LaneColumnsTest::isExactWithinColumnBorders()
{
    const SnapshotPtr snapshot = eventfulTrace(2);
    std::vector<ColumnCell> cells(512);
    for (int shift = 4; shift < 24; ++shift) {
        const TimeRange range{snapshot->nowNs / 3, snapshot->nowNs / 3 + (Nanos{512} << shift)};
        for (const LaneView& view : snapshot->lanes) {
            fillColumns(*snapshot, view, range, cells, 0);
            compareExactly(*snapshot, view, range, cells, true);
        }
    }
}

void LaneColumnsTest::busyShareIsCloseWithSummaries()
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const SnapshotPtr snapshot = test::makeSyntheticTrace(8, 400'000, seed);
        const LaneView& view = snapshot->lanes[seed];
        std::vector<ColumnCell> cells(1000);
        double worst = 0;
        double sum = 0;
        std::size_t count = 0;
        for (const TimeRange range : zoomSweep(*snapshot, seed)) {
            fillColumns(*snapshot, view, range, cells, 1.0);
            const ExactColumns exact(*snapshot, view, range, cells.size());
            for (std::size_t i = 0; i < cells.size(); ++i) {
                const double error =
                    std::abs(static_cast<double>(cells[i].busySum()) - sumOf(exact[i].busyNs)) /
                    exact.columnNs();
                worst = std::max(worst, error);
                sum += error;
                ++count;
            }
        }
        const double mean = sum / static_cast<double>(count);
        QVERIFY2(worst <= 0.12, qPrintable(QString::number(worst)));
        QVERIFY2(mean <= 0.01, qPrintable(QString::number(mean)));
    }
}

void LaneColumnsTest::failureIsNeverHidden()
{
    const SnapshotPtr snapshot = eventfulTrace(4);
    std::vector<ColumnCell> cells(640);
    int seen = 0;
    for (const double detail : {0.0, 1.0, 2.0, 7.5}) {
        for (const TimeRange range : zoomSweep(*snapshot, 9)) {
            for (const LaneView& view : snapshot->lanes) {
                fillColumns(*snapshot, view, range, cells, detail);
                const ExactColumns exact(*snapshot, view, range, cells.size());
                for (std::size_t i = 0; i < cells.size(); ++i) {
                    // An instant on the border of two columns may be in either.
                    unsigned near = cells[i].stateBits;
                    near |= i > 0 ? cells[i - 1].stateBits : 0U;
                    near |= i + 1 < cells.size() ? cells[i + 1].stateBits : 0U;
                    const unsigned bits = exact[i].stateBits;
                    QCOMPARE(near & bits, bits);
                    seen += (bits & stateBit(TaskState::Failed)) != 0 ? 1 : 0;
                }
            }
        }
    }
    QVERIFY2(seen > 300, qPrintable(QString::number(seen)));
}

void LaneColumnsTest::sumsArePreserved()
{
    const SnapshotPtr snapshot = eventfulTrace(3);
    for (const std::size_t columns : {std::size_t{1}, std::size_t{7}, std::size_t{1920}}) {
        for (const double detail : {0.0, 1.0, 4.0}) {
            for (const LaneView& view : snapshot->lanes) {
                std::vector<ColumnCell> cells(columns);
                fillColumns(*snapshot, view, {0, snapshot->nowNs}, cells, detail);
                double busyNs = 0;
                double ended = 0;
                for (const ColumnCell& cell : cells) {
                    busyNs += static_cast<double>(cell.busySum());
                    ended += static_cast<double>(cell.endedCount);
                }
                double exactNs = 0;
                for (std::uint64_t i = 0; i < view.recordCount; ++i) {
                    exactNs += static_cast<double>(view.lane->record(i).runNs());
                }
                QVERIFY(std::abs(busyNs - exactNs) <= exactNs * 1e-4);
                QVERIFY(std::abs(ended - static_cast<double>(view.recordCount)) < 0.1);
            }
        }
    }
}

void LaneColumnsTest::longTaskFillsAllItsColumns()
{
    const SnapshotPtr snapshot = snapshotOf({recordOf(-50, 10'000)});
    std::vector<ColumnCell> cells(10);
    fillColumns(*snapshot, snapshot->lanes[0], {100, 200}, cells);
    for (const ColumnCell& cell : cells) {
        QCOMPARE(cell.busySum(), 10.0F);
        QCOMPARE(cell.stateBits, stateBit(TaskState::Done));
        QCOMPARE(cell.endedCount, 0.0F);
    }
}

void LaneColumnsTest::instantLeavesAMark()
{
    const SnapshotPtr snapshot =
        snapshotOf({recordOf(0, 0, TaskState::TimedOut), recordOf(55, 55, TaskState::Failed),
                    recordOf(100, 100, TaskState::Lost)});
    std::vector<ColumnCell> cells(10);
    fillColumns(*snapshot, snapshot->lanes[0], {0, 100}, cells);
    QCOMPARE(cells[0].stateBits, stateBit(TaskState::TimedOut)); // the very first moment
    QCOMPARE(cells[5].stateBits, stateBit(TaskState::Failed));
    QCOMPARE(cells[9].stateBits, stateBit(TaskState::Lost)); // the very last
    QCOMPARE(cells[5].endedCount, 1.0F);
    QCOMPARE(cells[5].busySum(), 0.0F);
    QCOMPARE(cells[4].stateBits, std::uint8_t{0});
}

void LaneColumnsTest::columnsAreOverwritten()
{
    const SnapshotPtr snapshot = snapshotOf({recordOf(0, 10)});
    ColumnCell used{{}, 5, 5, 0xff};
    used.busyNs.fill(5);
    std::vector<ColumnCell> cells(2, used);
    fillColumns(*snapshot, snapshot->lanes[0], {0, 40}, cells);
    QCOMPARE(cells[0].busySum(), 10.0F);
    QCOMPARE(cells[1].busySum(), 0.0F);
    QCOMPARE(cells[1].waitWeightedLog, 0.0F);
    QCOMPARE(cells[1].endedCount, 0.0F);
    QCOMPARE(cells[1].stateBits, std::uint8_t{0});
}

void LaneColumnsTest::emptyLaneIsEmpty()
{
    const SnapshotPtr snapshot = snapshotOf({});
    std::vector<ColumnCell> cells(3);
    fillColumns(*snapshot, snapshot->lanes[0], {0, 40}, cells);
    QCOMPARE(cells[1].busySum(), 0.0F);
    QCOMPARE(firstRecordEndingAfter(snapshot->lanes[0], 0), std::uint64_t{0});
}

void LaneColumnsTest::rangesBesideTheTraceAreEmpty()
{
    const SnapshotPtr snapshot = test::makeSyntheticTrace(1, 5000);
    std::vector<ColumnCell> cells(100);
    for (const TimeRange range :
         {TimeRange{-1000, 0}, TimeRange{snapshot->nowNs, snapshot->nowNs + 10'000}}) {
        fillColumns(*snapshot, snapshot->lanes[0], range, cells);
        for (const ColumnCell& cell : cells) {
            QCOMPARE(cell.busySum(), 0.0F);
            QCOMPARE(cell.endedCount, 0.0F);
            QCOMPARE(cell.stateBits, std::uint8_t{0});
        }
    }
}

// A month after the origin, columns of one nanosecond.
void LaneColumnsTest::farTimesAreExact()
{
    constexpr Nanos far = Nanos{30} * 24 * 3600 * kNanosPerSecond;
    const SnapshotPtr snapshot =
        snapshotOf({recordOf(far + 2, far + 5), recordOf(far + 7, far + 8)});
    std::vector<ColumnCell> cells(10);
    fillColumns(*snapshot, snapshot->lanes[0], {far, far + 10}, cells);
    const std::array<float, 10> expected{0, 0, 1, 1, 1, 0, 0, 1, 0, 0};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        QCOMPARE(cells[i].busySum(), expected[i]);
    }
    QCOMPARE(cells[4].endedCount, 1.0F);
    QCOMPARE(cells[7].endedCount, 1.0F);
}

void LaneColumnsTest::firstRecordEndingAfterIsFirst()
{
    const SnapshotPtr snapshot = eventfulTrace(6);
    const LaneView& view = snapshot->lanes[0];
    std::mt19937_64 random(3);
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t picked = random() % view.recordCount;
        const Nanos timeNs = view.lane->record(picked).endNs + static_cast<Nanos>(random() % 3) - 1;
        const std::uint64_t first = firstRecordEndingAfter(view, timeNs);
        QVERIFY(first == view.recordCount || view.lane->record(first).endNs > timeNs);
        QVERIFY(first == 0 || view.lane->record(first - 1).endNs <= timeNs);
    }
    QCOMPARE(firstRecordEndingAfter(view, snapshot->nowNs), view.recordCount);
}

QTEST_GUILESS_MAIN(LaneColumnsTest)
#include "tst_lane_columns.moc"
