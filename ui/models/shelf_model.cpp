// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/shelf_model.h"

#include "ui/common/format.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <iterator>
#include <utility>

namespace poolscope {

namespace {

const auto kPlus = QStringLiteral(" + ");

QString cellText(const ShelfRow& row, int column)
{
    const ShelfEntry& entry = row.entry;
    switch (column) {
    case ShelfModel::Number:
        return QString::number(entry.id);
    case ShelfModel::Name:
        return shelfTitle(entry);
    case ShelfModel::Started: // seconds are beside the table
        return shelfTime(entry).chopped(3);
    case ShelfModel::Workload:
        return entry.workload;
    case ShelfModel::Executors:
        return row.executors;
    case ShelfModel::Makespan:
        return row.makespans;
    case ShelfModel::Rate:
        return row.rates;
    case ShelfModel::Tags:
        return entry.tags.join(QLatin1Char(' '));
    case ShelfModel::Size:
        return entry.hasDetail ? QLocale().formattedDataSize(entry.fileBytes, 1)
                               : ShelfModel::tr("let go");
    default:
        return {};
    }
}

bool isNumeric(int column)
{
    return column == ShelfModel::Number || column == ShelfModel::Makespan ||
           column == ShelfModel::Rate || column == ShelfModel::Size;
}

} // namespace

ShelfRow makeShelfRow(ShelfEntry entry)
{
    ShelfRow row;
    QStringList executors;
    QStringList makespans;
    QStringList rates;
    for (const auto& each : std::as_const(entry.figures)) {
        const QJsonObject figures = each.toObject();
        executors << QStringLiteral("%1 %2")
                         .arg(figures[QStringLiteral("executor")].toString())
                         .arg(figures[QStringLiteral("workers")].toInt());
        const auto makespanNs =
            static_cast<Nanos>(figures[QStringLiteral("makespan_s")].toDouble() *
                               static_cast<double>(kNanosPerSecond));
        const double rate = figures[QStringLiteral("tasks_per_s")].toDouble();
        makespans << formatDuration(makespanNs);
        rates << formatRate(rate);
        row.makespanNs = std::max(row.makespanNs, makespanNs);
        row.tasksPerSecond = std::max(row.tasksPerSecond, rate);
    }
    row.executors = executors.join(kPlus);
    row.makespans = makespans.join(kPlus);
    row.rates = rates.join(kPlus);
    row.searched = QStringList{entry.name,     entry.notes, entry.tags.join(QLatin1Char(' ')),
                               entry.workload, entry.title, row.executors}
                       .join(QLatin1Char('\n'))
                       .toCaseFolded();
    row.entry = std::move(entry);
    return row;
}

QString shelfTitle(const ShelfEntry& entry)
{
    return entry.name.isEmpty() ? entry.title : entry.name;
}

QString shelfTime(const ShelfEntry& entry)
{
    return QDateTime::fromMSecsSinceEpoch(entry.startedUnixNs / kNanosPerMilli)
        .toString(QStringLiteral("yyyy-MM-dd hh:mm:ss"));
}

ShelfModel::ShelfModel(QObject* parent)
    : QAbstractTableModel(parent)
{}

void ShelfModel::setRows(std::vector<ShelfRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void ShelfModel::setRow(ShelfRow row)
{
    const int known = rowOf(row.entry.id);
    if (known >= 0) {
        m_rows[static_cast<std::size_t>(known)] = std::move(row);
        emit dataChanged(index(known, 0), index(known, Count - 1));
        return;
    }
    beginInsertRows({}, 0, 0);
    m_rows.insert(m_rows.begin(), std::move(row));
    endInsertRows();
}

void ShelfModel::removeIds(const std::vector<qint64>& ids)
{
    for (const qint64 id : ids) {
        if (const int row = rowOf(id); row >= 0) {
            beginRemoveRows({}, row, row);
            m_rows.erase(m_rows.begin() + row);
            endRemoveRows();
        }
    }
}

void ShelfModel::setDimColour(const QColor& dim)
{
    m_dim = dim;
    if (!m_rows.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, Count - 1), {Qt::ForegroundRole});
    }
}

int ShelfModel::rowOf(qint64 id) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [id](const ShelfRow& row) { return row.entry.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(std::distance(m_rows.begin(), found));
}

qint64 ShelfModel::totalBytes() const
{
    qint64 bytes = 0;
    for (const ShelfRow& row : m_rows) {
        bytes += row.entry.hasDetail ? row.entry.fileBytes : 0;
    }
    return bytes;
}

int ShelfModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ShelfModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Count;
}

QVariant ShelfModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const ShelfRow& row = this->row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, column);
    case Qt::EditRole:
        return column == Name ? QVariant(row.entry.name) : QVariant(cellText(row, column));
    case Qt::TextAlignmentRole:
        return isNumeric(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                 : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole: {
        const bool isDim = !row.entry.hasDetail || column == Number ||
                           (column == Name && row.entry.name.isEmpty());
        return isDim && m_dim.isValid() ? QVariant(m_dim) : QVariant();
    }
    case Qt::ToolTipRole:
        return row.entry.hasDetail ? QVariant(cellText(row, column))
                                   : QVariant(tr("The run file was let go to save room; the "
                                                 "figures, name and notes are left."));
    case kSortRole:
        return sortKey(row, column);
    default:
        return {};
    }
}

QVariant ShelfModel::sortKey(const ShelfRow& row, int column) const
{
    switch (column) {
    case Number:
        return row.entry.id;
    case Started:
        return row.entry.startedUnixNs;
    case Makespan:
        return QVariant::fromValue(qint64{row.makespanNs});
    case Rate:
        return row.tasksPerSecond;
    case Size:
        return row.entry.hasDetail ? row.entry.fileBytes : qint64{-1};
    default:
        return cellText(row, column);
    }
}

QVariant ShelfModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return isNumeric(section) ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                  : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    const QStringList titles{tr("No."),      tr("Name"),      tr("Started"),
                             tr("Workload"), tr("Executors"), tr("Makespan"),
                             tr("Tasks/s"),  tr("Tags"),      tr("Size")};
    return titles.value(section);
}

Qt::ItemFlags ShelfModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags usual = QAbstractTableModel::flags(index);
    return index.column() == Name ? usual | Qt::ItemIsEditable : usual;
}

bool ShelfModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || index.column() != Name) {
        return false;
    }
    const ShelfEntry& entry = row(index.row()).entry;
    const QString name = value.toString().simplified();
    if (name != entry.name) {
        emit nameTyped(entry.id, name);
    }
    return true;
}

ShelfFilter::ShelfFilter(ShelfModel& model, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setSourceModel(&model);
    setSortRole(ShelfModel::kSortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setSortLocaleAware(true);
    setDynamicSortFilter(true);
}

void ShelfFilter::setWords(const QString& text)
{
    m_words = text.toCaseFolded().simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool ShelfFilter::filterAcceptsRow(int row, const QModelIndex& /*parent*/) const
{
    const QString& searched = m_model.row(row).searched;
    return std::all_of(m_words.begin(), m_words.end(),
                       [&searched](const QString& word) { return searched.contains(word); });
}

} // namespace poolscope
