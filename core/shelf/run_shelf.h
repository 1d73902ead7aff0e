// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/shelf/shelf_database.h"
#include "core/shelf/shelf_entry.h"
#include "core/trace/snapshot.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace poolscope {

/// Where finished runs are kept: a folder with their run files and a small database of what is known of
/// each. A run file is written first, then its row; what is missing after a crash is found again by the next
/// open(). Belongs to the thread that made it; several processes may use one shelf.
class RunShelf
{
public:
    static constexpr qint64 kDefaultLimitBytes = qint64{2} << 30;

    /// \return POOLSCOPE_SHELF of the environment, or "shelf" in the user's folder of application data.
    [[nodiscard]] static QString defaultFolder();
    /// Opens the shelf in \p folder, making both if need be, and puts rows and run files in agreement. One
    /// that may only be read is opened to be read. Error: the folder or the database cannot be made or written; says why.
    static Result<std::unique_ptr<RunShelf>> open(const QString& folder);

    /// \return what the user should know: what was set aside, what could not be done beside what was asked.
    [[nodiscard]] const QStringList& notices() const { return m_notices; }
    /// \return the same, and forgets it.
    [[nodiscard]] QStringList takeNotices();
    /// Whether nothing on it can be changed: everything that would is an error.
    [[nodiscard]] bool isReadOnly() const { return m_isReadOnly; }
    [[nodiscard]] QString folder() const { return m_folder; }

    /// Keeps a finished run, and lets go of others' run files beyond the limit. A run that is there already is
    /// kept anew under its id; \p name empty: its name stays. \return its id; that others could not be let
    /// go is a notice. O(records).
    [[nodiscard]] Result<qint64> keep(const Snapshot& snapshot, const QString& name = {});
    /// \return those that match \p words and were not removed, the newest first.
    [[nodiscard]] Result<std::vector<ShelfEntry>> entries(const QString& words = {}) const;
    /// Error: there is none.
    [[nodiscard]] Result<ShelfEntry> entry(qint64 id) const;
    /// Error: the run file was let go, or cannot be read.
    [[nodiscard]] Result<SnapshotPtr> read(qint64 id) const;
    [[nodiscard]] QString runFile(const ShelfEntry& entry) const;

    // Error of these: there is no such run, or the shelf cannot be written.
    [[nodiscard]] Result<void> rename(qint64 id, const QString& name);
    [[nodiscard]] Result<void> setNotes(qint64 id, const QString& notes);
    /// \p tags: words; sorted and each once.
    [[nodiscard]] Result<void> setTags(qint64 id, QStringList tags);
    /// Takes it off the shelf; until purge() it can be restored, for a day at least.
    [[nodiscard]] Result<void> remove(qint64 id);
    [[nodiscard]] Result<void> restore(qint64 id);
    /// Deletes for good those of \p ids that were removed, run files and rows.
    [[nodiscard]] Result<void> purge(const std::vector<qint64>& ids);

    /// How many bytes all run files may have together.
    [[nodiscard]] Result<qint64> limitBytes() const;
    /// Lets go at once of what is beyond \p bytes: the oldest run files without tags; their rows stay.
    [[nodiscard]] Result<void> setLimitBytes(qint64 bytes);

private:
    explicit RunShelf(QString folder);

    Result<void> reconcile();
    Result<void> findAgain(const QString& file);
    void removeLeftovers() const;
    Result<void> purgeForgotten();
    Result<void> deleteForGood(const ShelfEntry& entry);
    [[nodiscard]] Result<void> checkWritable() const;
    Result<void> insert(const ShelfEntry& entry);
    Result<void> change(qint64 id, const QString& column, const QVariant& value);
    /// \p kept: stays, whatever its size.
    Result<void> letGoBeyondLimit(const QString& kept);
    [[nodiscard]] Result<std::vector<ShelfEntry>> select(const QString& condition,
                                                         const QVariantList& values = {}) const;

    const QString m_folder;
    QStringList m_notices;
    bool m_isReadOnly = false;
    std::unique_ptr<ShelfDatabase> m_database;
};

} // namespace poolscope
