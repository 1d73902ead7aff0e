// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/run_shelf.h"
#include "tests/support/synthetic_trace.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace poolscope;

/// What a shelf promises while nothing goes wrong: real files, a real database.
class TestRunShelf : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aKeptRunIsReadAsItWas();
    void theSameRunIsKeptOnce();
    void whatTheUserSaysOfARunIsThereNextTime();
    void wordsFindRunsByAllThatWasSaidOfThem();
    void removedRunsComeBackUntilTheyArePurged();
    void purgingSparesWhatOthersRemoved();
    void whatNobodyPurgedGoesAfterADay();
    void theOldestWithoutTagsAreLetGoFirst();
    void numbersOfRunsThatAreNotThereAreErrors();

private:
    SnapshotPtr makeRun(int number) const;
    std::unique_ptr<RunShelf> open() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRunShelf::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

SnapshotPtr TestRunShelf::makeRun(int number) const
{
    auto run = std::make_shared<Snapshot>(*test::makeSyntheticTrace(2, 500));
    auto meta = std::make_shared<TraceMeta>(*run->meta);
    meta->runId = QStringLiteral("%1").arg(number, 32, 16, QLatin1Char('0')).toStdString();
    meta->startedUnixNs = number * kNanosPerSecond;
    meta->workloadId = number % 2 == 0 ? "even" : "odd";
    run->meta = meta;
    return run;
}

std::unique_ptr<RunShelf> TestRunShelf::open() const
{
    auto shelf = RunShelf::open(m_folder->path());
    if (!shelf) {
        qWarning("%s", shelf.error().message.c_str());
        return nullptr;
    }
    return std::move(shelf).value();
}

void TestRunShelf::aKeptRunIsReadAsItWas()
{
    const auto shelf = open();
    const SnapshotPtr run = makeRun(1);
    const auto id = shelf->keep(*run, "  my   run ");
    QVERIFY(id.isOk());
    const auto entry = shelf->entry(id.value());
    QVERIFY(entry.isOk());
    QCOMPARE(entry.value().name, QStringLiteral("my run"));
    QCOMPARE(entry.value().workload, QStringLiteral("odd"));
    QCOMPARE(entry.value().figures.size(), 1);
    QCOMPARE(entry.value().figures[0].toObject()["tasks"].toInt(), 500);
    QVERIFY(entry.value().figures[0].toObject()["makespan_s"].toDouble() > 0);
    QVERIFY(entry.value().fileBytes > 0);
    const auto read = shelf->read(id.value());
    QVERIFY(read.isOk());
    QCOMPARE(read.value()->recordCount(), run->recordCount());
    QCOMPARE(read.value()->meta->runId, run->meta->runId);
}

void TestRunShelf::theSameRunIsKeptOnce()
{
    const auto shelf = open();
    const auto first = shelf->keep(*makeRun(1), "name");
    const auto second = shelf->keep(*makeRun(1));
    QCOMPARE(second.value(), first.value());
    QCOMPARE(shelf->entries().value().size(), std::size_t{1});
    QCOMPARE(shelf->entry(first.value()).value().name, QStringLiteral("name"));
}

void TestRunShelf::whatTheUserSaysOfARunIsThereNextTime()
{
    const qint64 id = open()->keep(*makeRun(1)).value();
    {
        const auto shelf = open();
        QVERIFY(shelf->rename(id, "näme; DROP TABLE runs").isOk());
        QVERIFY(shelf->setNotes(id, "two\nlines").isOk());
        QVERIFY(shelf->setTags(id, {"b", "a", "b"}).isOk());
    }
    const auto entry = open()->entry(id);
    QVERIFY(entry.isOk());
    QCOMPARE(entry.value().name, QStringLiteral("näme; DROP TABLE runs"));
    QCOMPARE(entry.value().notes, QStringLiteral("two\nlines"));
    QCOMPARE(entry.value().tags, (QStringList{"a", "b"}));
    QVERIFY(open()->rename(id, {}).isOk());
    QCOMPARE(open()->entry(id).value().name, QString());
}

void TestRunShelf::wordsFindRunsByAllThatWasSaidOfThem()
{
    const auto shelf = open();
    for (int i = 1; i <= 4; ++i) {
        QVERIFY(shelf->keep(*makeRun(i), QStringLiteral("run %1").arg(i)).isOk());
    }
    QVERIFY(shelf->setNotes(2, "warm CACHE").isOk());
    QVERIFY(shelf->setTags(4, {"paper"}).isOk());
    const auto found = [&shelf](const QString& words) {
        QList<qint64> ids;
        const auto entries = shelf->entries(words);
        for (const ShelfEntry& entry : entries.value()) {
            ids << entry.id;
        }
        return ids;
    };
    QCOMPARE(found(""), (QList<qint64>{4, 3, 2, 1}));
    QCOMPARE(found("even"), (QList<qint64>{4, 2}));
    QCOMPARE(found("cache even"), (QList<qint64>{2}));
    QCOMPARE(found("PAPER"), (QList<qint64>{4}));
    QCOMPARE(found("paper odd"), QList<qint64>{});
}

void TestRunShelf::removedRunsComeBackUntilTheyArePurged()
{
    const auto shelf = open();
    const qint64 id = shelf->keep(*makeRun(1), "x").value();
    const QString file = shelf->runFile(shelf->entry(id).value());
    QVERIFY(shelf->remove(id).isOk());
    QVERIFY(shelf->entries().value().empty());
    QVERIFY(QFile::exists(file));
    QVERIFY(shelf->restore(id).isOk());
    QCOMPARE(shelf->entry(id).value().name, QStringLiteral("x"));
    QVERIFY(shelf->remove(id).isOk());
    QVERIFY(shelf->purge({id}).isOk());
    QVERIFY(!QFile::exists(file));
    QVERIFY(!shelf->restore(id).isOk());
    QVERIFY(open()->entries().value().empty());
}

void TestRunShelf::purgingSparesWhatOthersRemoved()
{
    const auto shelf = open();
    const auto other = open();
    const qint64 mine = shelf->keep(*makeRun(1)).value();
    const qint64 theirs = shelf->keep(*makeRun(2)).value();
    const qint64 kept = shelf->keep(*makeRun(3)).value();
    QVERIFY(other->remove(theirs).isOk());
    QVERIFY(shelf->remove(mine).isOk());
    QVERIFY(shelf->purge({mine, kept, 99}).isOk());
    QVERIFY(other->restore(theirs).isOk());
    QCOMPARE(open()->entries().value().size(), std::size_t{2});
    QVERIFY(shelf->read(theirs).isOk());
    QVERIFY(shelf->read(kept).isOk());
}

void TestRunShelf::whatNobodyPurgedGoesAfterADay()
{
    const qint64 id = open()->keep(*makeRun(1)).value();
    const qint64 fresh = open()->keep(*makeRun(2)).value();
    const QString file = open()->runFile(open()->entry(id).value());
    QVERIFY(open()->remove(id).isOk());
    QVERIFY(open()->remove(fresh).isOk());
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "raw");
        database.setDatabaseName(m_folder->filePath("shelf.sqlite"));
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec("UPDATE runs SET removed=removed-90000 WHERE id=1"));
    }
    QSqlDatabase::removeDatabase("raw");
    const auto shelf = open();
    QVERIFY(!QFile::exists(file));
    QVERIFY(!shelf->restore(id).isOk());
    QVERIFY(shelf->restore(fresh).isOk());
}

void TestRunShelf::theOldestWithoutTagsAreLetGoFirst()
{
    const auto shelf = open();
    QCOMPARE(shelf->limitBytes().value(), RunShelf::kDefaultLimitBytes);
    for (int i = 1; i <= 4; ++i) {
        QVERIFY(shelf->keep(*makeRun(i)).isOk());
    }
    QVERIFY(shelf->setTags(1, {"keep"}).isOk());
    const qint64 each = shelf->entry(1).value().fileBytes;
    QVERIFY(shelf->setLimitBytes(each * 5 / 2).isOk());
    const auto hasDetail = [](const RunShelf& of) {
        QList<bool> list;
        for (qint64 id = 1; id <= 4; ++id) {
            list << of.entry(id).value().hasDetail;
        }
        return list;
    };
    QCOMPARE(hasDetail(*shelf), (QList<bool>{true, false, false, true}));
    QVERIFY(!shelf->read(2).isOk());
    QVERIFY(shelf->entry(2).value().figures.size() == 1);
    // A new one takes the place of an old one, and the choice is remembered.
    const auto again = open();
    QVERIFY(again->keep(*makeRun(5)).isOk());
    QCOMPARE(hasDetail(*again), (QList<bool>{true, false, false, false}));
    QVERIFY(again->read(5).isOk());
}

void TestRunShelf::numbersOfRunsThatAreNotThereAreErrors()
{
    const auto shelf = open();
    QVERIFY(!shelf->entry(1).isOk());
    QVERIFY(!shelf->rename(1, "x").isOk());
    QVERIFY(!shelf->remove(-1).isOk());
    QVERIFY(QString::fromStdString(shelf->read(77).error().message).contains("77"));
}

QTEST_GUILESS_MAIN(TestRunShelf)
#include "tst_run_shelf.moc"
