// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shelf/run_shelf.h"

#include "core/io/file_format.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

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

std::string bytesOf(const QString& path)
{
    return QFile::encodeName(path).toStdString();
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

/// Whether there is a shelf that may be read and not be written.
bool isReadOnlyShelf(const QString& database)
{
    const QFileInfo file(database);
    return file.isFile() && file.isReadable() &&
           (!file.isWritable() || !QFileInfo(file.absolutePath()).isWritable());
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
    const QString path = shelf->m_folder + QStringLiteral("/shelf.sqlite");
    shelf->m_isReadOnly = isReadOnlyShelf(path);
    if (!shelf->m_isReadOnly && !QDir().mkpath(shelf->m_folder + QStringLiteral("/runs"))) {
        return shelfError(
            Text::tr("The run shelf cannot be used: the folder \"%1\" cannot be made.")
                .arg(shelf->m_folder));
    }
    Result<std::unique_ptr<ShelfDatabase>> database =
        shelf->m_isReadOnly ? ShelfDatabase::openToRead(path) : ShelfDatabase::open(path);
    if (!database) {
        return database.error();
    }
    shelf->m_database = std::move(database).value();
    if (!shelf->m_database->notice().isEmpty()) {
        shelf->m_notices << shelf->m_database->notice();
    }
    if (auto done = shelf->m_isReadOnly ? Result<void>{} : shelf->reconcile(); !done) {
        return done.error();
    }
    return shelf;
}

QString RunShelf::runFile(const ShelfEntry& entry) const
{
    return m_folder + QStringLiteral("/runs/") + entry.file;
}

QStringList RunShelf::takeNotices()
{
    return std::exchange(m_notices, {});
}

Result<void> RunShelf::checkWritable() const
{
    return m_isReadOnly
               ? shelfError(
                     Text::tr("The run shelf \"%1\" can only be read; make the folder and what "
                              "lies in it writable, or name another one by POOLSCOPE_SHELF.")
                         .arg(m_folder))
               : Result<void>{};
}

Result<qint64> RunShelf::keep(const Snapshot& snapshot, const QString& name)
{
    if (const auto allowed = checkWritable(); !allowed) {
        return allowed.error();
    }
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
    if (const auto done = letGoBeyondLimit(entry.file); !done) {
        m_notices << Text::tr(
                         "The run was kept, yet older run files beyond the shelf's limit could "
                         "not be let go. %1")
                         .arg(QString::fromStdString(done.error().message));
    }
    return kept.value().front().id;
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

Result<void> RunShelf::rename(qint64 id, const QString& name)
{
    return change(id, QStringLiteral("name"), name.simplified());
}

Result<void> RunShelf::setNotes(qint64 id, const QString& notes)
{
    return change(id, QStringLiteral("notes"), notes);
}

Result<void> RunShelf::setTags(qint64 id, QStringList tags)
{
    tags = tags.join(QLatin1Char(' ')).simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    tags.sort();
    tags.removeDuplicates();
    return change(id, QStringLiteral("tags"), tags.join(QLatin1Char('\n')));
}

Result<void> RunShelf::remove(qint64 id)
{
    return change(id, QStringLiteral("removed"), QDateTime::currentSecsSinceEpoch());
}

Result<void> RunShelf::restore(qint64 id)
{
    return change(id, QStringLiteral("removed"), 0);
}

Result<void> RunShelf::purge(const std::vector<qint64>& ids)
{
    if (auto allowed = checkWritable(); !allowed) {
        return allowed;
    }
    for (const qint64 id : ids) {
        const auto removed = select(QStringLiteral("removed<>0 AND id=?"), {id});
        if (!removed) {
            return removed.error();
        }
        for (const ShelfEntry& entry : removed.value()) {
            if (auto done = deleteForGood(entry); !done) {
                return done;
            }
        }
    }
    return {};
}

} // namespace poolscope
