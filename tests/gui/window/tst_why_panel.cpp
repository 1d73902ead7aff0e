// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/diagnosis.h"
#include "core/trace/collector.h"
#include "tests/gui/window/panel_parts.h"
#include "tests/gui/window/program.h"
#include "tests/support/synthetic_trace.h"
#include "ui/common/advice_text.h"
#include "ui/common/format.h"
#include "ui/panels/ledger_waterfall.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/range_tables.h"
#include "ui/panels/why_panel.h"

#include <QHelpEvent>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

#include <algorithm>

namespace poolscope {

namespace {

struct Shown
{
    ViewState state;
    WhyPanel panel{state};

    explicit Shown(const SnapshotPtr& trace)
    {
        panel.resize(900, 300);
        panel.show();
        state.setSnapshot(trace);
    }
    [[nodiscard]] QList<LedgerWaterfall*> bars() const
    {
        return panel.findChildren<LedgerWaterfall*>();
    }
    [[nodiscard]] QString allText() const
    {
        QStringList texts;
        for (const QLabel* label : panel.findChildren<QLabel*>()) {
            if (label->isVisibleTo(&panel)) {
                texts += label->text();
            }
        }
        return texts.join(u'\n');
    }
    [[nodiscard]] QPushButton* button(const QString& begin) const
    {
        for (QPushButton* button : panel.findChildren<QPushButton*>()) {
            if (button->text().startsWith(begin)) {
                return button;
            }
        }
        return nullptr;
    }
};

/// One lane: tasks of 10 µs that each wait 5 µs on their way; another one that ends long after it.
SnapshotPtr handOverTrace()
{
    auto recorder = std::make_shared<Recorder>(0, 1);
    for (int index = 0; index < 2; ++index) {
        Lane& lane = recorder->addLane({0, LaneKind::Process, index});
        lane.openLife({0, -1, 1, 1});
        Nanos now = 1'000;
        for (std::uint32_t i = 0; i < 100; ++i) {
            TaskRecord record;
            record.task = 2 * i + static_cast<std::uint32_t>(index);
            record.submitNs = 0;
            record.startNs = now + 5'000;
            record.endNs = record.startNs + (index == 1 && i == 99 ? 3'000'000 : 10'000);
            record.sentLeadNs = 5'000;
            record.setState(TaskState::Done);
            lane.append(record, {}, {});
            now = record.endNs;
        }
    }
    auto meta = std::make_shared<TraceMeta>();
    meta->executors.push_back({"processes", "Process pool", 2});
    meta->machine.usableCpus = 2;
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 200;
    meta->plan = plan;
    return makeFinishedSnapshot(recorder, meta, {}, 9'000'000);
}

} // namespace

class TestWhyPanel : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatToDoWhileThereIsNothing();
    void givesEachExecutorItsAdviceAndLedger();
    void waitsForTheEndOfTheRun();
    void buttonSelectsTheGuiltyTask();
    void timelineShowsFinishLinesWhileSeen();
    void selectedRangeHasItsLedger();
    void buttonAsksForTheChunk();
    void buttonSetsTheChunkOfTheNextRun();
    void barTellsWhatIsUnderTheMouse();
};

void TestWhyPanel::saysWhatToDoWhileThereIsNothing()
{
    const Shown shown(nullptr);
    QVERIFY(shown.bars().isEmpty());
    QVERIFY2(shown.allText().contains(QStringLiteral("press Run")), qPrintable(shown.allText()));
}

void TestWhyPanel::givesEachExecutorItsAdviceAndLedger()
{
    const SnapshotPtr trace =
        test::makeSyntheticTrace({.lanes = 3, .tasks = 6'000, .executors = 2});
    const Shown shown(trace);
    QTRY_COMPARE(shown.bars().size(), 2);
    const QString text = shown.allText();
    for (const int executor : {0, 1}) {
        const Diagnosis diagnosis = diagnose(*trace, executor);
        QVERIFY(!diagnosis.advice.empty());
        for (const Advice& advice : diagnosis.advice) {
            QVERIFY2(text.contains(adviceText(advice, diagnosis)), qPrintable(text));
        }
        QVERIFY(text.contains(formatDuration(diagnosis.bounds.lowerNs)));
        QVERIFY(shown.bars()[executor]->accessibleDescription().contains(
            formatShare(diagnosis.ledger.share(LaneTime::Useful))));
    }
}

void TestWhyPanel::waitsForTheEndOfTheRun()
{
    const SnapshotPtr ended = handOverTrace();
    auto live = std::make_shared<Snapshot>(*ended);
    live->isLive = true;
    Shown shown(live);
    QVERIFY2(shown.allText().contains(QStringLiteral("when it has ended")),
             qPrintable(shown.allText()));
    QVERIFY(shown.bars().isEmpty());
    shown.state.setSnapshot(ended);
    QTRY_COMPARE(shown.bars().size(), 1);
    shown.state.setSnapshot(nullptr);
    QTRY_VERIFY(shown.bars().isEmpty());
}

void TestWhyPanel::buttonSelectsTheGuiltyTask()
{
    Shown shown(handOverTrace());
    QTRY_VERIFY(shown.button(QStringLiteral("Task 199")) != nullptr);
    QPushButton* button = shown.button(QStringLiteral("Task 199"));
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    QVERIFY(shown.state.selected().has_value());
    const TaskRecord* record = findRecord(*shown.state.snapshot(), *shown.state.selected());
    QVERIFY(record != nullptr);
    QCOMPARE(record->task, 199U);
}

void TestWhyPanel::timelineShowsFinishLinesWhileSeen()
{
    Shown shown(handOverTrace());
    QTRY_COMPARE(shown.state.finishLines().size(), std::size_t{1});
    const FinishLines& lines = shown.state.finishLines().front();
    QVERIFY(lines.lowerNs <= lines.longestFirstNs);
    QVERIFY(lines.longestFirstNs <= lines.upperNs);
    QVERIFY(lines.tail.idealEndNs < lines.tail.endNs);
    shown.panel.hide();
    QVERIFY(shown.state.finishLines().empty());
    shown.panel.show();
    QCOMPARE(shown.state.finishLines().size(), std::size_t{1});
    shown.state.setSnapshot(nullptr);
    QVERIFY(shown.state.finishLines().empty());
}

void TestWhyPanel::selectedRangeHasItsLedger()
{
    Shown shown(handOverTrace());
    QTRY_COMPARE(shown.bars().size(), 1);
    shown.state.setSelection(TimeRange{0, 1'000'000});
    QTRY_COMPARE(shown.bars().size(), 2);
    QTRY_VERIFY(shown.allText().contains(QStringLiteral("In the selected range")));
    shown.state.setSelection(std::nullopt);
    QTRY_COMPARE(shown.bars().size(), 1);
}

void TestWhyPanel::buttonAsksForTheChunk()
{
    Shown shown(handOverTrace());
    QSignalSpy wanted(&shown.panel, &WhyPanel::chunkWanted);
    QTRY_VERIFY(shown.button(QStringLiteral("Chunk ")) != nullptr);
    QPushButton* button = shown.button(QStringLiteral("Chunk "));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QSignalSpy lab(&shown.panel, &WhyPanel::labWanted);
    QTest::mouseClick(shown.button(QStringLiteral("Lab…")), Qt::LeftButton);
    QCOMPARE(lab.size(), 1);
    QCOMPARE(QStringLiteral("Chunk %1").arg(wanted[0][0].toInt()), button->text());
    QVERIFY(wanted[0][0].toInt() > 1);
}

void TestWhyPanel::buttonSetsTheChunkOfTheNextRun()
{
    RunSettings settings;
    settings.workload = "square";
    settings.executors = {{"processes", 2}};
    Program program(settings);
    QVERIFY(QTest::qWaitForWindowActive(&program.window));
    program.controller.showTrace(handOverTrace());
    QTest::keyClick(&program.window, Qt::Key_5, Qt::AltModifier);
    auto* panel = program.window.lowerPanel().findChild<WhyPanel*>();
    QVERIFY(panel != nullptr && panel->isVisible());
    const auto chunkButton = [panel] {
        const QList<QPushButton*> buttons = panel->findChildren<QPushButton*>();
        const auto found = std::find_if(buttons.begin(), buttons.end(), [](const auto* button) {
            return button->text().startsWith(QStringLiteral("Chunk "));
        });
        return found == buttons.end() ? nullptr : *found;
    };
    QTRY_VERIFY(chunkButton() != nullptr);
    QCOMPARE(program.window.setupPanel().settings().chunk, 1);
    QTest::mouseClick(chunkButton(), Qt::LeftButton);
    QCOMPARE(QStringLiteral("Chunk %1").arg(program.window.setupPanel().settings().chunk),
             chunkButton()->text());
    emit program.window.lowerPanel().workersWanted(0, 3);
    QCOMPARE(program.window.setupPanel().settings().executors.front().workers, 3);
}

void TestWhyPanel::barTellsWhatIsUnderTheMouse()
{
    const Shown shown(handOverTrace());
    QTRY_COMPARE(shown.bars().size(), 1);
    LedgerWaterfall* bar = shown.bars().front();
    bar->resize(500, bar->sizeHint().height());
    QHelpEvent help(QEvent::ToolTip, QPoint(2, 2), bar->mapToGlobal(QPoint(2, 2)));
    QCoreApplication::sendEvent(bar, &help);
    QVERIFY2(QToolTip::text().startsWith(laneTimeName(LaneTime::Useful)),
             qPrintable(QToolTip::text()));
    QVERIFY(bar->textAt(-1).isEmpty());
    QVERIFY(bar->textAt(bar->height()).isEmpty());
    QStringList uses;
    for (int y = 0; y < bar->height(); ++y) {
        const QString use = bar->textAt(y).section(u':', 0, 0);
        if (uses.isEmpty() || uses.last() != use) {
            uses += use;
        }
    }
    QCOMPARE(uses.size(), static_cast<qsizetype>(bar->rows().size()));
    QVERIFY(uses.contains(laneTimeName(LaneTime::HandOver)));
    QVERIFY(uses.contains(laneTimeName(LaneTime::Tail)));
    QCOMPARE(QSet<QString>(uses.begin(), uses.end()).size(), uses.size());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestWhyPanel)
#include "tst_why_panel.moc"
