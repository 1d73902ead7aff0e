// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// RunShelf's upkeep: rows and run files in agreement, run files within the limit.

#include "core/io/file_format.h"
#include "core/shelf/run_shelf.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>

#include <signal.h> // NOLINT(modernize-deprecated-headers): kill() is POSIX's

#include <algorithm>
#include <cerrno>
#include <utility>

namespace poolscope {

namespace {

/// So long somebody may want to undo a removal; then it stems from a program that ended before it
/// could purge.
constexpr qint64 kUndoSeconds = 24LL * 60 * 60;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(RunShelf)
};

} // namespace

/// After a crash a run file may have no row, a row no run file; and somebody may have deleted files.
Result<void> RunShelf::reconcile()
{
    removeLeftovers();
    if (auto done = purgeForgotten(); !done) {
        return done;
    }
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
    const Result<SnapshotPtr> run = readRunFile(QFile::encodeName(path).toStdString());
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

Result<void> RunShelf::purgeForgotten()
{
    const auto forgotten = select(QStringLiteral("removed<>0 AND removed<?"),
                                  {QDateTime::currentSecsSinceEpoch() - kUndoSeconds});
    if (!forgotten) {
        return forgotten.error();
    }
    for (const ShelfEntry& entry : forgotten.value()) {
        if (auto done = deleteForGood(entry); !done) {
            return done;
        }
    }
    return {};
}

Result<void> RunShelf::deleteForGood(const ShelfEntry& entry)
{
    // The file first: a file without a row would be found again.
    const QString path = runFile(entry);
    if (QFile::exists(path) && !QFile::remove(path)) {
        return Error{Text::tr("The run file \"%1\" cannot be deleted.").arg(path).toStdString()};
    }
    const auto done =
        m_database->run(QStringLiteral("DELETE FROM runs WHERE id=? AND removed<>0"), {entry.id});
    return done ? Result<void>{} : done.error();
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
    if (auto allowed = checkWritable(); !allowed) {
        return allowed;
    }
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
    Result<std::vector<ShelfEntry>> all = select(QStringLiteral("has_detail=1"));
    if (!all) {
        return all.error();
    }
    std::vector<ShelfEntry> entries = std::move(all).value();
    qint64 bytes = 0;
    for (const ShelfEntry& entry : entries) {
        bytes += entry.fileBytes;
    }
    std::ranges::reverse(entries); // the oldest go first
    for (const ShelfEntry& entry : entries) {
        if (bytes <= limit.value()) {
            break;
        }
        if (!entry.tags.isEmpty() || entry.file == kept || !QFile::remove(runFile(entry))) {
            continue;
        }
        bytes -= entry.fileBytes;
        if (auto done = change(entry.id, QStringLiteral("has_detail"), 0); !done) {
            return done;
        }
    }
    return {};
}

} // namespace poolscope
