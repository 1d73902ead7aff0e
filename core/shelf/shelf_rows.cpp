// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// RunShelf's rows: how an entry lies in the database.

#include "core/shelf/run_shelf.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <utility>

namespace poolscope {

namespace {

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

} // namespace

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

Result<void> RunShelf::change(qint64 id, const QString& column, const QVariant& value)
{
    if (auto allowed = checkWritable(); !allowed) {
        return allowed;
    }
    const QVariant stored =
        value.typeId() == QMetaType::QString ? QVariant(notNull(value.toString())) : value;
    const auto done = m_database->run(QStringLiteral("UPDATE runs SET %1=? WHERE id=?").arg(column),
                                      {stored, id});
    if (!done) {
        return done.error();
    }
    if (done.value().numRowsAffected() < 1) {
        return Error{QCoreApplication::translate("RunShelf", "There is no run %1 on the shelf.")
                         .arg(id)
                         .toStdString()};
    }
    return {};
}

} // namespace poolscope
