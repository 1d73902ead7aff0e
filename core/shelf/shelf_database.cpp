// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/shelf_database.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QElapsedTimer>
#include <QFile>
#include <QSqlError>
#include <QThread>
#include <QUrl>
#include <QVariant>

#include <atomic>
#include <initializer_list>
#include <utility>

namespace poolscope {

namespace {

// Primary result codes of SQLite (sqlite.org/rescode.html).
constexpr int kBusy = 5;
constexpr int kReadOnly = 8;
constexpr int kInputOutput = 10;
constexpr int kCorrupt = 11;
constexpr int kFull = 13;
constexpr int kNotADatabase = 26;
/// How long another program may keep the database.
constexpr int kPatienceMs = 5000;
constexpr int kPauseMs = 5;
/// Says in the file's header whose it is: "PSSH".
constexpr int kApplicationId = 0x50535348;

/// What leads from one version to the next; row 0 makes version 1.
const std::initializer_list<std::initializer_list<const char*>> kSteps = {
    {"CREATE TABLE runs ("
     "id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, started_ns INTEGER NOT NULL, "
     "name TEXT NOT NULL, workload TEXT NOT NULL, title TEXT NOT NULL, settings TEXT NOT NULL, "
     "machine TEXT NOT NULL, figures TEXT NOT NULL, notes TEXT NOT NULL, tags TEXT NOT NULL, "
     "file TEXT NOT NULL UNIQUE, file_bytes INTEGER NOT NULL, has_detail INTEGER NOT NULL, "
     "removed INTEGER NOT NULL)"},
    {"CREATE TABLE choices (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
     "CREATE INDEX runs_by_time ON runs (started_ns)"},
};

class Text
{
    Q_DECLARE_TR_FUNCTIONS(RunShelf)
};

QString reason(int code, const QSqlError& error)
{
    switch (code) {
    case kBusy:
        return Text::tr("another program keeps it busy");
    case kReadOnly:
        return Text::tr("it, or its folder, is read-only");
    case kFull:
        return Text::tr("the disk is full");
    case kInputOutput:
        return Text::tr("it cannot be read or written; perhaps the disk is full");
    case kCorrupt:
    case kNotADatabase:
        return Text::tr("it is damaged");
    default:
        return error.databaseText();
    }
}

int nextNumber()
{
    static std::atomic<int> number{0};
    return ++number;
}

} // namespace

ShelfDatabase::ShelfDatabase(QString path)
    : m_path(std::move(path))
    , m_connection(QStringLiteral("poolscope-shelf-%1").arg(nextNumber()))
{}

ShelfDatabase::~ShelfDatabase()
{
    disconnectAll();
}

Result<std::unique_ptr<ShelfDatabase>> ShelfDatabase::open(const QString& path)
{
    std::unique_ptr<ShelfDatabase> database(new ShelfDatabase(path)); // private constructor
    Opened opened = database->connectAndCheck();
    if (opened == Opened::Unusable && database->setAside()) {
        opened = database->connectAndCheck();
    }
    if (opened != Opened::Right) {
        return Error{database->m_problem.toStdString()};
    }
    return database;
}

void ShelfDatabase::disconnectAll()
{
    if (QSqlDatabase::contains(m_connection)) {
        QSqlDatabase::database(m_connection, false).close();
        QSqlDatabase::removeDatabase(m_connection);
    }
}

Result<std::unique_ptr<ShelfDatabase>> ShelfDatabase::openToRead(const QString& path)
{
    std::unique_ptr<ShelfDatabase> database(new ShelfDatabase(path)); // private constructor
    int version = 0;
    // SQLite wants to make files beside one with a write-ahead log, unless told that nobody writes it.
    const QString unchanging = QStringLiteral("file:%1?immutable=1")
                                   .arg(QString::fromLatin1(QUrl::toPercentEncoding(path, "/")));
    for (const QString& name : {path, unchanging}) {
        const bool isPath = name == path;
        const QString options = isPath ? QStringLiteral("QSQLITE_OPEN_READONLY")
                                       : QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI");
        if (database->connect(name, options) == Opened::Right &&
            database->checkKind(version) == Opened::Right) {
            return database;
        }
    }
    return Error{Text::tr("The run shelf \"%1\" cannot be read: %2")
                     .arg(path, database->m_problem)
                     .toStdString()};
}

ShelfDatabase::Opened ShelfDatabase::connect(const QString& name, const QString& options)
{
    disconnectAll();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    if (!database.isValid()) {
        m_problem = Text::tr("The run shelf needs Qt's driver for SQLite (package "
                             "libqt6sql6-sqlite), which is not installed.");
        return Opened::Failed;
    }
    database.setDatabaseName(name);
    database.setConnectOptions(options);
    if (!database.open()) {
        m_problem = Text::tr("Cannot open the run shelf \"%1\": %2.")
                        .arg(m_path, database.lastError().databaseText());
        return Opened::Failed;
    }
    return Opened::Right;
}

ShelfDatabase::Opened ShelfDatabase::connectAndCheck()
{
    const Opened connected =
        connect(m_path, QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kPatienceMs));
    return connected == Opened::Right ? check() : connected;
}

ShelfDatabase::Opened ShelfDatabase::failed(const Error& error)
{
    m_problem = QString::fromStdString(error.message);
    return m_errorCode == kCorrupt || m_errorCode == kNotADatabase ? Opened::Unusable
                                                                   : Opened::Failed;
}

ShelfDatabase::Opened ShelfDatabase::checkKind(int& version)
{
    const auto number = [this](const QString& sql) -> Result<int> {
        Result<QSqlQuery> query = run(sql);
        if (!query) {
            return query.error();
        }
        query.value().next();
        return query.value().value(0).toInt();
    };
    const Result<int> tables = number(QStringLiteral("SELECT count(*) FROM sqlite_master"));
    const Result<int> found = number(QStringLiteral("PRAGMA user_version"));
    const Result<int> owner = number(QStringLiteral("PRAGMA application_id"));
    for (const Result<int>* each : {&tables, &found, &owner}) {
        if (!*each) {
            return failed(each->error());
        }
    }
    version = found.value();
    if (version > kSchemaVersion) {
        m_problem = Text::tr("it comes from a newer version of Poolscope");
        return Opened::Unusable;
    }
    const bool isNew = tables.value() == 0;
    if (!isNew && (owner.value() != kApplicationId || version < 1)) {
        m_problem = Text::tr("it is not a run shelf");
        return Opened::Unusable;
    }
    return Opened::Right;
}

ShelfDatabase::Opened ShelfDatabase::check()
{
    int version = 0;
    if (const Opened kind = checkKind(version); kind != Opened::Right) {
        return kind;
    }
    Result<QSqlQuery> sound = run(QStringLiteral("PRAGMA quick_check(1)"));
    if (!sound) {
        return failed(sound.error());
    }
    if (!sound.value().next() || sound.value().value(0).toString() != QLatin1String("ok")) {
        m_problem = Text::tr("it is damaged");
        return Opened::Unusable;
    }
    sound.value().finish();
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"}) {
        if (const auto set = run(QLatin1String(pragma)); !set) {
            return failed(set.error());
        }
    }
    return migrate(version);
}

ShelfDatabase::Opened ShelfDatabase::migrate(int from)
{
    if (from == kSchemaVersion) {
        return Opened::Right;
    }
    if (const auto begun = run(QStringLiteral("BEGIN IMMEDIATE")); !begun) {
        return failed(begun.error());
    }
    // Another process may have done it while this one waited.
    Result<QSqlQuery> version = run(QStringLiteral("PRAGMA user_version"));
    if (version && version.value().next()) {
        from = version.value().value(0).toInt();
        version.value().finish();
    }
    QStringList statements;
    for (int step = from; step < kSchemaVersion; ++step) {
        for (const char* statement : kSteps.begin()[step]) {
            statements << QLatin1String(statement);
        }
    }
    statements << QStringLiteral("PRAGMA user_version=%1").arg(kSchemaVersion)
               << QStringLiteral("PRAGMA application_id=%1").arg(kApplicationId)
               << QStringLiteral("COMMIT");
    for (const QString& statement : std::as_const(statements)) {
        if (const auto done = run(statement); !done) {
            const Opened why = failed(done.error());
            static_cast<void>(run(QStringLiteral("ROLLBACK")));
            return why;
        }
    }
    return Opened::Right;
}

bool ShelfDatabase::setAside()
{
    disconnectAll();
    const QString stem = m_path + QDateTime::currentDateTime().toString(
                                      QStringLiteral(".'set-aside'-yyyyMMdd-hhmmss"));
    QString target = stem;
    for (int tries = 2; QFile::exists(target); ++tries) {
        target = stem + QLatin1Char('-') + QString::number(tries);
    }
    if (!QFile::rename(m_path, target)) {
        m_problem = Text::tr("The run shelf \"%1\" cannot be used, for %2, nor be renamed.")
                        .arg(m_path, m_problem);
        return false;
    }
    // What was not yet merged into the file goes with it.
    for (const char* suffix : {"-wal", "-shm"}) {
        QFile::rename(m_path + QLatin1String(suffix), target + QLatin1String(suffix));
    }
    m_notice =
        Text::tr("The run shelf's database could not be used (%1). It was set aside as \"%2\", "
                 "and a new one was made from the run files.")
            .arg(m_problem, target);
    return true;
}

Result<QSqlQuery> ShelfDatabase::run(const QString& sql, const QVariantList& values) const
{
    QElapsedTimer waited;
    waited.start();
    for (;;) {
        QSqlQuery query(QSqlDatabase::database(m_connection, false));
        query.setForwardOnly(true);
        bool isDone = query.prepare(sql);
        for (const QVariant& value : values) {
            query.addBindValue(value);
        }
        isDone = isDone && query.exec();
        if (isDone) {
            return query;
        }
        m_errorCode = query.lastError().nativeErrorCode().toInt() & 0xff;
        // The first to open a new file and the last to close one lock it whole, and then SQLite does not wait
        // by itself (sqlite.org/wal.html, section 10).
        if (m_errorCode == kBusy && !waited.hasExpired(kPatienceMs)) {
            QThread::msleep(kPauseMs);
            continue;
        }
        return Error{Text::tr("The run shelf \"%1\": %2.")
                         .arg(m_path, reason(m_errorCode, query.lastError()))
                         .toStdString()};
    }
}

} // namespace poolscope
