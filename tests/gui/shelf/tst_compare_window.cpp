// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "tests/support/synthetic_trace.h"
#include "ui/compare/compare_window.h"
#include "ui/compare/distribution_view.h"
#include "ui/panels/message_bar.h"
#include "ui/shelf/shelf_window.h"
#include "ui/window/shelf_controller.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QImage>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace poolscope {

using State = RunController::State;

/// The comparison of runs on screen: what the table says, the curves, the files, and the way to it.
class TestCompareWindow : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void tableSaysWhatDiffers();
    void otherWorkIsWarnedOf();
    void noiseIsSaidInWords();
    void severalRunsOfASideAreOne();
    void plotsFollowTheExecutor();
    void curvesAreTheSharesOfTheTasks();
    void tableAndPicturesAreWritten();
    void modelIsRight();
    void fromTwoRunsToAlignedLanes();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

SnapshotPtr makeRun(std::uint64_t seed, Nanos periodNs = 64'000, std::uint64_t jobSeed = 1)
{
    auto run = std::make_shared<Snapshot>(*test::makeSyntheticTrace({.lanes = 2,
                                                                     .tasks = 400,
                                                                     .seed = seed,
                                                                     .executors = 2,
                                                                     .load = 0.8,
                                                                     .meanPeriodNs = periodNs}));
    auto meta = std::make_shared<TraceMeta>(*run->meta);
    meta->seed = jobSeed;
    run->meta = meta;
    return run;
}

struct Shown
{
    CompareWindow window;

    explicit Shown(const std::vector<ComparedRun>& runs)
        : window(runs)
    {
        window.show();
    }
    [[nodiscard]] bool isReady() const { return window.comparison() != nullptr; }
    QString cell(const QString& figure, int column)
    {
        const QAbstractItemModel* model = window.table().model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data().toString() == figure) {
                return model->index(row, column).data().toString();
            }
        }
        return {};
    }
};

QPushButton* buttonOf(const QWidget& window, const QString& begin)
{
    for (auto* button : window.findChildren<QPushButton*>()) {
        if (button->text().remove(u'&').startsWith(begin)) {
            return button;
        }
    }
    return nullptr;
}

} // namespace

void TestCompareWindow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    qputenv("POOLSCOPE_SHELF", QFile::encodeName(m_folder->filePath("shelf")));
    forgetSettings();
}

void TestCompareWindow::tableSaysWhatDiffers()
{
    Shown shown({{makeRun(1), "before", {}}, {makeRun(2, 128'000), "after", {}}});
    QTRY_VERIFY(shown.isReady());
    const QAbstractItemModel* model = shown.window.table().model();
    QCOMPARE(model->columnCount(), 5);
    QCOMPARE(model->headerData(1, Qt::Horizontal).toString(), QStringLiteral("before"));
    QCOMPARE(model->headerData(2, Qt::Horizontal).toString(), QStringLiteral("after"));
    QVERIFY(shown.cell("makespan", 1).endsWith("ms"));
    QVERIFY(!shown.cell("makespan", 3).startsWith(u'−'));
    QCOMPARE(shown.cell("makespan", 4), QStringLiteral("one run each: noise unknown"));
    QVERIFY(shown.cell("tasks not done", 0).isEmpty() ||
            !shown.cell("tasks not done", 1).isEmpty());
    QVERIFY(shown.window.factsText().contains("same settings"));
    QVERIFY(shown.window.messageBar().isHidden());
    QVERIFY(shown.window.windowTitle().contains("before / after"));
}

void TestCompareWindow::otherWorkIsWarnedOf()
{
    Shown shown({{makeRun(1), "before", {}}, {makeRun(1, 64'000, 9), "after", {}}});
    QTRY_VERIFY(shown.isReady());
    QVERIFY(!shown.window.messageBar().isHidden());
    QVERIFY2(shown.window.messageBar().text().contains("seed: 1 → 9"),
             qPrintable(shown.window.messageBar().text()));
    Shown several({{makeRun(1), "before", "before"},
                   {makeRun(2), "same", "same"},
                   {makeRun(1, 64'000, 9), "other", "other"}});
    QTRY_VERIFY(several.isReady());
    QVERIFY2(several.window.messageBar().text().contains("“before”: other."),
             qPrintable(several.window.messageBar().text()));
}

void TestCompareWindow::noiseIsSaidInWords()
{
    Shown slower({{makeRun(1), "before", {}}, {makeRun(2, 128'000), "after", {}}});
    QTRY_VERIFY(slower.isReady());
    QCOMPARE(slower.cell("run time p50", 4), QStringLiteral("worse, beyond noise"));
    const SnapshotPtr run = makeRun(1);
    Shown same({{run, "before", {}}, {run, "after", {}}});
    QTRY_VERIFY(same.isReady());
    QCOMPARE(same.cell("run time p50", 3), QStringLiteral("same"));
    QCOMPARE(same.cell("run time p50", 4), QString());
}

void TestCompareWindow::severalRunsOfASideAreOne()
{
    std::vector<ComparedRun> runs;
    for (std::uint64_t i = 0; i < 3; ++i) {
        runs.push_back({makeRun(10 + i), "before", "before"});
        runs.push_back({makeRun(20 + i, 150'000), "after", "after"});
    }
    Shown shown(runs);
    QTRY_VERIFY(shown.isReady());
    QCOMPARE(shown.window.comparison()->sides.size(), std::size_t{2});
    QVERIFY2(shown.cell("makespan", 4).startsWith("worse, beyond noise"),
             qPrintable(shown.cell("makespan", 4)));
    QVERIFY(shown.window.windowTitle().contains("before, 3 runs"));
}

void TestCompareWindow::plotsFollowTheExecutor()
{
    Shown shown({{makeRun(1), "before", {}}, {makeRun(2), "after", {}}});
    QTRY_VERIFY(shown.isReady());
    QCOMPARE(shown.window.executors().count(), 2);
    const QString first = shown.window.plot().shown().title;
    shown.window.executors().setFocus();
    QTest::keyClick(&shown.window.executors(), Qt::Key_Down);
    QVERIFY(shown.window.plot().shown().title != first);
    QVERIFY(shown.window.plot().accessibleDescription().contains("after: half of the tasks ran"));
    // Each side has a colour and a dash of its own.
    const QPen one = sidePen(Theme::light(), 0, 2);
    const QPen other = sidePen(Theme::light(), 1, 2);
    QVERIFY(one.color() != other.color() && one.dashPattern() != other.dashPattern());
    const QImage image = shown.window.plot().grab().toImage();
    bool isDrawn = false;
    for (int y = image.height() / 3; y < image.height() && !isDrawn; ++y) {
        for (int x = 0; x < image.width() && !isDrawn; ++x) {
            isDrawn = image.pixelColor(x, y) == one.color();
        }
    }
    QVERIFY(isDrawn);
}

void TestCompareWindow::curvesAreTheSharesOfTheTasks()
{
    const SnapshotPtr run = makeRun(3);
    const RunComparison comparison = compareAll({{run, "a", {}}, {makeRun(4), "b", {}}});
    const DurationCurve& curve = comparison.curves[0].runs[0];
    for (const double share : {0.25, 0.5, 0.9, 1.0}) {
        const auto most = static_cast<double>(durationAt(curve, share)) + 0.5;
        std::uint64_t all = 0;
        std::uint64_t below = 0;
        for (const LaneView& lane : run->lanes) {
            for (std::uint64_t i = 0; lane.info().executor == 0 && i < lane.recordCount; ++i) {
                ++all;
                below += static_cast<double>(lane.lane->record(i).runNs()) <= most ? 1U : 0U;
            }
        }
        QVERIFY(std::abs(static_cast<double>(below) / static_cast<double>(all) - share) < 0.01);
    }
}

void TestCompareWindow::tableAndPicturesAreWritten()
{
    Shown shown({{makeRun(1), "be\"fore", {}}, {makeRun(2), "after", {}}});
    QTRY_VERIFY(shown.isReady());
    const QString csv = m_folder->filePath("table.csv");
    QVERIFY(shown.window.writeTable(csv).isOk());
    QFile file(csv);
    QVERIFY(file.open(QFile::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QVERIFY(lines[0].startsWith("first,second,"));
    QVERIFY2(lines[1].startsWith("\"be\"\"fore\",\"after\","), lines[1].constData());
    QCOMPARE(lines[1].count(','), lines[0].count(','));

    const QString png = m_folder->filePath("plots.png");
    QVERIFY(shown.window.writePicture(png).isOk());
    QCOMPARE(QImage(png).size(), QSize(2160, 2280));
    const QString svg = m_folder->filePath("plots.svg");
    QVERIFY(shown.window.writePicture(svg).isOk());
    QFile drawing(svg);
    QVERIFY(drawing.open(QFile::ReadOnly));
    QVERIFY(drawing.readAll().contains("queue"));
    QVERIFY(!shown.window.writePicture(m_folder->filePath("plots.txt")).isOk());
    const auto failed = shown.window.writeTable(m_folder->filePath("nowhere/table.csv"));
    QVERIFY(!failed.isOk());
    QVERIFY(failed.error().message.find("nowhere") != std::string::npos);
}

void TestCompareWindow::modelIsRight()
{
    DeltaModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.setComparison(std::make_shared<const RunComparison>(
        compareAll({{makeRun(1), "a", {}}, {makeRun(2), "b", {}}, {makeRun(3), "c", {}}})));
    QCOMPARE(model.columnCount(), 8);
    QVERIFY(model.isHeading(0) && !model.isHeading(1));
    model.setTheme(Theme::dark());
}

/// All the way: two runs in the window, the shelf by key, both selected, compared, aligned.
void TestCompareWindow::fromTwoRunsToAlignedLanes()
{
    Program program(shortRun());
    MainWindow& window = program.window;
    const QSignalSpy kept(&window.shelf(), &ShelfController::kept);
    for (int runs = 1; runs <= 2; ++runs) {
        window.actions().run->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(kept.size(), runs, kLong);
    }
    QTest::keyClick(&window, Qt::Key_H, Qt::ControlModifier);
    ShelfWindow* shelf = window.shelf().shelfWindow();
    QVERIFY(shelf != nullptr && shelf->isVisible());
    QTRY_COMPARE(shelf->shownIds(), (std::vector<qint64>{2, 1}));
    QTest::keyClick(&shelf->table(), Qt::Key_A, Qt::ControlModifier);
    QTest::mouseClick(buttonOf(*shelf, "Compare"), Qt::LeftButton);
    QTRY_COMPARE(window.shelf().compareWindows().size(), 1);
    CompareWindow* compared = window.shelf().compareWindows().first();
    QTRY_VERIFY(compared->comparison() != nullptr);
    QCOMPARE(compared->comparison()->sides[0].title, QStringLiteral("run 1"));
    QTest::mouseClick(buttonOf(*compared, "Show aligned"), Qt::LeftButton);
    QTRY_COMPARE(program.snapshot()->meta->executors.size(), std::size_t{4});
    QCOMPARE(program.snapshot()->meta->executors[0].title, std::string("run 1 · threads"));
    QCOMPARE(program.snapshot()->recordCount(), std::uint64_t{8'000});
    QVERIFY(window.windowTitle().contains("run 2"));
    QTest::keyClick(compared, Qt::Key_Escape);
    QTRY_VERIFY(window.shelf().compareWindows().isEmpty());
    // A run of the shelf is opened in its place.
    shelf->table().selectRow(0);
    QTest::keyClick(&shelf->table(), Qt::Key_Return);
    QTRY_COMPARE(program.snapshot()->meta->executors.size(), std::size_t{2});
    window.close();
    QVERIFY(!shelf->isVisible());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestCompareWindow)
#include "tst_compare_window.moc"
