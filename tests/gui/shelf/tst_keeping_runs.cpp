// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/message_bar.h"
#include "ui/window/shelf_controller.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <memory>

namespace poolscope {

using State = RunController::State;

/// The window keeps the runs that end in it: real runs on a real shelf.
class TestKeepingRuns : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void runThatEndsIsKept();
    void nothingIsKeptWhenNotWanted();
    void openedRunIsNotKeptAgain();
    void runOfTheShelfIsCalledByItsName();
    void cancelledRunIsKeptAndAnEmptyOneIsNot();
    void unusableShelfIsToldOnce();
    void closingWaitsForTheRunThatIsBeingKept();

private:
    [[nodiscard]] std::vector<ShelfEntry> entries() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

void runToItsEnd(Program& program)
{
    program.window.actions().run->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
}

} // namespace

void TestKeepingRuns::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    qputenv("POOLSCOPE_SHELF", QFile::encodeName(m_folder->filePath("shelf")));
    forgetSettings();
}

std::vector<ShelfEntry> TestKeepingRuns::entries() const
{
    const auto shelf = RunShelf::open(RunShelf::defaultFolder());
    return shelf ? shelf.value()->entries().value() : std::vector<ShelfEntry>{};
}

void TestKeepingRuns::runThatEndsIsKept()
{
    Program program(shortRun());
    QVERIFY(program.window.actions().keepRuns->isChecked());
    const QSignalSpy kept(&program.window.shelf(), &ShelfController::kept);
    runToItsEnd(program);
    QTRY_COMPARE(kept.size(), 1);
    QCOMPARE(entries().size(), std::size_t{1});
    const ShelfEntry entry = entries().front();
    QCOMPARE(entry.id, kept[0][0].toLongLong());
    QCOMPARE(entry.workload, QStringLiteral("square"));
    QCOMPARE(entry.figures.size(), 2);
    QCOMPARE(entry.runId, QString::fromStdString(program.snapshot()->meta->runId));
    QVERIFY(program.window.messageBar().isHidden());
    runToItsEnd(program);
    QTRY_COMPARE(kept.size(), 2);
    QCOMPARE(entries().size(), std::size_t{2});
}

void TestKeepingRuns::nothingIsKeptWhenNotWanted()
{
    {
        Program program(shortRun());
        program.window.actions().keepRuns->trigger();
        runToItsEnd(program);
    }
    QVERIFY(!QDir(RunShelf::defaultFolder()).exists());
    Program program(shortRun()); // the choice is remembered
    QVERIFY(!program.window.actions().keepRuns->isChecked());
    program.window.actions().keepRuns->trigger();
    const QSignalSpy kept(&program.window.shelf(), &ShelfController::kept);
    runToItsEnd(program);
    QTRY_COMPARE(kept.size(), 1);
}

void TestKeepingRuns::openedRunIsNotKeptAgain()
{
    {
        Program program(shortRun());
        program.controller.showTrace(test::makeSyntheticTrace(2, 100));
        QCOMPARE(program.controller.state(), State::Finished);
    }
    QVERIFY(!QDir(RunShelf::defaultFolder()).exists());
}

void TestKeepingRuns::runOfTheShelfIsCalledByItsName()
{
    Program program(shortRun());
    emit program.window.shelf().openWanted(test::makeSyntheticTrace(2, 100),
                                           QStringLiteral("before / after"));
    QVERIFY2(program.window.windowTitle().startsWith("before / after"),
             qPrintable(program.window.windowTitle()));
    QCOMPARE(program.snapshot()->recordCount(), std::uint64_t{100});
}

void TestKeepingRuns::cancelledRunIsKeptAndAnEmptyOneIsNot()
{
    {
        Program program(longRun());
        const QSignalSpy kept(&program.window.shelf(), &ShelfController::kept);
        program.window.actions().run->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Running, kLong);
        program.window.actions().stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
        QTRY_COMPARE(kept.size(), 1);
    }
    RunController controller;
    {
        ShelfController shelf(controller);
        emit controller.runFinished(std::make_shared<Snapshot>());
    }
    QCOMPARE(entries().size(), std::size_t{1});
}

void TestKeepingRuns::unusableShelfIsToldOnce()
{
    QFile inTheWay(RunShelf::defaultFolder());
    QVERIFY(inTheWay.open(QFile::WriteOnly));
    Program program(shortRun());
    MessageBar& bar = program.window.messageBar();
    const QSignalSpy failed(&program.window.shelf(), &ShelfController::failed);
    runToItsEnd(program);
    QTRY_VERIFY(!bar.isHidden());
    QCOMPARE(bar.kind(), MessageBar::Kind::Error);
    QVERIFY2(bar.text().contains("cannot be made"), qPrintable(bar.text()));
    runToItsEnd(program);
    QVERIFY(inTheWay.remove());
    const QSignalSpy kept(&program.window.shelf(), &ShelfController::kept);
    runToItsEnd(program);
    QTRY_VERIFY(kept.size() >= 1);
    QCOMPARE(failed.size(), 1);
}

void TestKeepingRuns::closingWaitsForTheRunThatIsBeingKept()
{
    {
        Program program(shortRun());
        runToItsEnd(program);
    }
    QCOMPARE(entries().size(), std::size_t{1});
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestKeepingRuns)
#include "tst_keeping_runs.moc"
