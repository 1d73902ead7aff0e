// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/resize_panel.h"
#include "ui/timeline/timeline_view.h"

#include <QHelpEvent>
#include <QLabel>
#include <QTableWidget>
#include <QTest>
#include <QToolTip>

#include <algorithm>

namespace poolscope {

namespace {

/// As many tasks as keep two workers busy for long, without needing a processor.
RunSettings steadyRun()
{
    RunSettings settings = longRun();
    settings.params.set("ms", ParamValue{2.0});
    settings.params.set("tasks", ParamValue{std::int64_t{1'500}});
    settings.executors = {{"threads", 2}};
    return settings;
}

} // namespace

class ResizePanelTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatToDo();
    void liveChangeGetsItsReceipt();
    void mouseOnTheMarkShowsTheReceipt();
};

void ResizePanelTest::saysWhatToDo()
{
    ViewState state;
    ResizePanel panel(state);
    panel.show();
    QVERIFY(panel.findChild<QTableWidget*>()->isHidden());
    bool isTold = false;
    for (const QLabel* label : panel.findChildren<QLabel*>()) {
        isTold = isTold || label->text().contains(QStringLiteral("press Run"));
    }
    QVERIFY(isTold);
}

void ResizePanelTest::liveChangeGetsItsReceipt()
{
    Program program(steadyRun());
    LowerPanel& lower = program.window.lowerPanel();
    lower.setCurrentTab(LowerPanel::Resizes);
    auto* table = lower.findChild<ResizePanel*>()->findChild<QTableWidget*>();
    program.window.actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.progress().ended > 300, kLong);
    QCOMPARE(table->rowCount(), 0);
    program.controller.resize(0, 6);
    QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 1, kLong); // at once, while the run goes on
    QCOMPARE(table->item(0, 2)->text(), QStringLiteral("2 → 6"));
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.canStart(), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(
        table->item(0, 7)->text().contains(QStringLiteral("times the throughput")), kLong);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualItemRect(table->item(0, 2)).center());
    QVERIFY(program.window.viewState().selection().has_value());
}

/// The figures come from another thread and take the place of the mark's words.
void ResizePanelTest::mouseOnTheMarkShowsTheReceipt()
{
    Program program(steadyRun());
    program.window.actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.progress().ended > 300, kLong);
    program.controller.resize(0, 6);
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.canStart(), kLong);
    ViewState& state = program.window.viewState();
    QTRY_VERIFY(state.snapshot() && !state.snapshot()->isLive);
    const auto& events = *state.snapshot()->controlEvents;
    const auto resize = std::ranges::find(events, ControlKind::Resize, &ControlEvent::kind);
    QVERIFY(resize != events.end());
    auto* view = program.window.findChild<TimelineView*>();
    const TimeRange visible = state.visible();
    const double share = static_cast<double>(resize->timeNs - visible.beginNs) /
                         static_cast<double>(visible.duration());
    const QPoint mark(view->plotLeft() + static_cast<int>(share * view->plotWidth()), 4);
    QHelpEvent help(QEvent::ToolTip, mark, view->viewport()->mapToGlobal(mark));
    QCoreApplication::sendEvent(view->viewport(), &help);
    QVERIFY2(QToolTip::text().contains(QStringLiteral("2 → 6")), qPrintable(QToolTip::text()));
    QTRY_VERIFY_WITH_TIMEOUT(QToolTip::text().contains(QStringLiteral("times the throughput")),
                             kLong);
    QVERIFY(QToolTip::text().contains(QStringLiteral("Run p95")));
}

} // namespace poolscope

QTEST_MAIN(poolscope::ResizePanelTest)
#include "tst_resize_panel.moc"
