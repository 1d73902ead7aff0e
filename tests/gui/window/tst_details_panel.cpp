// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "tests/gui/window/panel_parts.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/task_details.h"

#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>

namespace poolscope {

namespace {

/// One task on a process pool: lost with its worker, then done by another one.
SnapshotPtr retriedTrace()
{
    auto meta = std::make_shared<TraceMeta>();
    meta->workloadId = "hash_files";
    meta->seed = 42;
    meta->executors = {{"processes", "Process pool", 2}};
    meta->params.set("passes", std::int64_t{7});
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 1;
    plan->items = {"/home/photos/<dog>.png"};
    meta->plan = plan;
    auto recorder = std::make_shared<Recorder>(0, 1, CostLevel::Totals);
    Lane& first = recorder->addLane({0, LaneKind::Process, 0});
    Lane& second = recorder->addLane({0, LaneKind::Process, 1});
    first.openLife({0, -1, 111, 112});
    second.openLife({0, -1, 221, 222});
    TaskRecord record;
    record.submitNs = 1'000'000;
    record.startNs = 5'000'000;
    record.endNs = 9'000'000;
    record.sentLeadNs = 1'000'000;
    record.setState(TaskState::Lost, true);
    first.append(record, {}, "Its worker was killed by signal 9");
    record.startNs = 20'000'000;
    record.endNs = 50'000'000;
    record.returnLagNs = 2'000'000;
    record.attempt = 2;
    record.setState(TaskState::Done);
    TaskCost cost;
    cost.flags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;
    cost.cpuNs = 15e6F;
    second.append(record, Value{std::string("first line\nsecond line")}, {}, &cost);
    first.closeLife(9'000'000);
    second.closeLife(60'000'000);
    return makeFinishedSnapshot(recorder, meta, {}, 60'000'000);
}

struct Shown
{
    ViewState state;
    DetailsPanel panel{state};
    QTextBrowser* facts = panel.findChild<QTextBrowser*>();
    QListWidget* timesRun = panel.findChild<QListWidget*>();
    QPlainTextEdit* result = panel.findChild<QPlainTextEdit*>();

    explicit Shown(const SnapshotPtr& trace)
    {
        panel.resize(900, 240);
        panel.show();
        state.setSnapshot(trace);
    }
};

} // namespace

class TestDetailsPanel : public QObject
{
    Q_OBJECT

private slots:
    void emptyPanelSaysWhatToDo();
    void momentsFollowTheTask();
    void factsParametersAndResultAreShown();
    void otherTimesItRanCanBeChosen();
    void errorsAreCalledErrors();
    void neverBegunTaskHasNoStart();
    void buttonZoomsToTheTask();
    void hiddenPanelCatchesUp();
};

void TestDetailsPanel::emptyPanelSaysWhatToDo()
{
    Shown shown(retriedTrace());
    QVERIFY(!shown.facts->isVisible());
    const auto labels = shown.panel.findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().startsWith(QStringLiteral("Click a task"));
    }));
    shown.state.setSelected(RecordRef{0, 0});
    QVERIFY(shown.facts->isVisible());
    shown.state.setSelected(std::nullopt);
    QVERIFY(!shown.facts->isVisible());
}

void TestDetailsPanel::momentsFollowTheTask()
{
    const SnapshotPtr trace = retriedTrace();
    const auto texts = [&](const RecordRef& ref) {
        QStringList lines;
        for (const TaskMoment& moment : taskMoments(*trace, ref)) {
            lines += moment.what + u'|' + moment.when + u'|' + moment.since;
        }
        return lines;
    };
    QCOMPARE(texts({1, 0}), (QStringList{
                                QStringLiteral("Submitted|1.000000 ms|"),
                                QStringLiteral("Sent|19.000000 ms|18.0 ms in the queue"),
                                QStringLiteral("Started|20.000000 ms|1.00 ms to the worker"),
                                QStringLiteral("Ended|50.000000 ms|30.0 ms running"),
                                QStringLiteral("Returned|52.000000 ms|2.00 ms on the way back"),
                                QStringLiteral("In all|51.0 ms|"),
                            }));
    const QStringList lost = texts({0, 0});
    QVERIFY2(lost.filter(QStringLiteral("Returned")).isEmpty(), "its result never came");
}

void TestDetailsPanel::factsParametersAndResultAreShown()
{
    Shown shown(retriedTrace());
    shown.state.setSelected(RecordRef{1, 0});
    const QString facts = shown.facts->toPlainText();
    for (const char* part : {"/home/photos/<dog>.png", "Process pool", "221, 222", "Process 1",
                             "passes", "7", "42", "On a processor", "15.0 ms"}) {
        QVERIFY2(facts.contains(QString::fromUtf8(part)), part);
    }
    QCOMPARE(shown.result->toPlainText(), QStringLiteral("first line\nsecond line"));
    QVERIFY(shown.result->isReadOnly());
    QCOMPARE(shown.result->accessibleName(), QStringLiteral("Result"));
}

void TestDetailsPanel::otherTimesItRanCanBeChosen()
{
    Shown shown(retriedTrace());
    shown.state.setSelected(RecordRef{1, 0});
    QTRY_COMPARE(shown.timesRun->count(), 2);
    QVERIFY(shown.timesRun->isVisible());
    QCOMPARE(shown.timesRun->currentRow(), 1);
    QVERIFY(shown.timesRun->item(0)->text().contains(QStringLiteral("attempt 1: lost")));
    QTest::mouseClick(shown.timesRun->viewport(), Qt::LeftButton, Qt::NoModifier,
                      shown.timesRun->visualItemRect(shown.timesRun->item(0)).center());
    QCOMPARE(shown.state.selected(), std::optional(RecordRef{0, 0}));
    QCOMPARE(shown.timesRun->count(), 2);
    QCOMPARE(shown.timesRun->currentRow(), 0);
    QTest::keyClick(shown.timesRun, Qt::Key_Down);
    QCOMPARE(shown.state.selected(), std::optional(RecordRef{1, 0}));
}

void TestDetailsPanel::errorsAreCalledErrors()
{
    Shown shown(retriedTrace());
    shown.state.setSelected(RecordRef{0, 0});
    QCOMPARE(shown.result->toPlainText(), QStringLiteral("Its worker was killed by signal 9"));
    QCOMPARE(shown.result->accessibleName(), QStringLiteral("Error"));
    QVERIFY(shown.facts->toPlainText().contains(QStringLiteral("1, tried again")));
}

void TestDetailsPanel::neverBegunTaskHasNoStart()
{
    const SnapshotPtr trace =
        test::makeSyntheticTrace({.lanes = 1, .tasks = 200, .cancelRate = 0.5});
    const TaskHits cancelled = searchTasks(trace, parseTaskQuery("state:cancelled").value());
    QVERIFY(cancelled.size() > 0);
    const auto moments = taskMoments(*trace, cancelled.records[0]);
    QCOMPARE(moments.size(), std::size_t{2});
    QVERIFY(moments[1].since.endsWith(QStringLiteral("in the queue, never begun")));
    Shown shown(trace);
    shown.state.setSelected(cancelled.records[0]);
    QCOMPARE(shown.result->toPlainText(), QStringLiteral("none"));
}

void TestDetailsPanel::buttonZoomsToTheTask()
{
    Shown shown(test::makeSyntheticTrace(2, 5'000));
    shown.state.setSelected(RecordRef{1, 1'000});
    QTest::mouseClick(child<QToolButton>(shown.panel, QStringLiteral("Zoom to the task")),
                      Qt::LeftButton);
    const TaskRecord& record = *findRecord(*shown.state.snapshot(), {1, 1'000});
    QVERIFY(shown.state.visible().contains(record.startNs));
    QVERIFY(shown.state.visible().duration() <= 2 * record.runNs() + 4'000);
}

void TestDetailsPanel::hiddenPanelCatchesUp()
{
    ViewState state;
    DetailsPanel panel(state);
    state.setSnapshot(retriedTrace());
    state.setSelected(RecordRef{1, 0});
    QVERIFY(panel.findChild<QTextBrowser*>()->toPlainText().isEmpty());
    panel.show();
    QVERIFY(!panel.findChild<QTextBrowser*>()->toPlainText().isEmpty());
    QTRY_COMPARE(panel.findChild<QListWidget*>()->count(), 2);
    state.setSnapshot(test::makeSyntheticTrace(1, 50));
    QVERIFY(!panel.findChild<QTextBrowser*>()->isVisible());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestDetailsPanel)
#include "tst_details_panel.moc"
