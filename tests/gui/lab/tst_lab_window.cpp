// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/chunk_curve.h"
#include "tests/gui/lab/lab_parts.h"
#include "tests/gui/window/panel_parts.h"
#include "ui/lab/chunks_page.h"
#include "ui/lab/chunks_picture.h"
#include "ui/lab/duel_page.h"
#include "ui/lab/duel_picture.h"
#include "ui/lab/workers_page.h"
#include "ui/lab/workers_picture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableWidget>
#include <QTest>

namespace poolscope {

namespace {

/// The Lab's honest answer on a machine that is busy with something else.
bool saysThatRunsDiffer(const LabPage& page)
{
    return page.verdict().contains(QStringLiteral("differ so much")) &&
           buttonWith(page, QStringLiteral("Apply")) == nullptr;
}

} // namespace

/// The Lab with real runs, driven by mouse and keys.
class TestLabWindow : public QObject
{
    Q_OBJECT

private slots:
    void workersComeToAVerdict();
    void chunksComeToAVerdict();
    void duelNamesTheFasterSide();
    void oneRoundCannotTell();
    void predictionIsDrawnByMouse();
    void predictionIsDrawnByKeys();
    void escapeStopsInTheMiddle();
    void closingLeavesNothingRunning();
    void canGoInTheMiddle();
    void failuresAreTold();
    void saysWhyItCannotStart();
    void takesTheJobAnewWhenIdle();
    void tellsHowLongItTakes();
    void fitsIntoASmallWindow();
};

void TestLabWindow::workersComeToAVerdict()
{
    ShownLab lab(labJob(8, 20));
    WorkersPage& page = lab.window.workersPage();
    ShownLab::plan(page.form(), QStringLiteral("1, 2, 4"), 3);
    QVERIFY(page.picture().isEmpty());
    QVERIFY(lab.measure());
    QCOMPARE(page.runs().size(), std::size_t{9});
    const PoolSizeAdvice& advice = page.picture().advice();
    if (!advice.isFirm()) {
        QVERIFY(saysThatRunsDiffer(page));
        QSKIP("What else runs on this machine makes the runs differ too much.");
    }
    QVERIFY(advice.recommended > 1);
    QVERIFY2(page.verdict().startsWith(QStringLiteral("Take %1 workers").arg(advice.recommended)),
             qPrintable(page.verdict()));
    QCOMPARE(page.picture().accessibleDescription(), page.verdict());

    const QSignalSpy wanted(&lab.window, &LabWindow::workersWanted);
    QTest::mouseClick(buttonWith(page, QStringLiteral("Apply")), Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toString(), QStringLiteral("threads"));
    QCOMPARE(wanted[0][1].toInt(), advice.recommended);
    for (int measure = 0; measure < 3; ++measure) {
        page.findChild<QComboBox*>()->setCurrentIndex(measure);
        QVERIFY(!page.grab().isNull());
    }
}

void TestLabWindow::chunksComeToAVerdict()
{
    ShownLab lab(labJob(12, 10));
    lab.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&lab.window));
    QTest::keyClick(&lab.window.startButton(), Qt::Key_2, Qt::AltModifier);
    ChunksPage& page = lab.window.chunksPage();
    QCOMPARE(page.levels(), chunkGrid(12, 2));
    ShownLab::plan(page.form(), QStringLiteral("1 6"), 4);
    QTest::keyClick(&lab.window, Qt::Key_Return);
    QVERIFY(lab.window.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(!lab.window.isRunning(), kLabLong);
    const ChunkCurve& curve = page.picture().curve();
    if (!curve.isFirm()) {
        QVERIFY(saysThatRunsDiffer(page));
        QSKIP("What else runs on this machine makes the runs differ too much.");
    }
    QCOMPARE(curve.points.size(), std::size_t{2});
    QVERIFY2(page.verdict().startsWith(QStringLiteral("Take chunks of")),
             qPrintable(page.verdict()));
    QVERIFY(page.verdict().contains(QStringLiteral("Pool.map would take 2")));
    const QSignalSpy wanted(&lab.window, &LabWindow::chunkWanted);
    QTest::mouseClick(buttonWith(page, QStringLiteral("Apply")), Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toInt(), curve.recommended);
}

void TestLabWindow::duelNamesTheFasterSide()
{
    RunSettings job = labJob();
    job.executors = {{"inline", 1}, {"threads", 4}};
    ShownLab lab(job);
    lab.window.setCurrentTab(LabWindow::Duel);
    DuelPage& page = lab.window.duelPage();
    ShownLab::plan(page.form(), {}, 4);
    QVERIFY(lab.measure());
    QCOMPARE(page.picture().pairs().size(), std::size_t{1});
    QCOMPARE(page.picture().pairs().front().comparison.verdict, Verdict::SecondFaster);
    QVERIFY2(page.verdict().startsWith(QStringLiteral("Thread pool")), qPrintable(page.verdict()));
    auto* table = page.findChild<QTableWidget*>();
    QCOMPARE(table->rowCount(), 2);
    QVERIFY(!table->item(0, 1)->text().isEmpty());
    QVERIFY(buttonWith(page, QStringLiteral("Apply")) == nullptr);
}

void TestLabWindow::oneRoundCannotTell()
{
    ShownLab lab(labJob(4, 1));
    WorkersPage& page = lab.window.workersPage();
    ShownLab::plan(page.form(), QStringLiteral("1, 2"), 1);
    QVERIFY(lab.measure());
    QVERIFY2(page.verdict().startsWith(QStringLiteral("Cannot tell")), qPrintable(page.verdict()));
    QVERIFY(buttonWith(page, QStringLiteral("Apply")) == nullptr);
}

void TestLabWindow::predictionIsDrawnByMouse()
{
    ShownLab lab;
    WorkersPage& page = lab.window.workersPage();
    ShownLab::plan(page.form(), QStringLiteral("1, 2, 4"), 2);
    page.form()->findChild<QCheckBox*>()->click();
    WorkersPicture& picture = page.picture();
    QVERIFY(picture.isDrawing());
    const auto at = [&picture](int workers, double speedUp) {
        return picture.placeOf(workers, speedUp).toPoint();
    };
    // A drag that jumps from 1 to 4 draws what lies between, too.
    QTest::mousePress(&picture, Qt::LeftButton, {}, at(1, 1));
    QMouseEvent move(QEvent::MouseMove, QPointF(at(4, 4)), picture.mapToGlobal(QPointF(at(4, 4))),
                     Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&picture, &move);
    QTest::mouseRelease(&picture, Qt::LeftButton, {}, at(4, 4));
    QCOMPARE(picture.prediction().values().size(), std::size_t{3});
    QVERIFY(std::abs(picture.prediction().at(4) - 4) < 0.1);
    QTest::mouseClick(&picture, Qt::LeftButton, {}, at(2, 1.5));
    QVERIFY(std::abs(picture.prediction().at(2) - 1.5) < 0.1);

    QVERIFY(lab.measure());
    QVERIFY(!picture.isDrawing());
    QVERIFY2(page.verdict().contains(QStringLiteral("Your prediction was off by")),
             qPrintable(page.verdict()));
    QCOMPARE(picture.prediction().values().size(), std::size_t{3});
    page.form()->findChild<QCheckBox*>()->click();
    QVERIFY(!page.verdict().contains(QStringLiteral("prediction")));
}

void TestLabWindow::predictionIsDrawnByKeys()
{
    ShownLab lab;
    WorkersPage& page = lab.window.workersPage();
    ShownLab::plan(page.form(), QStringLiteral("1, 2, 4"), 2);
    page.form()->findChild<QCheckBox*>()->click();
    WorkersPicture& picture = page.picture();
    const QSignalSpy changes(&picture, &WorkersPicture::predictionChanged);
    QTest::keyClick(&picture, Qt::Key_Up); // of 2 workers, the first that can be off
    QCOMPARE(picture.prediction().at(2), 1.1);
    QTest::keyClick(&picture, Qt::Key_Right);
    QTest::keyClick(&picture, Qt::Key_Right);
    QTest::keyClick(&picture, Qt::Key_Up, Qt::ShiftModifier);
    QTest::keyClick(&picture, Qt::Key_Down);
    QCOMPARE(picture.prediction().at(4), 2.0);
    QTest::keyClick(&picture, Qt::Key_Left);
    QTest::keyClick(&picture, Qt::Key_Up);
    QCOMPARE(picture.prediction().at(2), 1.2);
    QCOMPARE(changes.size(), 4);
    QTest::keyClick(&picture, Qt::Key_Return);
    QVERIFY(lab.window.isRunning());
}

void TestLabWindow::escapeStopsInTheMiddle()
{
    ShownLab lab(labJob(200, 2));
    WorkersPage& page = lab.window.workersPage();
    ShownLab::plan(page.form(), QStringLiteral("1, 8"), 50);
    QTest::mouseClick(&lab.window.startButton(), Qt::LeftButton);
    QVERIFY(!lab.window.startButton().isEnabled());
    QVERIFY(!page.form()->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(!page.runs().empty(), kLabLong);
    QVERIFY(lab.window.progressText().contains(QStringLiteral("of 100")));
    const QSignalSpy running(&lab.window, &LabWindow::runningChanged);
    QTest::keyClick(&lab.window, Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(!lab.window.isRunning(), kLabLong);
    QCOMPARE(running.size(), 1);
    const std::size_t kept = page.runs().size();
    QVERIFY(kept > 0 && kept < 100);
    QVERIFY(lab.window.startButton().isEnabled());
    QVERIFY(!lab.window.stopButton().isEnabled());
    QVERIFY(lab.window.messageBar().isHidden());
    QVERIFY(page.form()->isEnabled());
}

void TestLabWindow::closingLeavesNothingRunning()
{
    RunSettings job = labJob(100'000, 5);
    ShownLab lab(job);
    lab.window.setCurrentTab(LabWindow::Chunks);
    ShownLab::plan(lab.window.chunksPage().form(), QStringLiteral("1 2"), 2);
    QTest::mouseClick(&lab.window.startButton(), Qt::LeftButton);
    QVERIFY(lab.window.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(workerProcesses() > 0, kLabLong);
    QVERIFY(lab.window.close());
    QTRY_VERIFY_WITH_TIMEOUT(!lab.window.isRunning(), kLabLong);
    QTRY_COMPARE_WITH_TIMEOUT(workerProcesses(), 0, kLabLong);
    QVERIFY(lab.window.chunksPage().runs().empty());
}

void TestLabWindow::canGoInTheMiddle()
{
    auto window = std::make_unique<LabWindow>();
    window->setJob(labJob(100'000, 5), {});
    window->setCurrentTab(LabWindow::Chunks);
    window->show();
    QTest::mouseClick(&window->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(workerProcesses() > 0, kLabLong);
    window.reset();
    QTRY_COMPARE_WITH_TIMEOUT(workerProcesses(), 0, kLabLong);
}

void TestLabWindow::failuresAreTold()
{
    RunSettings job = labJob();
    job.workerProgram = "/no/such/poolscope-worker";
    job.executors = {{"processes", 2}};
    ShownLab lab(job);
    ShownLab::plan(lab.window.workersPage().form(), QStringLiteral("1, 2"), 2);
    QVERIFY(lab.measure());
    QVERIFY(lab.window.messageBar().isVisible());
    QCOMPARE(lab.window.messageBar().kind(), MessageBar::Kind::Error);
    QVERIFY(!lab.window.messageBar().text().isEmpty());
    lab.window.setJob(labJob(4, 1), {});
    QVERIFY(lab.measure());
    QVERIFY(lab.window.messageBar().isHidden());
}

void TestLabWindow::saysWhyItCannotStart()
{
    RunSettings job = labJob();
    job.executors = {{"threads", 2}};
    ShownLab lab(job);
    QPushButton& start = lab.window.startButton();
    QVERIFY(start.isEnabled());
    lab.window.setCurrentTab(LabWindow::Duel);
    QVERIFY(!start.isEnabled());
    QVERIFY2(start.toolTip().contains(QStringLiteral("two executors")),
             qPrintable(start.toolTip()));
    QTest::keyClick(&lab.window, Qt::Key_Return);
    QVERIFY(!lab.window.isRunning());
    lab.window.setCurrentTab(LabWindow::Workers);
    ShownLab::plan(lab.window.workersPage().form(), QStringLiteral("1, x"), 2);
    QVERIFY(!start.isEnabled());
    QVERIFY2(start.toolTip().contains(QStringLiteral("whole numbers")),
             qPrintable(start.toolTip()));
    ShownLab::plan(lab.window.workersPage().form(), QStringLiteral("1, 2"), 2);
    QVERIFY(start.isEnabled());
    lab.window.setJob(job, QStringLiteral("Tasks must be a number."));
    QVERIFY(!start.isEnabled());
    QCOMPARE(start.toolTip(), QStringLiteral("Tasks must be a number."));
}

void TestLabWindow::takesTheJobAnewWhenIdle()
{
    ShownLab lab(labJob(40, 2));
    QVERIFY(lab.window.jobLine().contains(QStringLiteral("Tasks 40")));
    QVERIFY(lab.window.jobLine().contains(QStringLiteral("Thread pool (4)")));
    ShownLab::plan(lab.window.workersPage().form(), QStringLiteral("1, 2"), 2);
    QTest::mouseClick(&lab.window.startButton(), Qt::LeftButton);
    lab.window.setJob(labJob(7, 2), {});
    QTRY_VERIFY_WITH_TIMEOUT(!lab.window.isRunning(), kLabLong);
    QCOMPARE(lab.window.workersPage().runs().back().summary.tasks, std::uint64_t{40});
    QVERIFY(lab.window.jobLine().contains(QStringLiteral("Tasks 7")));
    QCOMPARE(lab.window.workersPage().plan().arms.front().params, labJob(7, 2).params);
}

void TestLabWindow::tellsHowLongItTakes()
{
    ShownLab lab(labJob(4, 1));
    WorkersPage& page = lab.window.workersPage();
    ShownLab::plan(page.form(), QStringLiteral("1, 2, 3"), 4);
    const auto says = [&page](const QString& text) {
        const auto labels = page.form()->findChildren<QLabel*>();
        return std::ranges::any_of(labels,
                                   [&text](const QLabel* label) { return label->text() == text; });
    };
    QVERIFY(says(QStringLiteral("12 runs")));
    QVERIFY(lab.measure());
    QVERIFY(says(QStringLiteral("12 runs, about 1 s")));
}

void TestLabWindow::fitsIntoASmallWindow()
{
    ShownLab lab;
    lab.window.resize(900, 600);
    QVERIFY(lab.window.minimumWidth() <= 900 && lab.window.minimumHeight() <= 600);
    ShownLab::plan(lab.window.workersPage().form(), QStringLiteral("1, 2"), 2);
    QVERIFY(lab.measure());
    lab.window.resize(900, 600);
    QCOMPARE(lab.window.size(), QSize(900, 600));
    QVERIFY(lab.window.workersPage().picture().height() >=
            lab.window.workersPage().picture().minimumSizeHint().height());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestLabWindow)
#include "tst_lab_window.moc"
