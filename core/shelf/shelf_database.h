// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QStringList>
#include <QVariantList>

#include <memory>

namespace poolscope {

/// The SQLite file of a shelf: opened, brought to this program's form, or set aside when it cannot be.
/// Belongs to the thread that made it (Qt's rule for connections); several processes may have it open.
class ShelfDatabase
{
public:
    static constexpr int kSchemaVersion = 2;

    /// Opens or makes \p path, whose folder exists. A file that is damaged, of a newer program or none of
    /// ours is renamed, never deleted, and a new one takes its place; notice() tells.
    /// Error: cannot be opened or written (says why), or is in use for more than five seconds.
    static Result<std::unique_ptr<ShelfDatabase>> open(const QString& path);
    /// Opens \p path, which may only be read. Error: cannot be read, or is none of ours.
    static Result<std::unique_ptr<ShelfDatabase>> openToRead(const QString& path);
    ~ShelfDatabase();
    ShelfDatabase(const ShelfDatabase&) = delete;
    ShelfDatabase& operator=(const ShelfDatabase&) = delete;

    /// \return what was set aside, in words; empty: nothing.
    [[nodiscard]] const QString& notice() const { return m_notice; }
    /// Runs one statement; it is there as a whole or not at all. Error: names the file and the reason.
    [[nodiscard]] Result<QSqlQuery> run(const QString& sql, const QVariantList& values = {}) const;

private:
    explicit ShelfDatabase(QString path);

    enum class Opened { Right, Unusable, Failed };
    Opened connectAndCheck();
    Opened connect(const QString& name, const QString& options);
    [[nodiscard]] Opened check();
    [[nodiscard]] Opened checkKind(int& version);
    [[nodiscard]] Opened migrate(int from);
    [[nodiscard]] Opened failed(const Error& error);
    void disconnectAll();
    bool setAside();

    const QString m_path;
    const QString m_connection;
    QString m_notice;
    QString m_problem; ///< of the last attempt to open
    mutable int m_errorCode = 0; ///< SQLite's primary code of the last statement that failed
};

} // namespace poolscope
