// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/panel_parts.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/query_edit.h"
#include "ui/panels/task_panel.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <algorithm>

namespace poolscope {

namespace {

SnapshotPtr eventfulTrace()
{
    test::SyntheticOptions options;
    options.lanes = 3;
    options.tasks = 3'000;
    options.executors = 2;
    options.failureRate = 0.02;
    options.retryRate = 0.01;
    options.cancelRate = 0.01;
    return test::makeSyntheticTrace(options);
}

/// \return \p trace when its lanes had \p part of their records.
SnapshotPtr beginningOf(const SnapshotPtr& trace, double part)
{
    auto beginning = std::make_shared<Snapshot>(*trace);
    beginning->isLive = true;
    for (LaneView& lane : beginning->lanes) {
        lane.recordCount = static_cast<std::uint64_t>(static_cast<double>(lane.recordCount) * part);
        lane.summarisedCount = 0;
    }
    return beginning;
}

/// \return likewise, and each worker runs what it does next.
SnapshotPtr momentOf(const SnapshotPtr& trace, double part)
{
    auto moment = std::make_shared<Snapshot>(*beginningOf(trace, part));
    moment->nowNs = 0;
    for (std::size_t i = 0; i < moment->lanes.size(); ++i) {
        LaneView& lane = moment->lanes[i];
        if (lane.info().kind != LaneKind::Queue && lane.recordCount < trace->lanes[i].recordCount) {
            const TaskRecord& next = lane.lane->record(lane.recordCount);
            lane.running = {next.task, next.startNs};
            moment->nowNs = std::max(moment->nowNs, next.startNs);
        }
    }
    return moment;
}

std::shared_ptr<const RecordList> allOf(const SnapshotPtr& snapshot)
{
    return std::make_shared<const RecordList>(searchTasks(snapshot, {}).records);
}

/// The panel in a window of its own, with a trace.
struct Shown
{
    ViewState state;
    TaskPanel panel{state};
    QTableView* table = panel.findChild<QTableView*>();
    QueryEdit* filter = panel.findChild<QueryEdit*>();

    explicit Shown(const SnapshotPtr& trace)
    {
        panel.resize(1000, 260);
        panel.show();
        state.setSnapshot(trace);
    }
    [[nodiscard]] bool hasRows(quint64 count) const
    {
        return !panel.isWorking() && panel.model().rowCount() == static_cast<int>(count);
    }
    [[nodiscard]] const TaskRecord& record(int row) const
    {
        return *findRecord(*panel.model().snapshot(), panel.model().recordAt(row));
    }
    void clickHeader(TaskOrder order) const
    {
        QHeaderView* header = table->horizontalHeader();
        const int column = panel.model().columnOf(order);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, Qt::NoModifier,
                          {header->sectionViewportPosition(column) + 20, header->height() / 2});
    }
    void clickRow(int row, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        const QRect place = table->visualRect(panel.model().index(row, 1));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, modifiers, place.center());
    }
};

} // namespace

class TestTaskPanel : public QObject
{
    Q_OBJECT

private slots:
    void modelIsAProperOne();
    void cellsSayWhatTheRecordIs();
    void emptyPanelSaysWhatToDo();
    void everyAttemptIsARow();
    void filterLeavesWhatTheQueryFinds();
    void wrongFilterIsToldAndChangesNothing();
    void headersSortByTheirColumn();
    void menuSortsWithoutAMouse();
    void clickedRowIsTheSelectedTask();
    void selectedTaskIsTheCurrentRow();
    void returnZoomsToTheTask();
    void rowsAreCopiedAsTable();
    void rowsOfARunThatGoesOnStayWhereTheyAre();
    void lastRowStaysInViewWhileRowsCome();
    void otherRunReplacesTheRows();
    void tasksThatRunAreRowsBelow();
    void currentTaskThatEndsIsSelected();
    void hiddenPanelDoesNothing();
    void aMillionRowsAreShown();

private:
    SnapshotPtr m_trace = eventfulTrace();
};

void TestTaskPanel::modelIsAProperOne()
{
    TaskTableModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const SnapshotPtr half = beginningOf(m_trace, 0.5);
    model.setRows(half, allOf(half));
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), static_cast<int>(half->recordCount()));
    model.setRows(m_trace, allOf(m_trace));
    QCOMPARE(reset.size(), 1); // the same run
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(model.rowCount(), static_cast<int>(m_trace->recordCount()));
    auto sorted = std::make_shared<RecordList>(*allOf(m_trace));
    sortRecords(*m_trace, *sorted, TaskOrder::Run, true);
    model.setRows(m_trace, sorted);
    QVERIFY(changed.size() > 0);
    QCOMPARE(model.recordAt(0), (*sorted)[0]);
    QCOMPARE(model.rowOf((*sorted)[77]), 77);
    QCOMPARE(model.rowOf({0, 99'999}), -1);
    model.setRows(half, allOf(half));
    QCOMPARE(model.rowCount(), static_cast<int>(half->recordCount()));
    model.setRows(nullptr, nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestTaskPanel::cellsSayWhatTheRecordIs()
{
    TaskTableModel model;
    model.setFailureColour(Qt::red);
    const TaskHits failed = searchTasks(m_trace, parseTaskQuery("state:failed").value());
    model.setRows(m_trace, std::make_shared<const RecordList>(failed.records));
    const auto cell = [&](TaskOrder order) {
        return model.data(model.index(0, model.columnOf(order)), Qt::DisplayRole).toString();
    };
    const TaskRecord& record = *findRecord(*m_trace, failed.records[0]);
    QCOMPARE(cell(TaskOrder::Task), QString::number(record.task));
    QCOMPARE(cell(TaskOrder::Name), QStringLiteral("synthetic %1").arg(record.task));
    QCOMPARE(cell(TaskOrder::State), QStringLiteral("Failed"));
    QCOMPARE(cell(TaskOrder::Result), QStringLiteral("made to fail"));
    QVERIFY(!cell(TaskOrder::Run).isEmpty());
    QCOMPARE(model.columnOf(TaskOrder::Cpu), -1); // was not measured
    const QModelIndex state = model.index(0, model.columnOf(TaskOrder::State));
    QCOMPARE(model.data(state, Qt::ForegroundRole).value<QColor>(), QColor(Qt::red));
    const TaskHits cancelled = searchTasks(m_trace, parseTaskQuery("state:cancelled").value());
    model.setRows(m_trace, std::make_shared<const RecordList>(cancelled.records));
    QCOMPARE(cell(TaskOrder::Worker), QStringLiteral("–"));
    QCOMPARE(cell(TaskOrder::Run), QStringLiteral("–"));
}

void TestTaskPanel::emptyPanelSaysWhatToDo()
{
    Shown shown(nullptr);
    QVERIFY(!shown.table->isVisible());
    const auto labels = shown.panel.findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(QStringLiteral("Press Run"));
    }));
}

void TestTaskPanel::everyAttemptIsARow()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    QVERIFY(shown.table->isVisible());
    QCOMPARE(shown.panel.countText(),
             QStringLiteral("%1 attempts").arg(QLocale().toString(m_trace->recordCount())));
    for (int row = 1; row < shown.panel.model().rowCount(); ++row) {
        QVERIFY(shown.record(row - 1).startNs <= shown.record(row).startNs);
    }
}

void TestTaskPanel::filterLeavesWhatTheQueryFinds()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    QTest::keyClicks(shown.filter, QStringLiteral("state:failed"));
    const std::size_t failed = searchTasks(m_trace, parseTaskQuery("state:failed").value()).size();
    QVERIFY(failed > 0);
    QTRY_VERIFY(shown.hasRows(failed));
    for (int row = 0; row < shown.panel.model().rowCount(); ++row) {
        QCOMPARE(shown.record(row).state(), TaskState::Failed);
    }
    QCOMPARE(shown.panel.countText(), QStringLiteral("%1 of %2 attempts")
                                          .arg(QLocale().toString(quint64{failed}),
                                               QLocale().toString(m_trace->recordCount())));
    QTest::keyClicks(shown.filter, QStringLiteral(" zebra"));
    QTRY_VERIFY(shown.hasRows(0));
    QVERIFY(!shown.table->isVisible());
    shown.filter->clear();
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
}

void TestTaskPanel::wrongFilterIsToldAndChangesNothing()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    QTest::keyClicks(shown.filter, QStringLiteral("state:x"));
    const auto* problem = shown.panel.findChild<QLabel*>(QStringLiteral("problemLabel"));
    QVERIFY(problem != nullptr);
    QVERIFY(problem->isVisible());
    QVERIFY(problem->text().contains(QStringLiteral("is no state")));
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
}

void TestTaskPanel::headersSortByTheirColumn()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    const int rows = shown.panel.model().rowCount();
    shown.clickHeader(TaskOrder::Run);
    QTRY_VERIFY(!shown.panel.isWorking());
    for (int row = 1; row < rows; ++row) {
        QVERIFY(shown.record(row - 1).runNs() <= shown.record(row).runNs());
    }
    shown.clickHeader(TaskOrder::Run);
    QTRY_VERIFY(!shown.panel.isWorking());
    for (int row = 1; row < rows; ++row) {
        QVERIFY(shown.record(row - 1).runNs() >= shown.record(row).runNs());
    }
    // What is filtered later comes in that order, too.
    QTest::keyClicks(shown.filter, QStringLiteral("executor:processes"));
    QTRY_VERIFY(!shown.panel.isWorking() && shown.panel.model().rowCount() < rows);
    for (int row = 1; row < shown.panel.model().rowCount(); ++row) {
        QVERIFY(shown.record(row - 1).runNs() >= shown.record(row).runNs());
    }
    shown.clickHeader(TaskOrder::Start);
    QTRY_VERIFY(!shown.panel.isWorking());
    QVERIFY(shown.record(0).startNs <= shown.record(1).startNs);
}

void TestTaskPanel::menuSortsWithoutAMouse()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    auto* menu = shown.panel.findChild<QMenu*>();
    QVERIFY(shown.table->actions().contains(menu->menuAction()));
    const auto choose = [&](const QString& title) {
        menu->popup({});
        for (QAction* action : menu->actions()) {
            if (action->text() == title) {
                QTest::mouseClick(menu, Qt::LeftButton, Qt::NoModifier,
                                  menu->actionGeometry(action).center());
                return;
            }
        }
        QFAIL(qPrintable(title));
    };
    choose(QStringLiteral("Wait"));
    QTRY_VERIFY(!shown.panel.isWorking());
    const int last = shown.panel.model().rowCount() - 1;
    QVERIFY(shown.record(0).waitNs() < shown.record(last).waitNs());
    QCOMPARE(shown.table->horizontalHeader()->sortIndicatorSection(),
             shown.panel.model().columnOf(TaskOrder::Wait));
    choose(QStringLiteral("Wait")); // again turns the order
    QTRY_VERIFY(!shown.panel.isWorking());
    QVERIFY(shown.record(0).waitNs() > shown.record(last).waitNs());
}

void TestTaskPanel::clickedRowIsTheSelectedTask()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    shown.state.setVisible({m_trace->nowNs / 2, m_trace->nowNs / 2 + 100'000});
    const QSignalSpy changed(&shown.state, &ViewState::selectedChanged);
    shown.clickRow(2);
    QCOMPARE(shown.state.selected(), std::optional(shown.panel.model().recordAt(2)));
    QVERIFY(shown.state.visible().contains(shown.record(2).startNs));
    QTest::keyClick(shown.table, Qt::Key_Down);
    QCOMPARE(shown.state.selected(), std::optional(shown.panel.model().recordAt(3)));
    QCOMPARE(changed.size(), 2);
}

void TestTaskPanel::selectedTaskIsTheCurrentRow()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    const TimeRange before = shown.state.visible();
    shown.state.setSelected(RecordRef{4, 500});
    const int row = shown.table->currentIndex().row();
    QCOMPARE(shown.panel.model().recordAt(row), (RecordRef{4, 500}));
    QVERIFY(shown.table->viewport()->rect().contains(
        shown.table->visualRect(shown.panel.model().index(row, 0)).center()));
    QCOMPARE(shown.state.visible(), before);
    shown.clickHeader(TaskOrder::Wait);
    QTRY_VERIFY(!shown.panel.isWorking());
    QCOMPARE(shown.panel.model().recordAt(shown.table->currentIndex().row()), (RecordRef{4, 500}));
    QCOMPARE(shown.state.selected(), std::optional(RecordRef{4, 500}));
    shown.state.setSelected(std::nullopt);
    QVERIFY(!shown.table->selectionModel()->hasSelection());
}

void TestTaskPanel::returnZoomsToTheTask()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    QVERIFY(QTest::qWaitForWindowActive(&shown.panel));
    shown.clickRow(4);
    shown.table->setFocus();
    QTest::keyClick(shown.table, Qt::Key_Return);
    const TaskRecord& record = shown.record(4);
    const TimeRange visible = shown.state.visible();
    QVERIFY(visible.contains(record.startNs) && visible.contains(record.endNs - 1));
    QVERIFY(visible.duration() <= 2 * record.runNs() + 4'000);
    shown.state.fit();
    const QRect place = shown.table->visualRect(shown.panel.model().index(1, 1));
    shown.clickRow(1); // a table wants the first press by itself
    QTest::mouseDClick(shown.table->viewport(), Qt::LeftButton, Qt::NoModifier, place.center());
    QVERIFY(shown.state.visible().duration() < m_trace->nowNs / 2);
    QCOMPARE(shown.state.selected(), std::optional(shown.panel.model().recordAt(1)));
}

void TestTaskPanel::rowsAreCopiedAsTable()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    QVERIFY(QTest::qWaitForWindowActive(&shown.panel));
    shown.clickRow(1);
    shown.clickRow(3, Qt::ShiftModifier);
    shown.table->setFocus();
    QTest::keyClick(shown.table, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 4);
    const int columns = shown.panel.model().columnCount();
    for (const QString& line : lines) {
        QCOMPARE(line.count(u'\t'), columns - 1);
    }
    const QStringList cells = lines[2].split(u'\t');
    const TaskRecord& record = shown.record(2);
    QCOMPARE(cells[0], QString::number(record.task));
    QCOMPARE(cells[shown.panel.model().columnOf(TaskOrder::Start)],
             QString::number(record.startNs));
    QCOMPARE(cells[shown.panel.model().columnOf(TaskOrder::Run)], QString::number(record.runNs()));
}

void TestTaskPanel::rowsOfARunThatGoesOnStayWhereTheyAre()
{
    const SnapshotPtr half = beginningOf(m_trace, 0.5);
    const SnapshotPtr more = beginningOf(m_trace, 0.75);
    Shown shown(half);
    QTRY_VERIFY(shown.hasRows(half->recordCount()));
    shown.clickHeader(TaskOrder::Run); // so that new rows come between the others
    QTRY_VERIFY(!shown.panel.isWorking());
    shown.table->verticalScrollBar()->setValue(700);
    const RecordRef top = shown.panel.model().recordAt(shown.table->rowAt(0));
    shown.state.setSnapshot(more);
    QTRY_VERIFY(shown.hasRows(more->recordCount()));
    QCOMPARE(shown.panel.model().recordAt(shown.table->rowAt(0)), top);
    shown.clickRow(shown.table->rowAt(0) + 2);
    const RecordRef chosen = *shown.state.selected();
    const auto chosenY = [&] { return shown.table->visualRect(shown.table->currentIndex()).top(); };
    const int before = chosenY();
    shown.state.setSnapshot(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    QCOMPARE(shown.state.selected(), std::optional(chosen));
    QCOMPARE(shown.panel.model().recordAt(shown.table->currentIndex().row()), chosen);
    QCOMPARE(chosenY(), before);
}

void TestTaskPanel::lastRowStaysInViewWhileRowsCome()
{
    const SnapshotPtr half = beginningOf(m_trace, 0.5);
    const SnapshotPtr more = beginningOf(m_trace, 0.75);
    Shown shown(half);
    QTRY_VERIFY(shown.hasRows(half->recordCount()));
    shown.table->scrollToBottom();
    shown.state.setSnapshot(more);
    QTRY_VERIFY(shown.hasRows(more->recordCount()));
    const QScrollBar* bar = shown.table->verticalScrollBar();
    QCOMPARE(bar->value(), bar->maximum());
}

void TestTaskPanel::otherRunReplacesTheRows()
{
    Shown shown(m_trace);
    QTRY_VERIFY(shown.hasRows(m_trace->recordCount()));
    shown.clickRow(2);
    shown.state.setSnapshot(test::makeSyntheticTrace(2, 150));
    QTRY_VERIFY(shown.hasRows(150));
    QVERIFY(!shown.state.selected());
    shown.state.setSnapshot(nullptr);
    QVERIFY(shown.hasRows(0));
}

void TestTaskPanel::hiddenPanelDoesNothing()
{
    ViewState state;
    TaskPanel panel(state);
    state.setSnapshot(m_trace);
    QVERIFY(!panel.isWorking());
    state.setSelected(RecordRef{0, 3});
    panel.resize(800, 200);
    panel.show();
    QTRY_COMPARE(panel.model().rowCount(), static_cast<int>(m_trace->recordCount()));
    QTRY_VERIFY(!panel.isWorking());
    auto* table = panel.findChild<QTableView*>();
    QCOMPARE(panel.model().recordAt(table->currentIndex().row()), (RecordRef{0, 3}));
}

void TestTaskPanel::tasksThatRunAreRowsBelow()
{
    const SnapshotPtr moment = momentOf(m_trace, 0.5);
    Shown shown(moment);
    const quint64 ended = moment->recordCount();
    QTRY_VERIFY(shown.hasRows(ended + 6)); // two executors of three workers
    QVERIFY(shown.panel.countText().contains(QStringLiteral("6 running")));
    const TaskTableModel& model = shown.panel.model();
    const int last = model.rowCount() - 1;
    const auto cell = [&](int row, TaskOrder order) {
        return model.data(model.index(row, model.columnOf(order)), Qt::DisplayRole).toString();
    };
    QVERIFY(model.isRunning(last) && !model.isRunning(last - 6));
    QCOMPARE(cell(last, TaskOrder::State), QStringLiteral("Running"));
    const QString unknown = QStringLiteral("–");
    QCOMPARE(cell(last, TaskOrder::Wait), unknown);
    QCOMPARE(cell(last, TaskOrder::Result), unknown);
    QVERIFY(cell(last, TaskOrder::Start) != unknown);
    QVERIFY(!model.asText({last}).isEmpty());
    shown.clickHeader(TaskOrder::Run); // they stay below
    QTRY_VERIFY(!shown.panel.isWorking());
    QCOMPARE(cell(last, TaskOrder::State), QStringLiteral("Running"));
    QTest::keyClicks(shown.filter, QStringLiteral("state:running"));
    QTRY_VERIFY(shown.hasRows(6));
    shown.state.setSnapshot(m_trace); // the run has ended
    QTRY_VERIFY(shown.hasRows(0));
}

void TestTaskPanel::currentTaskThatEndsIsSelected()
{
    const SnapshotPtr moment = momentOf(m_trace, 0.5);
    Shown shown(moment);
    const TaskTableModel& model = shown.panel.model();
    QTRY_VERIFY(shown.hasRows(moment->recordCount() + 6));
    shown.table->scrollToBottom();
    const int last = model.rowCount() - 1;
    const RecordRef place = model.recordAt(last);
    shown.clickRow(last);
    QCOMPARE(shown.table->currentIndex().row(), last);
    QVERIFY(!shown.state.selected());
    QTest::keyClick(shown.table, Qt::Key_Return);
    const TimeRange seen = shown.state.visible();
    const Nanos startNs = moment->lanes[static_cast<std::size_t>(place.lane)].running.startNs;
    QVERIFY(seen.contains(startNs));
    shown.state.setSnapshot(momentOf(m_trace, 0.8));
    QTRY_COMPARE(shown.state.selected(), std::optional(place));
    QCOMPARE(model.recordAt(shown.table->currentIndex().row()), place);
}

void TestTaskPanel::aMillionRowsAreShown()
{
    Shown shown(test::makeSyntheticTrace(8, 1'000'000));
    QTRY_VERIFY_WITH_TIMEOUT(shown.hasRows(1'000'000), 60'000);
    QVERIFY(shown.table->rowAt(5) >= 0);
    shown.table->scrollToBottom();
    QCOMPARE(shown.table->rowAt(shown.table->viewport()->height() - 3), 999'999);
    shown.clickHeader(TaskOrder::Wait);
    QTRY_VERIFY_WITH_TIMEOUT(!shown.panel.isWorking(), 60'000);
    QVERIFY(shown.record(0).waitNs() <= shown.record(999'999).waitNs());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestTaskPanel)
#include "tst_task_panel.moc"
