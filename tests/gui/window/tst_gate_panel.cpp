// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "ui/panels/gate_panel.h"
#include "ui/panels/lower_panel.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTableWidget>
#include <QTest>

namespace poolscope {

class GatePanelTest : public QObject
{
    Q_OBJECT

private slots:
    void runIsHeldAgainstWhatIsTyped();
    void conditionsAreRemembered();
    void wrongLineIsTold();
};

void GatePanelTest::runIsHeldAgainstWhatIsTyped()
{
    Program program(shortRun());
    LowerPanel& lower = program.window.lowerPanel();
    lower.setCurrentTab(LowerPanel::Gate);
    GatePanel& gate = lower.gate();
    auto* edit = gate.findChild<QPlainTextEdit*>();
    auto* table = gate.findChild<QTableWidget*>();
    edit->clear();
    QTest::keyClicks(edit, QStringLiteral("done == 2000"));
    QTest::keyClick(edit, Qt::Key_Return);
    QTest::keyClicks(edit, QStringLiteral("threads: done > 2000"));
    program.window.actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.canStart(), kLong);
    QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 3, kLong); // the first on both executors
    QVERIFY(table->item(0, 3)->text().contains(QStringLiteral("holds")));
    QVERIFY(table->item(2, 3)->text().contains(QStringLiteral("does not hold")));
    QVERIFY(table->item(2, 0)->toolTip().contains(QStringLiteral("it was 2000")));
    const auto* tabs = lower.findChild<QTabBar*>();
    QCOMPARE(tabs->tabText(LowerPanel::Gate), LowerPanel::tr("Gate ✗ %1").arg(1));
    QCOMPARE(gate.asOptions(),
             QStringLiteral("--assert 'done == 2000' --assert 'threads: done > 2000'"));
    edit->setPlainText(QStringLiteral("done == 2000"));
    QTRY_COMPARE_WITH_TIMEOUT(tabs->tabText(LowerPanel::Gate), LowerPanel::tr("Gate"), kLong);
    QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 2, kLong);
}

void GatePanelTest::conditionsAreRemembered()
{
    {
        Program program(shortRun());
        program.window.lowerPanel().gate().findChild<QPlainTextEdit*>()->setPlainText(
            QStringLiteral("failed == 0"));
    }
    Program program(shortRun());
    QCOMPARE(program.window.lowerPanel().gate().conditions(), QStringLiteral("failed == 0"));
}

void GatePanelTest::wrongLineIsTold()
{
    ViewState state;
    GatePanel gate(state);
    gate.show();
    gate.setConditions(QStringLiteral("failed == 0\n\nspeed > 3\nx"));
    bool isTold = false;
    for (const QLabel* label : gate.findChildren<QLabel*>()) {
        isTold =
            isTold || (label->isVisible() && label->text().startsWith(QStringLiteral("Line 3: ")));
    }
    QVERIFY(isTold);
    QCOMPARE(gate.asOptions(), QStringLiteral("--assert 'failed == 0'"));
}

} // namespace poolscope

QTEST_MAIN(poolscope::GatePanelTest)
#include "tst_gate_panel.moc"
