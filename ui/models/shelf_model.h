// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/shelf/shelf_entry.h"

#include <QAbstractTableModel>
#include <QColor>
#include <QSortFilterProxyModel>
#include <QStringList>

#include <optional>
#include <vector>

namespace poolscope {

/// A kept run as the shelf's table shows it.
struct ShelfRow
{
    ShelfEntry entry;
    QString executors; ///< "threads 2 + processes 2"
    QString makespans; ///< of each executor
    QString rates; ///< likewise
    Nanos makespanNs = 0; ///< the longest
    double tasksPerSecond = 0; ///< the highest
    QString searched; ///< all that words are looked for in
};

/// O(entry). Any thread.
[[nodiscard]] ShelfRow makeShelfRow(ShelfEntry entry);
/// \return what a run is called: its name, or what it ran.
[[nodiscard]] QString shelfTitle(const ShelfEntry& entry);
/// \return when it began, in the user's way of writing.
[[nodiscard]] QString shelfTime(const ShelfEntry& entry);

/// Kept runs as rows. The name can be edited; what was typed is told, not stored. GUI thread.
class ShelfModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Number, Name, Started, Workload, Executors, Makespan, Rate, Tags, Size, Count };
    static constexpr int kSortRole = Qt::UserRole;

    explicit ShelfModel(QObject* parent = nullptr);

    void setRows(std::vector<ShelfRow> rows);
    /// Replaces the row with the same id, or adds it on top.
    void setRow(ShelfRow row);
    void removeIds(const std::vector<qint64>& ids);
    /// \p dim: of what is not there any more.
    void setDimColour(const QColor& dim);

    [[nodiscard]] const ShelfRow& row(int index) const
    {
        return m_rows[static_cast<std::size_t>(index)];
    }
    /// \return the row of the run \p id, or -1. O(rows).
    [[nodiscard]] int rowOf(qint64 id) const;
    [[nodiscard]] qint64 totalBytes() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void nameTyped(qint64 id, const QString& name);

private:
    [[nodiscard]] QVariant sortKey(const ShelfRow& row, int column) const;

    std::vector<ShelfRow> m_rows;
    QColor m_dim;
};

/// The rows in which all words occur, sorted. GUI thread.
class ShelfFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ShelfFilter(ShelfModel& model, QObject* parent = nullptr);
    void setWords(const QString& text);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    ShelfModel& m_model;
    QStringList m_words;
};

} // namespace poolscope
