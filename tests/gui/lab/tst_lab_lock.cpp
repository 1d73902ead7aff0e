// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/lab/lab_parts.h"
#include "tests/gui/window/program.h"
#include "ui/lab/chunks_page.h"
#include "ui/lab/workers_page.h"

#include <QSignalSpy>

namespace poolscope {

using State = RunController::State;

/// The Lab beside the window: who waits for whom, and what advice does to the setup.
class TestLabLock : public QObject
{
    Q_OBJECT

private slots:
    void init() { forgetSettings(); }
    void menuOpensIt();
    void nothingRunsBesideTheLab();
    void labWaitsForTheRun();
    void adviceGoesIntoTheSetup();
    void closingTheWindowEndsTheLab();
};

void TestLabLock::menuOpensIt()
{
    Program program(shortRun());
    LabWindow& lab = program.window.lab();
    QVERIFY(!lab.isVisible());
    program.window.actions().lab->trigger();
    QVERIFY(lab.isVisible());
    QVERIFY(lab.jobLine().contains(QStringLiteral("Square")));
    program.window.setRunSettings(labJob(9, 1));
    QVERIFY2(lab.jobLine().contains(QStringLiteral("Tasks 9")), qPrintable(lab.jobLine()));
}

void TestLabLock::nothingRunsBesideTheLab()
{
    Program program(labJob(2'000, 2));
    LabWindow& lab = program.window.lab();
    const QAction* run = program.window.actions().run;
    program.window.actions().lab->trigger();
    ShownLab::plan(lab.workersPage().form(), QStringLiteral("1, 2"), 2);
    QVERIFY(run->isEnabled());
    QTest::mouseClick(&lab.startButton(), Qt::LeftButton);
    QVERIFY(lab.isRunning());
    QVERIFY(!run->isEnabled());
    QVERIFY2(run->toolTip().contains(QStringLiteral("Lab")), qPrintable(run->toolTip()));
    program.window.actions().run->trigger();
    QVERIFY(program.controller.canStart());
    lab.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!lab.isRunning(), kLong);
    QVERIFY(run->isEnabled());
}

void TestLabLock::labWaitsForTheRun()
{
    Program program(longRun());
    LabWindow& lab = program.window.lab();
    program.window.actions().lab->trigger();
    QVERIFY(lab.startButton().isEnabled());
    program.window.actions().run->trigger();
    QVERIFY(!lab.startButton().isEnabled());
    QVERIFY2(lab.startButton().toolTip().contains(QStringLiteral("A run goes on")),
             qPrintable(lab.startButton().toolTip()));
    QTest::keyClick(&lab, Qt::Key_Return);
    QVERIFY(!lab.isRunning());
    program.controller.kill();
    QTRY_COMPARE_WITH_TIMEOUT(program.controller.state(), State::Finished, kLong);
    QVERIFY(lab.startButton().isEnabled());
}

void TestLabLock::adviceGoesIntoTheSetup()
{
    RunSettings job = labJob();
    job.executors = {{"threads", 1}};
    Program program(job);
    emit program.window.lab().workersWanted(QStringLiteral("threads"), 3);
    RunSettings settings = program.window.setupPanel().settings();
    QCOMPARE(settings.executors.size(), std::size_t{1});
    QCOMPARE(settings.executors.front().workers, 3);
    emit program.window.lab().workersWanted(QStringLiteral("processes"), 2);
    settings = program.window.setupPanel().settings();
    QCOMPARE(settings.executors.size(), std::size_t{2});
    emit program.window.lab().chunkWanted(16);
    QCOMPARE(program.window.setupPanel().settings().chunk, 16);
}

void TestLabLock::closingTheWindowEndsTheLab()
{
    Program program(labJob(100'000, 2));
    LabWindow& lab = program.window.lab();
    program.window.actions().lab->trigger();
    ShownLab::plan(lab.workersPage().form(), QStringLiteral("1, 2"), 2);
    QTest::mouseClick(&lab.startButton(), Qt::LeftButton);
    QVERIFY(lab.isRunning());
    QVERIFY(program.window.close());
    QVERIFY(!lab.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!lab.isRunning(), kLong);
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestLabLock)
#include "tst_lab_lock.moc"
