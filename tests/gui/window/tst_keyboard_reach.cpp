// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/keyboard_reach.h"
#include "tests/gui/window/program.h"
#include "tests/support/synthetic_trace.h"
#include "ui/charts/chart_panel.h"
#include "ui/compare/compare_window.h"
#include "ui/lab/lab_window.h"
#include "ui/panels/gate_panel.h"
#include "ui/panels/lower_panel.h"
#include "ui/shelf/shelf_window.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/legend_dialog.h"

#include <QActionGroup>
#include <QDialog>
#include <QTableView>
#include <QTemporaryDir>

#include <memory>

namespace poolscope {

using State = RunController::State;

/// Whether everything that can be clicked can be reached by keys too, and has a name: in every window.
class TestKeyboardReach : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void mainWindow();
    void lab();
    void shelf();
    void comparison();
    void dialogs();
};

namespace {

void check(QWidget& window, const QString& where)
{
    const QStringList keyless = withoutKey(window);
    QVERIFY2(keyless.isEmpty(), qPrintable(where + u'\n' + keyless.join(u'\n')));
    const QStringList nameless = withoutName(window);
    QVERIFY2(nameless.isEmpty(), qPrintable(where + u'\n' + nameless.join(u'\n')));
}

bool activate(QWidget& window)
{
    window.show();
    window.activateWindow();
    return QTest::qWaitForWindowActive(&window);
}

} // namespace

void TestKeyboardReach::init()
{
    forgetSettings();
}

void TestKeyboardReach::mainWindow()
{
    Program program(shortRun());
    QVERIFY(activate(program.window));
    check(program.window, QStringLiteral("before the first run"));
    WindowActions& act = program.window.actions();
    program.window.lowerPanel().gate().setConditions(QStringLiteral("failed == 0"));
    act.run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    act.find->trigger();
    act.replay->trigger();
    for (QAction* page : act.graphs->actions()) {
        page->trigger();
        check(program.window, QStringLiteral("page of graphs ") + page->text());
    }
    for (QAction* tab : act.tabs->actions()) {
        tab->trigger();
        check(program.window, QStringLiteral("tab ") + tab->text());
    }
}

void TestKeyboardReach::lab()
{
    LabWindow window;
    window.setJob(shortRun(), {});
    QVERIFY(activate(window));
    auto* tabs = window.findChild<QTabBar*>();
    QVERIFY(tabs->count() > 2);
    for (int page = 0; page < tabs->count(); ++page) {
        tabs->setCurrentIndex(page);
        check(window, tabs->tabText(page));
    }
}

void TestKeyboardReach::shelf()
{
    QTemporaryDir folder;
    QVERIFY(folder.isValid());
    {
        auto opened = RunShelf::open(folder.path());
        QVERIFY(opened.isOk());
        QVERIFY(opened.value()->keep(*test::makeSyntheticTrace(2, 500), QString()).isOk());
    }
    ShelfThread thread(folder.path());
    ShelfWindow window(thread);
    QVERIFY(activate(window));
    QTRY_COMPARE_WITH_TIMEOUT(window.table().model()->rowCount(), 1, kLong);
    window.table().selectRow(0);
    check(window, QStringLiteral("a run is selected"));
}

void TestKeyboardReach::comparison()
{
    const SnapshotPtr run = test::makeSyntheticTrace(2, 500);
    CompareWindow window({{run, QStringLiteral("a"), {}}, {run, QStringLiteral("b"), {}}});
    QVERIFY(activate(window));
    QTRY_VERIFY_WITH_TIMEOUT(window.comparison() != nullptr, kLong);
    check(window, QStringLiteral("two runs"));
}

void TestKeyboardReach::dialogs()
{
    Program program(shortRun());
    for (QDialog* made : {makeKeysDialog(program.window.actions(), nullptr),
                          makeAboutDialog(nullptr), makeLegendDialog(Theme::light(), nullptr)}) {
        const std::unique_ptr<QDialog> dialog(made);
        QVERIFY(activate(*dialog));
        check(*dialog, dialog->windowTitle());
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestKeyboardReach)
#include "tst_keyboard_reach.moc"
