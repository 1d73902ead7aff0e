// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/run_shelf.h"
#include "tests/support/as_nobody.h"
#include "tests/support/synthetic_trace.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <array>

using namespace poolscope;

/// What a shelf promises when something goes wrong: killed processes, full disks, damaged files.
class TestShelfFaults : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void killedWritersLoseNothingThatTheySaidWasKept();
    void runFilesWithoutRowsAreFoundAgain();
    void twoProcessesShareAShelf();
    void fullDiskIsSaidAndTheShelfGoesOn();
    void folderThatCannotBeMadeIsSaid();
    void unusableDatabasesAreSetAsideAndRunsComeBack_data();
    void unusableDatabasesAreSetAsideAndRunsComeBack();
    void olderDatabaseIsBroughtUpToDate();
    void damagedRunFileIsSetAsideOnce();
    void readOnlyShelfIsReadAndSaysThatItCannotBeChanged();
    void runIsKeptThoughOthersCannotBeLetGo();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    QStringList runFiles() const { return QDir(path("runs")).entryList({"*.pscope"}); }
    void startKeeper(QProcess& keeper, int runs, const QStringList& more = {}) const;
    std::unique_ptr<RunShelf> open() const;
    /// Runs SQL on the database as it is.
    void execute(const QStringList& statements) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestShelfFaults::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestShelfFaults::startKeeper(QProcess& keeper, int runs, const QStringList& more) const
{
    keeper.start(qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR") + "/tests/shelf_keeper",
                 QStringList{m_folder->path(), QString::number(runs)} + more);
    QVERIFY(keeper.waitForStarted());
}

std::unique_ptr<RunShelf> TestShelfFaults::open() const
{
    auto shelf = RunShelf::open(m_folder->path());
    if (!shelf) {
        qWarning("%s", shelf.error().message.c_str());
        return nullptr;
    }
    return std::move(shelf).value();
}

void TestShelfFaults::execute(const QStringList& statements) const
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "raw");
        database.setDatabaseName(path("shelf.sqlite"));
        QVERIFY(database.open());
        for (const QString& statement : statements) {
            QVERIFY2(QSqlQuery(database).exec(statement), qPrintable(statement));
        }
    }
    QSqlDatabase::removeDatabase("raw");
}

void TestShelfFaults::killedWritersLoseNothingThatTheySaidWasKept()
{
    constexpr int kRounds = 25;
    QRandomGenerator random(11);
    QList<qint64> promised;
    for (int round = 0; round < kRounds; ++round) {
        QProcess keeper;
        startKeeper(keeper, 100'000);
        // Killed a few runs in, at any place of the next one.
        const int runs = random.bounded(1, 6);
        for (int i = 0; i < runs; ++i) {
            QVERIFY(keeper.canReadLine() || keeper.waitForReadyRead());
            while (keeper.canReadLine() && i < runs) {
                promised << keeper.readLine().trimmed().toLongLong();
                ++i;
            }
        }
        volatile int spun = 0;
        for (int left = random.bounded(3'000'000); left > 0; --left) {
            spun = spun + 1;
        }
        keeper.kill();
        QVERIFY(keeper.waitForFinished());
        while (keeper.canReadLine()) {
            promised << keeper.readLine().trimmed().toLongLong();
        }
    }
    const auto shelf = open();
    QVERIFY(shelf);
    QCOMPARE(shelf->notices(), QStringList());
    const auto entries = shelf->entries();
    QVERIFY(entries.isOk());
    QSet<qint64> there;
    for (const ShelfEntry& entry : entries.value()) {
        there << entry.id;
        const auto run = shelf->read(entry.id);
        QVERIFY2(run.isOk(), run.isOk() ? "" : run.error().message.c_str());
        QCOMPARE(run.value()->recordCount(), std::uint64_t{2'000});
    }
    QVERIFY(promised.size() >= kRounds);
    for (const qint64 id : std::as_const(promised)) {
        QVERIFY2(there.contains(id), qPrintable(QString::number(id)));
    }
    QCOMPARE(runFiles().size(), static_cast<qsizetype>(entries.value().size()));
    QCOMPARE(QDir(path("runs")).entryList({"*.tmp"}, QDir::Files | QDir::Hidden), QStringList());
}

void TestShelfFaults::runFilesWithoutRowsAreFoundAgain()
{
    QProcess keeper;
    startKeeper(keeper, 3);
    QVERIFY(keeper.waitForFinished());
    execute({"DELETE FROM runs WHERE id=2"});
    const auto shelf = open();
    QCOMPARE(shelf->entries().value().size(), std::size_t{3});
    QVERIFY(!shelf->entry(2).isOk()); // a number is not given twice
    QVERIFY(shelf->read(4).isOk());
    // And the other way round.
    QVERIFY(QFile::remove(shelf->runFile(shelf->entry(1).value())));
    QVERIFY(!open()->entry(1).value().hasDetail);
}

void TestShelfFaults::twoProcessesShareAShelf()
{
    QProcess first;
    QProcess second;
    startKeeper(first, 30);
    startKeeper(second, 30);
    QVERIFY(first.waitForFinished());
    QVERIFY(second.waitForFinished());
    QVERIFY2(first.exitCode() == 0, first.readAllStandardError());
    QVERIFY2(second.exitCode() == 0, second.readAllStandardError());
    QCOMPARE(open()->entries().value().size(), std::size_t{60});
}

void TestShelfFaults::fullDiskIsSaidAndTheShelfGoesOn()
{
    QVERIFY(open()); // the database is there, and its log can grow a little
    QProcess keeper;
    startKeeper(keeper, 1, {"6000"});
    QVERIFY(keeper.waitForFinished());
    QCOMPARE(keeper.exitCode(), 1);
    const QString message = QString::fromLocal8Bit(keeper.readAllStandardError());
    QVERIFY2(message.contains("not kept") && message.contains("File too large"),
             qPrintable(message));
    // Room for the run file, none for the row.
    QProcess later;
    startKeeper(later, 1'000, {"200000"});
    QVERIFY(later.waitForFinished());
    const QString rowMessage = QString::fromLocal8Bit(later.readAllStandardError());
    QVERIFY2(later.exitCode() == 1, qPrintable(rowMessage));
    QVERIFY2(rowMessage.contains("disk is full"), qPrintable(rowMessage));
    // With room again everything is there.
    const auto shelf = open();
    QVERIFY(shelf);
    QCOMPARE(static_cast<qsizetype>(shelf->entries().value().size()), runFiles().size());
    QVERIFY(shelf->keep(*test::makeSyntheticTrace(2, 100)).isOk());
}

void TestShelfFaults::folderThatCannotBeMadeIsSaid()
{
    QFile file(path("file"));
    QVERIFY(file.open(QFile::WriteOnly));
    for (const char* folder : {"file", "file/below"}) {
        const auto shelf = RunShelf::open(path(folder));
        QVERIFY(!shelf.isOk());
        QVERIFY2(shelf.error().message.find("cannot be made") != std::string::npos,
                 shelf.error().message.c_str());
    }
    QVERIFY(!RunShelf::open("/proc/shelf").isOk());
    // A folder in place of the database.
    QVERIFY(QDir().mkpath(path("shelf.sqlite/x")));
    QVERIFY(!RunShelf::open(m_folder->path()).isOk());
}

void TestShelfFaults::unusableDatabasesAreSetAsideAndRunsComeBack_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("words");
    QTest::newRow("garbage") << "garbage"
                             << "damaged";
    QTest::newRow("half of it") << "cut"
                                << "damaged";
    QTest::newRow("zeroed page") << "zeroed"
                                 << "damaged";
    QTest::newRow("newer") << "newer"
                           << "newer version";
    QTest::newRow("somebody else's") << "foreign"
                                     << "not a run shelf";
}

void TestShelfFaults::unusableDatabasesAreSetAsideAndRunsComeBack()
{
    QFETCH(QString, fault);
    QFETCH(QString, words);
    QProcess keeper;
    startKeeper(keeper, 5);
    QVERIFY(keeper.waitForFinished());
    execute({"PRAGMA wal_checkpoint(TRUNCATE)"});
    QFile file(path("shelf.sqlite"));
    if (fault == "newer") {
        execute({"PRAGMA user_version=99"});
    } else if (fault == "foreign") {
        execute({"PRAGMA application_id=1"});
    } else {
        QVERIFY(file.open(QFile::ReadWrite));
        if (fault == "cut") {
            QVERIFY(file.resize(file.size() / 2 - 100));
        } else {
            const qint64 from = fault == "garbage" ? 0 : 4096;
            QVERIFY(file.seek(from));
            file.write(QByteArray(4096, fault == "garbage" ? 'x' : '\0'));
        }
        file.close();
    }
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray before = file.readAll();
    file.close();

    const auto shelf = open();
    QVERIFY(shelf);
    QCOMPARE(shelf->notices().size(), 1);
    QVERIFY2(shelf->notices().first().contains(words), qPrintable(shelf->notices().first()));
    QCOMPARE(shelf->entries().value().size(), std::size_t{5});
    const QStringList aside =
        QDir(m_folder->path()).entryList({"shelf.sqlite.set-aside-*"}, QDir::Files);
    QVERIFY(!aside.isEmpty());
    QVERIFY(shelf->notices().first().contains(aside.first()));
    QFile kept(path(aside.first()));
    QVERIFY(kept.open(QFile::ReadOnly));
    QCOMPARE(kept.size(), before.size());
    QCOMPARE(open()->notices(), QStringList());
}

void TestShelfFaults::olderDatabaseIsBroughtUpToDate()
{
    QProcess keeper;
    startKeeper(keeper, 2);
    QVERIFY(keeper.waitForFinished());
    // As version 1 left it.
    execute({"DROP TABLE choices", "DROP INDEX runs_by_time", "PRAGMA user_version=1",
             "UPDATE runs SET notes='old' WHERE id=1"});
    const auto shelf = open();
    QVERIFY(shelf);
    QCOMPARE(shelf->notices(), QStringList());
    QCOMPARE(shelf->entry(1).value().notes, QStringLiteral("old"));
    QVERIFY(shelf->setLimitBytes(1'000'000).isOk());
    QCOMPARE(shelf->limitBytes().value(), 1'000'000);
}

void TestShelfFaults::damagedRunFileIsSetAsideOnce()
{
    QVERIFY(open());
    QFile file(path("runs/abc.pscope"));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("no run");
    file.close();
    const auto shelf = open();
    QCOMPARE(shelf->notices().size(), 1);
    QVERIFY(shelf->entries().value().empty());
    QVERIFY(QFile::exists(path("runs/abc.pscope.set-aside")));
    QCOMPARE(open()->notices(), QStringList());
}

namespace {

void setWritable(const QString& path, bool isWritable, bool isFolder)
{
    const mode_t mode = isFolder ? 0555 : 0444;
    QCOMPARE(::chmod(qPrintable(path), isWritable ? mode | 0200 : mode), 0);
}

} // namespace

void TestShelfFaults::readOnlyShelfIsReadAndSaysThatItCannotBeChanged()
{
    {
        const auto shelf = open();
        QVERIFY(shelf->keep(*test::makeSyntheticTrace(2, 100)).isOk());
        QVERIFY(shelf->setNotes(1, "a note").isOk());
        QVERIFY(!shelf->isReadOnly());
    }
    QFile::remove(path("shelf.sqlite-wal"));
    QFile::remove(path("shelf.sqlite-shm"));
    const QString file = path("runs/") + runFiles().value(0);
    for (const QString& each : {path("shelf.sqlite"), file}) {
        setWritable(each, false, false);
    }
    for (const QString& each : {path("runs"), m_folder->path()}) {
        setWritable(each, false, true);
    }
    {
        const test::AsNobody nobody;
        const auto shelf = open();
        QVERIFY(shelf);
        QVERIFY(shelf->isReadOnly());
        QCOMPARE(shelf->entries().value().size(), std::size_t{1});
        QCOMPARE(shelf->entry(1).value().notes, QStringLiteral("a note"));
        QVERIFY(shelf->read(1).isOk());
        const std::array<Result<void>, 4> errors{shelf->rename(1, "x"), shelf->remove(1),
                                                 shelf->purge({1}), shelf->setLimitBytes(1)};
        for (const Result<void>& each : errors) {
            QVERIFY(!each.isOk());
            QVERIFY2(each.error().message.find("can only be read") != std::string::npos,
                     each.error().message.c_str());
        }
        QVERIFY(!shelf->keep(*test::makeSyntheticTrace(2, 200)).isOk());
    }
    for (const QString& each : {path("runs"), m_folder->path()}) {
        setWritable(each, true, true);
    }
    QCOMPARE(runFiles().size(), 1);
}

void TestShelfFaults::runIsKeptThoughOthersCannotBeLetGo()
{
    const auto shelf = open();
    QVERIFY(shelf->keep(*test::makeSyntheticTrace(2, 100)).isOk());
    // The limit cannot be read, so nothing can be let go.
    execute({"ALTER TABLE choices RENAME TO chosen"});
    Snapshot run = *test::makeSyntheticTrace(2, 200);
    auto meta = std::make_shared<TraceMeta>(*run.meta);
    meta->runId = "00ff00ff00ff00ff";
    run.meta = meta;
    const auto kept = shelf->keep(run);
    QVERIFY2(kept.isOk(), kept.isOk() ? "" : kept.error().message.c_str());
    QVERIFY(shelf->read(kept.value()).isOk());
    const QStringList notices = shelf->takeNotices();
    QCOMPARE(notices.size(), 1);
    QVERIFY2(notices.first().contains("was kept"), qPrintable(notices.first()));
    QCOMPARE(shelf->notices(), QStringList());
}

QTEST_GUILESS_MAIN(TestShelfFaults)
#include "tst_shelf_faults.moc"
