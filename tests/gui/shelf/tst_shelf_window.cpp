// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/as_nobody.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/message_bar.h"
#include "ui/shelf/shelf_details.h"
#include "ui/shelf/shelf_window.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <memory>

namespace poolscope {

/// The shelf's window over a real shelf, driven by mouse and keys.
class TestShelfWindow : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void emptyShelfSaysHowToFillIt();
    void runsAreFoundAsOneTypes();
    void headingsSort();
    void enterAndDoubleClickOpen();
    void twoSelectedAreCompared();
    void nameIsTypedInPlace();
    void notesAndTagsAreKept();
    void deletedRunsComeBackByUndo();
    void closingPurges();
    void runWithoutItsFileIsDimAndSaysSo();
    void runThatIsKeptMeanwhileAppears();
    void enterInTheSearchGoesToTheFirstHit();
    void tenThousandRunsAreListed();
    void readOnlyShelfSaysSo();
    void unusableShelfIsSaid();
    void modelIsRight();

private:
    [[nodiscard]] std::unique_ptr<RunShelf> open() const;
    void fill(int runs) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

SnapshotPtr makeRun(int number)
{
    auto run = std::make_shared<Snapshot>(*test::makeSyntheticTrace(2, 500));
    auto meta = std::make_shared<TraceMeta>(*run->meta);
    meta->runId = QStringLiteral("%1").arg(number, 32, 16, QLatin1Char('0')).toStdString();
    meta->startedUnixNs = number * kNanosPerSecond;
    meta->workloadId = number % 2 == 0 ? "even" : "odd";
    run->meta = meta;
    return run;
}

/// The window, shown and filled.
struct Shown
{
    ShelfThread thread;
    ShelfWindow window{thread};

    explicit Shown(const QString& folder)
        : thread(folder)
    {
        window.show();
    }
    QPoint cell(int row, int column)
    {
        QTableView& table = window.table();
        return table.visualRect(table.model()->index(row, column)).center();
    }
    void click(int row, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mouseClick(window.table().viewport(), Qt::LeftButton, modifiers,
                          cell(row, ShelfModel::Workload));
    }
    QPushButton* button(const QString& text)
    {
        for (auto* each : window.findChildren<QPushButton*>()) {
            if (each->text().remove(u'&') == text) {
                return each;
            }
        }
        return nullptr;
    }
};

using Ids = std::vector<qint64>;

} // namespace

void TestShelfWindow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

std::unique_ptr<RunShelf> TestShelfWindow::open() const
{
    auto shelf = RunShelf::open(m_folder->path());
    return shelf ? std::move(shelf).value() : nullptr;
}

void TestShelfWindow::fill(int runs) const
{
    const auto shelf = open();
    for (int i = 1; i <= runs; ++i) {
        QVERIFY(shelf->keep(*makeRun(i), QStringLiteral("run %1").arg(i)).isOk());
    }
}

void TestShelfWindow::emptyShelfSaysHowToFillIt()
{
    Shown shown(m_folder->path());
    QTRY_VERIFY(shown.window.emptyText().contains("no run on the shelf"));
    QVERIFY(!shown.button("Open")->isEnabled());
    QVERIFY(!shown.button("Compare")->isEnabled());
}

void TestShelfWindow::runsAreFoundAsOneTypes()
{
    fill(4);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds(), (Ids{4, 3, 2, 1}));
    QVERIFY(shown.window.countText().startsWith("4 runs"));
    QTest::keyClicks(&shown.window.search(), "EVEN");
    QCOMPARE(shown.window.shownIds(), (Ids{4, 2}));
    QVERIFY(shown.window.countText().startsWith("2 of 4 runs"));
    QTest::keyClicks(&shown.window.search(), " nothing");
    QVERIFY(shown.window.shownIds().empty());
    QVERIFY(shown.window.emptyText().contains("EVEN nothing"));
    QTest::keyClick(&shown.window.search(), Qt::Key_Escape);
    QCOMPARE(shown.window.shownIds().size(), std::size_t{4});
    QVERIFY(shown.window.isVisible());
    QTest::keyClick(&shown.window.search(), Qt::Key_Escape);
    QVERIFY(!shown.window.isVisible());
}

void TestShelfWindow::headingsSort()
{
    fill(12);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{12});
    QHeaderView* header = shown.window.table().horizontalHeader();
    const QPoint heading(header->sectionViewportPosition(ShelfModel::Number) + 10,
                         header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, heading);
    QCOMPARE(shown.window.shownIds().front(), 1);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, heading);
    QCOMPARE(shown.window.shownIds(), (Ids{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
}

void TestShelfWindow::enterAndDoubleClickOpen()
{
    fill(3);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{3});
    QSignalSpy opened(&shown.window, &ShelfWindow::openWanted);
    shown.click(1);
    QTest::keyClick(&shown.window.table(), Qt::Key_Return);
    QTRY_COMPARE(opened.size(), 1);
    QCOMPARE(opened[0][0].value<SnapshotPtr>()->meta->workloadId, std::string("even"));
    QCOMPARE(opened[0][1].toString(), QStringLiteral("run 2"));
    shown.click(2); // a double click of Qt Test has only the second half
    QTest::mouseDClick(shown.window.table().viewport(), Qt::LeftButton, {}, shown.cell(2, 3));
    QTRY_COMPARE(opened.size(), 2);
    QCOMPARE(opened[1][1].toString(), QStringLiteral("run 1"));
}

void TestShelfWindow::twoSelectedAreCompared()
{
    fill(3);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{3});
    QSignalSpy compared(&shown.window, &ShelfWindow::compareWanted);
    shown.click(0);
    QVERIFY(!shown.button("Compare")->isEnabled());
    shown.click(2, Qt::ControlModifier);
    QVERIFY(shown.button("Compare")->isEnabled());
    QVERIFY(!shown.button("Open")->isEnabled());
    QTest::mouseClick(shown.button("Compare"), Qt::LeftButton);
    QTRY_COMPARE(compared.size(), 1);
    const auto runs = compared[0][0].value<std::vector<ComparedRun>>();
    QCOMPARE(runs.size(), std::size_t{2});
    QCOMPARE(runs[0].title, QStringLiteral("run 1")); // the older one
    QCOMPARE(runs[1].name, QStringLiteral("run 3"));
}

void TestShelfWindow::nameIsTypedInPlace()
{
    fill(2);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{2});
    shown.click(0);
    QTest::keyClick(&shown.window.table(), Qt::Key_F2);
    auto* editor = shown.window.table().viewport()->findChild<QLineEdit*>();
    QVERIFY(editor != nullptr);
    QCOMPARE(editor->text(), QStringLiteral("run 2"));
    QTest::keyClicks(editor, "after");
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(open()->entry(2).value().name, QStringLiteral("after"));
    QTRY_COMPARE(shown.window.table().model()->index(0, ShelfModel::Name).data().toString(),
                 QStringLiteral("after"));
}

void TestShelfWindow::notesAndTagsAreKept()
{
    fill(2);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{2});
    auto* notes = shown.window.details().findChild<QPlainTextEdit*>();
    auto* tags = shown.window.details().findChild<QLineEdit*>();
    shown.click(0);
    QTest::keyClicks(notes, "warm cache");
    QTest::keyClicks(tags, "b a");
    shown.click(1); // what was typed is of the run before
    QTRY_COMPARE(open()->entry(2).value().notes, QStringLiteral("warm cache"));
    QCOMPARE(open()->entry(2).value().tags, (QStringList{"a", "b"}));
    QCOMPARE(open()->entry(1).value().notes, QString());
    QCOMPARE(notes->toPlainText(), QString());
    QTest::keyClicks(notes, "second");
    QTRY_COMPARE(open()->entry(1).value().notes, QStringLiteral("second"));
    QTRY_COMPARE(shown.window.table().model()->index(0, ShelfModel::Tags).data().toString(),
                 QStringLiteral("a b"));
}

void TestShelfWindow::deletedRunsComeBackByUndo()
{
    fill(4);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{4});
    shown.click(0);
    shown.click(2, Qt::ShiftModifier);
    QTest::keyClick(&shown.window.table(), Qt::Key_Delete);
    QTRY_COMPARE(shown.window.shownIds(), Ids{1});
    QVERIFY(!shown.window.messageBar().isHidden());
    QCOMPARE(shown.window.messageBar().text(), QStringLiteral("3 runs deleted."));
    QTest::mouseClick(shown.button("Undo"), Qt::LeftButton);
    QTRY_COMPARE(shown.window.shownIds(), (Ids{4, 3, 2, 1}));
    QVERIFY(shown.window.messageBar().isHidden());
    shown.window.close();
    QTRY_COMPARE(open()->entries().value().size(), std::size_t{4});
}

void TestShelfWindow::closingPurges()
{
    fill(2);
    const QString file = open()->runFile(open()->entry(2).value());
    {
        Shown shown(m_folder->path());
        QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{2});
        shown.click(0);
        QTest::mouseClick(shown.button("Delete"), Qt::LeftButton);
        QTRY_COMPARE(shown.window.shownIds(), Ids{1});
        QVERIFY(QFile::exists(file));
        shown.window.close();
        QTRY_VERIFY(!QFile::exists(file));
        QTRY_VERIFY(!open()->setNotes(2, QString()).isOk()); // the row goes after the file
        shown.window.show();
        QTRY_COMPARE(shown.window.shownIds(), Ids{1});
    }
    QCOMPARE(open()->entries().value().size(), std::size_t{1});
}

void TestShelfWindow::runWithoutItsFileIsDimAndSaysSo()
{
    fill(2);
    QVERIFY(QFile::remove(open()->runFile(open()->entry(1).value())));
    Shown shown(m_folder->path());
    shown.window.setTheme(Theme::light());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{2});
    const QModelIndex size = shown.window.table().model()->index(1, ShelfModel::Size);
    QCOMPARE(size.data().toString(), QStringLiteral("let go"));
    QCOMPARE(size.data(Qt::ForegroundRole).value<QColor>(), Theme::light().dimText);
    shown.click(1);
    QVERIFY(!shown.button("Open")->isEnabled());
    QSignalSpy opened(&shown.window, &ShelfWindow::openWanted);
    QTest::keyClick(&shown.window.table(), Qt::Key_Return);
    QTRY_VERIFY(!shown.window.messageBar().isHidden());
    QVERIFY(shown.window.messageBar().text().contains("only the figures are left"));
    QCOMPARE(opened.size(), 0);
}

void TestShelfWindow::runThatIsKeptMeanwhileAppears()
{
    fill(1);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds(), Ids{1});
    const qint64 id = open()->keep(*makeRun(9)).value();
    shown.window.showKept(id);
    QTRY_COMPARE(shown.window.shownIds(), (Ids{2, 1}));
}

void TestShelfWindow::enterInTheSearchGoesToTheFirstHit()
{
    fill(4);
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{4});
    QTest::keyClicks(&shown.window.search(), "odd");
    QTest::keyClick(&shown.window.search(), Qt::Key_Return);
    QCOMPARE(shown.window.focusWidget(), &shown.window.table());
    QSignalSpy opened(&shown.window, &ShelfWindow::openWanted);
    QTest::keyClick(&shown.window.table(), Qt::Key_Return);
    QTRY_COMPARE(opened.size(), 1);
    QCOMPARE(opened[0][1].toString(), QStringLiteral("run 3"));
}

void TestShelfWindow::tenThousandRunsAreListed()
{
    fill(2);
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "raw");
        database.setDatabaseName(m_folder->filePath("shelf.sqlite"));
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM numbers WHERE "
            "n<9998) "
            "INSERT INTO runs (run_id, started_ns, name, workload, title, settings, machine, "
            "figures, notes, tags, file, file_bytes, has_detail, removed) SELECT n, started_ns-n, "
            "'many '||n, workload, title, settings, machine, figures, notes, tags, n||'.pscope', "
            "1, 0, 0 FROM runs, numbers WHERE id=1"));
    }
    QSqlDatabase::removeDatabase("raw");
    Shown shown(m_folder->path());
    QTRY_COMPARE(shown.window.shownIds().size(), std::size_t{10'000});
    QTest::keyClicks(&shown.window.search(), "many 9998");
    QCOMPARE(shown.window.shownIds().size(), std::size_t{1});
}

void TestShelfWindow::readOnlyShelfSaysSo()
{
    fill(1);
    QCOMPARE(::chmod(qPrintable(m_folder->filePath("shelf.sqlite")), 0444), 0);
    QCOMPARE(::chmod(qPrintable(m_folder->path()), 0555), 0);
    {
        const test::AsNobody nobody;
        Shown shown(m_folder->path());
        QTRY_VERIFY(shown.window.countText().contains("can only be read"));
        QVERIFY(!shown.button("Delete")->isEnabled());
        QVERIFY(shown.button("Open")->isEnabled());
        QVERIFY(shown.window.details().findChild<QPlainTextEdit*>()->isReadOnly());
    }
    QCOMPARE(::chmod(qPrintable(m_folder->path()), 0755), 0);
}

void TestShelfWindow::unusableShelfIsSaid()
{
    const QString path = m_folder->filePath("in the way");
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    Shown shown(path);
    QTRY_VERIFY(!shown.window.messageBar().isHidden());
    QVERIFY(shown.window.messageBar().text().contains("cannot be made"));
}

void TestShelfWindow::modelIsRight()
{
    ShelfModel model;
    ShelfFilter filter(model);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester filterTester(
        &filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fill(3);
    std::vector<ShelfRow> rows;
    const auto shelf = open();
    const auto entries = shelf->entries();
    for (const ShelfEntry& entry : entries.value()) {
        rows.push_back(makeShelfRow(entry));
    }
    model.setRows(rows);
    filter.setWords("even");
    QCOMPARE(filter.rowCount(), 1);
    model.setRow(rows[0]);
    model.removeIds({2});
    QCOMPARE(filter.rowCount(), 0);
    rows[1].entry.id = 77;
    model.setRow(rows[1]);
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(model.rowCount(), 3);
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestShelfWindow)
#include "tst_shelf_window.moc"
