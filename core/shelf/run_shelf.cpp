// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/run_shelf.h"

#include "core/io/file_format.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QStandardPaths>

#include <signal.h> // NOLINT(modernize-deprecated-headers): kill() is POSIX's

#include <cerrno>
#include <utility>

namespace poolscope {

namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(RunShelf)
};

Error shelfError(const QString& message)
{
    return Error{message.toStdString()};
}

/// The run's id where it can be a file's name, else a hash of it: run files may hold anything.
QString fileNameOf(const QString& runId)
{
    static const QRegularExpression plain(QStringLiteral("^[0-9a-f]{8,64}$"));
    const QString stem =
        plain.match(runId).hasMatch()
            ? runId
            : QString::fromLatin1(
                  QCryptographicHash::hash(runId.toUtf8(), QCryptographicHash::Sha256).toHex());
    return stem + QStringLiteral(".pscope");
}

/// SQL takes a null text for NULL, which no column may be.
QString notNull(const QString& text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

QString toText(const QJsonObject& object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

ShelfEntry entryAt(const QSqlQuery& row)
{
    const auto json = [&row](int column) {
        return QJsonDocument::fromJson(row.value(column).toString().toUtf8());
    };
    ShelfEntry entry;
    entry.id = row.value(0).toLongLong();
    entry.runId = row.value(1).toString();
    entry.startedUnixNs = row.value(2).toLongLong();
    entry.name = row.value(3).toString();
    entry.workload = row.value(4).toString();
    entry.title = row.value(5).toString();
    entry.settings = json(6).object();
    entry.machine = json(7).object();
    entry.figures = json(8).array();
    entry.notes = row.value(9).toString();
    entry.tags = row.value(10).toString().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    entry.file = row.value(11).toString();
    entry.fileBytes = row.value(12).toLongLong();
    entry.hasDetail = row.value(13).toBool();
    entry.isRemoved = row.value(14).toBool();
    return entry;
}

std::string bytesOf(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

} // namespace

QString RunShelf::defaultFolder()
{
    const QString chosen = qEnvironmentVariable("POOLSCOPE_SHELF");
    return chosen.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                                  QStringLiteral("/shelf")
                            : chosen;
}

RunShelf::RunShelf(QString folder)
    : m_folder(std::move(folder))
{}

Result<std::unique_ptr<RunShelf>> RunShelf::open(const QString& folder)
{
    std::unique_ptr<RunShelf> shelf(
        new RunShelf(QDir(folder).absolutePath())); // private constructor
    if (!QDir().mkpath(shelf->m_folder + QStringLiteral("/runs"))) {
        return shelfError(
            Text::tr("The run shelf cannot be used: the folder \"%1\" cannot be made.")
                .arg(shelf->m_folder));
    }
    Result<std::unique_ptr<ShelfDatabase>> database =
        ShelfDatabase::open(shelf->m_folder + QStringLiteral("/shelf.sqlite"));
    if (!database) {
        return database.error();
    }
    shelf->m_database = std::move(database).value();
    if (!shelf->m_database->notice().isEmpty()) {
        shelf->m_notices << shelf->m_database->notice();
    }
    if (auto done = shelf->reconcile(); !done) {
        return done.error();
    }
    return shelf;
}

QString RunShelf::runFile(const ShelfEntry& entry) const
{
    return m_folder + QStringLiteral("/runs/") + entry.file;
}

/// After a crash a run file may have no row, a row no run file; and somebody may have deleted files.
Result<void> RunShelf::reconcile()
{
    removeLeftovers();
    const Result<std::vector<ShelfEntry>> known = select(QStringLiteral("1"));
    if (!known) {
        return known.error();
    }
    QHash<QString, bool> hasDetail;
    for (const ShelfEntry& entry : known.value()) {
        hasDetail[entry.file] = entry.hasDetail;
    }
    // Listed after the rows were read: what another process adds meanwhile is taken for lost and found,
    // which insert() lets pass.
    const QStringList files = QDir(m_folder + QStringLiteral("/runs"))
                                  .entryList({QStringLiteral("*.pscope")}, QDir::Files);
    for (const QString& file : files) {
        if (!hasDetail.contains(file)) {
            if (auto found = findAgain(file); !found) {
                return found;
            }
        } else if (!hasDetail.take(file)) {
            if (auto done = m_database->run(
                    QStringLiteral("UPDATE runs SET has_detail=1 WHERE file=?"), {file});
                !done) {
                return done.error();
            }
        }
    }
    for (auto row = hasDetail.cbegin(); row != hasDetail.cend(); ++row) {
        if (row.value() && !QFile::exists(m_folder + QStringLiteral("/runs/") + row.key())) {
            if (auto done = m_database->run(
                    QStringLiteral("UPDATE runs SET has_detail=0 WHERE file=?"), {row.key()});
                !done) {
                return done.error();
            }
        }
    }
    return {};
}

Result<void> RunShelf::findAgain(const QString& file)
{
    const QString path = m_folder + QStringLiteral("/runs/") + file;
    const Result<SnapshotPtr> run = readRunFile(bytesOf(path));
    if (!run) {
        if (QFile::rename(path, path + QStringLiteral(".set-aside"))) {
            m_notices << Text::tr("A run file on the shelf cannot be read and was set aside: %1")
                             .arg(QString::fromStdString(run.error().message));
        }
        return {};
    }
    ShelfEntry entry = describeRun(*run.value());
    entry.file = file;
    entry.fileBytes = QFileInfo(path).size();
    return insert(entry);
}

/// Half-written files of processes that are gone (replace_file.h).
void RunShelf::removeLeftovers() const
{
    QDir runs(m_folder + QStringLiteral("/runs"));
    const QStringList names =
        runs.entryList({QStringLiteral(".poolscope-*.tmp")}, QDir::Files | QDir::Hidden);
    for (const QString& name : names) {
        const int process = name.section(QLatin1Char('-'), 1, 1).toInt();
        if (process > 0 && ::kill(process, 0) != 0 && errno == ESRCH) {
            runs.remove(name);
        }
    }
}

Result<void> RunShelf::insert(const ShelfEntry& entry)
{
    const auto done = m_database->run(
        QStringLiteral(
            "INSERT INTO runs (run_id, started_ns, name, workload, title, settings, machine, "
            "figures, notes, tags, file, file_bytes, has_detail, removed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, 1, 0) ON CONFLICT (file) DO UPDATE SET "
            "name=CASE excluded.name WHEN '' THEN name ELSE excluded.name END, "
            "figures=excluded.figures, file_bytes=excluded.file_bytes, has_detail=1, removed=0"),
        {notNull(entry.runId), entry.startedUnixNs, notNull(entry.name), notNull(entry.workload),
         notNull(entry.title), toText(entry.settings), toText(entry.machine),
         QString::fromUtf8(QJsonDocument(entry.figures).toJson(QJsonDocument::Compact)), entry.file,
         entry.fileBytes});
    return done ? Result<void>{} : done.error();
}

Result<qint64> RunShelf::keep(const Snapshot& snapshot, const QString& name)
{
    ShelfEntry entry = describeRun(snapshot);
    entry.name = name.simplified();
    entry.file = fileNameOf(entry.runId);
    const QString path = runFile(entry);
    if (auto written = writeSnapshot(snapshot, *findFileFormat("pscope"), bytesOf(path));
        !written) {
        return Error{Text::tr("The run was not kept on the shelf. %1")
                         .arg(QString::fromStdString(written.error().message))
                         .toStdString()};
    }
    entry.fileBytes = QFileInfo(path).size();
    if (auto done = insert(entry); !done) {
        return done.error();
    }
    const Result<std::vector<ShelfEntry>> kept = select(QStringLiteral("file=?"), {entry.file});
    if (!kept) {
        return kept.error();
    }
    if (auto done = letGoBeyondLimit(entry.file); !done) {
        return done.error();
    }
    return kept.value().front().id;
}

Result<std::vector<ShelfEntry>> RunShelf::select(const QString& condition,
                                                 const QVariantList& values) const
{
    Result<QSqlQuery> rows = m_database->run(
        QStringLiteral("SELECT id, run_id, started_ns, name, workload, title, settings, machine, "
                       "figures, notes, tags, file, file_bytes, has_detail, removed FROM runs "
                       "WHERE %1 ORDER BY started_ns DESC, id DESC")
            .arg(condition),
        values);
    if (!rows) {
        return rows.error();
    }
    std::vector<ShelfEntry> entries;
    while (rows.value().next()) {
        entries.push_back(entryAt(rows.value()));
    }
    return entries;
}

Result<std::vector<ShelfEntry>> RunShelf::entries(const QString& words) const
{
    Result<std::vector<ShelfEntry>> found = select(QStringLiteral("removed=0"));
    if (found) {
        std::erase_if(found.value(),
                      [&words](const ShelfEntry& entry) { return !matchesWords(entry, words); });
    }
    return found;
}

Result<ShelfEntry> RunShelf::entry(qint64 id) const
{
    const Result<std::vector<ShelfEntry>> found =
        select(QStringLiteral("removed=0 AND id=?"), {id});
    if (!found) {
        return found.error();
    }
    if (found.value().empty()) {
        return shelfError(Text::tr("There is no run %1 on the shelf.").arg(id));
    }
    return found.value().front();
}

Result<SnapshotPtr> RunShelf::read(qint64 id) const
{
    const Result<ShelfEntry> found = entry(id);
    if (!found) {
        return found.error();
    }
    if (!found.value().hasDetail) {
        return shelfError(
            Text::tr("Of run %1 only the figures are left: its run file was let go to save room.")
                .arg(id));
    }
    return readRunFile(bytesOf(runFile(found.value())));
}

Result<void> RunShelf::change(qint64 id, const QString& column, const QVariant& value)
{
    const auto done =
        m_database->run(QStringLiteral("UPDATE runs SET %1=? WHERE id=?").arg(column), {value, id});
    if (!done) {
        return done.error();
    }
    if (done.value().numRowsAffected() < 1) {
        return shelfError(Text::tr("There is no run %1 on the shelf.").arg(id));
    }
    return {};
}

Result<void> RunShelf::rename(qint64 id, const QString& name)
{
    return change(id, QStringLiteral("name"), notNull(name.simplified()));
}

Result<void> RunShelf::setNotes(qint64 id, const QString& notes)
{
    return change(id, QStringLiteral("notes"), notNull(notes));
}

Result<void> RunShelf::setTags(qint64 id, QStringList tags)
{
    tags = tags.join(QLatin1Char(' ')).simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    tags.sort();
    tags.removeDuplicates();
    return change(id, QStringLiteral("tags"), notNull(tags.join(QLatin1Char('\n'))));
}

Result<void> RunShelf::remove(qint64 id)
{
    return change(id, QStringLiteral("removed"), 1);
}

Result<void> RunShelf::restore(qint64 id)
{
    return change(id, QStringLiteral("removed"), 0);
}

Result<void> RunShelf::purgeRemoved()
{
    const Result<std::vector<ShelfEntry>> removed = select(QStringLiteral("removed=1"));
    if (!removed) {
        return removed.error();
    }
    for (const ShelfEntry& entry : removed.value()) {
        // The file first: a file without a row would be found again.
        const QString path = runFile(entry);
        if (QFile::exists(path) && !QFile::remove(path)) {
            return shelfError(Text::tr("The run file \"%1\" cannot be deleted.").arg(path));
        }
        if (auto done = m_database->run(QStringLiteral("DELETE FROM runs WHERE id=? AND removed=1"),
                                        {entry.id});
            !done) {
            return done.error();
        }
    }
    return {};
}

Result<qint64> RunShelf::limitBytes() const
{
    Result<QSqlQuery> row =
        m_database->run(QStringLiteral("SELECT value FROM choices WHERE name='limit_bytes'"));
    if (!row) {
        return row.error();
    }
    return row.value().next() ? row.value().value(0).toLongLong() : kDefaultLimitBytes;
}

Result<void> RunShelf::setLimitBytes(qint64 bytes)
{
    const auto done = m_database->run(
        QStringLiteral("INSERT OR REPLACE INTO choices (name, value) VALUES ('limit_bytes', ?)"),
        {bytes});
    return done ? letGoBeyondLimit({}) : done.error();
}

Result<void> RunShelf::letGoBeyondLimit(const QString& kept)
{
    const Result<qint64> limit = limitBytes();
    if (!limit) {
        return limit.error();
    }
    const Result<std::vector<ShelfEntry>> all = select(QStringLiteral("has_detail=1"));
    if (!all) {
        return all.error();
    }
    qint64 bytes = 0;
    for (const ShelfEntry& entry : all.value()) {
        bytes += entry.fileBytes;
    }
    for (auto entry = all.value().rbegin(); entry != all.value().rend(); ++entry) {
        if (bytes <= limit.value()) {
            break;
        }
        if (!entry->tags.isEmpty() || entry->file == kept || !QFile::remove(runFile(*entry))) {
            continue;
        }
        bytes -= entry->fileBytes;
        if (auto done = change(entry->id, QStringLiteral("has_detail"), 0); !done) {
            return done;
        }
    }
    return {};
}

} // namespace poolscope
