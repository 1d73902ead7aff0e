// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "core/control/functions.h"
#include "tests/gui/window/panel_parts.h"
#include "tests/gui/window/program.h"
#include "tests/support/functions/function_files.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/param_form.h"
#include "ui/window/function_loader.h"
#include "ui/window/settings_store.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace poolscope {

/// Functions of one's own in the window. The catalogue is the process's: what one test adds, the next
/// ones see.
class TestFunctionLoader : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void brokenLibraryIsToldInTheBar_data();
    void brokenLibraryIsToldInTheBar();
    void problemsOfTheStartAreShown();
    void addedFunctionsAreShownChosenAndRemembered();
    void forgottenLibraryIsNotRemembered();
    void threadsGetANoteForFunctions();
    void functionRunsFromTheWindow();
};

namespace {

/// The program's worker lies beside it; the one of this test in the folder above.
void linkWorker()
{
    const QString bin = qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR");
    const QString beside = bin + "/tests/poolscope-worker";
    if (!QFile::exists(beside)) {
        QVERIFY(QFile::link(bin + "/poolscope-worker", beside));
    }
}

bool isShown(const MainWindow& window, const QString& text)
{
    for (const auto* label : window.findChildren<QLabel*>()) {
        if (label->text().contains(text) && label->isVisible()) {
            return true;
        }
    }
    return false;
}

/// Adds a library as the dialog does. \return whether it was taken.
bool addLibrary(MainWindow& window, const QString& file)
{
    const QSignalSpy added(&window.functionLoader(), &FunctionLoader::added);
    const QSignalSpy failed(&window.functionLoader(), &FunctionLoader::failed);
    window.functionLoader().add(file);
    const bool hasEnded = QTest::qWaitFor([&] { return added.size() + failed.size() == 1; }, kLong);
    return hasEnded && added.size() == 1;
}

QComboBox& workloadBox(MainWindow& window)
{
    return *child<QComboBox>(window, QStringLiteral("Workload"));
}

} // namespace

void TestFunctionLoader::init()
{
    forgetSettings();
    linkWorker();
}

void TestFunctionLoader::brokenLibraryIsToldInTheBar_data()
{
    QTest::addColumn<QString>("says");
    QTest::newRow("other_version") << "version";
    QTest::newRow("malformed") << "\"size\"";
    QTest::newRow("crash_on_open") << "crashed";
    QTest::newRow("exit_on_open") << "ended the process";
    QTest::newRow("nowhere") << "No such file";
}

void TestFunctionLoader::brokenLibraryIsToldInTheBar()
{
    QFETCH(QString, says);
    Program program(shortRun());
    const int before = workloadBox(program.window).count();
    QVERIFY(!addLibrary(program.window, test::functionFile(QTest::currentDataTag())));
    const MessageBar& bar = program.window.messageBar();
    QVERIFY(bar.isVisible());
    QVERIFY(bar.kind() == MessageBar::Kind::Error);
    QVERIFY2(bar.text().contains(says), qPrintable(bar.text()));
    QVERIFY2(bar.text().contains(test::functionFile(QTest::currentDataTag())),
             qPrintable(bar.text()));
    QCOMPARE(workloadBox(program.window).count(), before);
    QVERIFY(SettingsStore().functionFiles().isEmpty());
}

void TestFunctionLoader::problemsOfTheStartAreShown()
{
    Program program(shortRun());
    program.window.showProblems({});
    QVERIFY(!program.window.messageBar().isVisible());
    program.window.showProblems({"first problem", "second problem"});
    QVERIFY(program.window.messageBar().isVisible());
    QVERIFY(program.window.messageBar().text().contains("second problem"));
}

void TestFunctionLoader::addedFunctionsAreShownChosenAndRemembered()
{
    const QString file = test::functionFile("good");
    Program program(shortRun());
    QVERIFY(addLibrary(program.window, file));
    QVERIFY(program.window.messageBar().kind() == MessageBar::Kind::Information);
    QComboBox& box = workloadBox(program.window);
    QCOMPARE(box.currentData().toString(), QStringLiteral("test.echo"));
    QCOMPARE(box.currentText(), QStringLiteral("Echo"));
    QVERIFY(box.findData(QStringLiteral("test.planned")) > 0);
    QVERIFY(box.findData(QStringLiteral("square")) >= 0);
    auto* form = program.window.findChild<ParamForm*>();
    for (const char* param : {"tasks", "count", "size", "name", "files", "way"}) {
        QVERIFY2(form->field(param) != nullptr, param);
    }
    QVERIFY(program.window.setupPanel().settings().params.integer("count") == 3);
    QCOMPARE(SettingsStore().functionFiles(), QStringList{file});

    const int count = box.count();
    QVERIFY(addLibrary(program.window, file)); // again: nothing is there twice
    QCOMPARE(box.count(), count);
    QCOMPARE(SettingsStore().functionFiles(), QStringList{file});
}

void TestFunctionLoader::forgottenLibraryIsNotRemembered()
{
    const QString file = test::functionFile("good");
    Program program(shortRun());
    QVERIFY(addLibrary(program.window, file));
    QMenu* forget = nullptr;
    for (auto* menu : program.window.menuBar()->findChildren<QMenu*>()) {
        forget = menu->title().remove('&') == QLatin1String("Forget functions") ? menu : forget;
    }
    QVERIFY(forget != nullptr);
    emit forget->aboutToShow();
    QCOMPARE(forget->actions().size(), 1);
    QCOMPARE(forget->actions().first()->text(), file);
    forget->actions().first()->trigger();
    QVERIFY(SettingsStore().functionFiles().isEmpty());
    QVERIFY(program.window.messageBar().text().contains(file));
    emit forget->aboutToShow();
    QVERIFY(!forget->actions().first()->isEnabled());
}

void TestFunctionLoader::threadsGetANoteForFunctions()
{
    QVERIFY(addFunctions({test::functionFile("good")}).isEmpty());
    Program program(shortRun());
    SetupPanel& panel = program.window.setupPanel();
    const auto note = QStringLiteral("a crash in this function ends the program");
    QVERIFY(!isShown(program.window, note));
    panel.setWorkload(QStringLiteral("test.twice"));
    QVERIFY(isShown(program.window, note));
    for (auto* row : panel.findChildren<ExecutorRow*>()) {
        row->setChosen(row->survivesCrashes());
    }
    QVERIFY(!isShown(program.window, note));
    panel.findChildren<ExecutorRow*>().front()->setChosen(true);
    QVERIFY(isShown(program.window, note));
    panel.setWorkload(QStringLiteral("square"));
    QVERIFY(!isShown(program.window, note));
}

void TestFunctionLoader::functionRunsFromTheWindow()
{
    QVERIFY(addFunctions({test::functionFile("good")}).isEmpty());
    RunSettings settings = shortRun();
    settings.workload = "test.twice";
    settings.params = {};
    Program program(settings);
    program.window.actions().run->trigger();
    QVERIFY(!program.window.actions().addFunctions->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.state() == RunController::State::Finished, kLong);
    QVERIFY(program.window.actions().addFunctions->isEnabled());
    QCOMPARE(program.snapshot()->totals.size(), std::size_t{2});
    for (const ExecutorTotals& totals : program.snapshot()->totals) {
        QCOMPARE(totals.count(TaskState::Done), std::uint64_t{100});
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFunctionLoader)
#include "tst_function_loader.moc"
