// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/summary_model.h"

#include "ui/common/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

struct Column
{
    const char* title;
    const char* help;
    QString (*text)(const RunSummary&);
};

QString costOrNone(bool isKnown, const QString& text)
{
    return isKnown ? text : QStringLiteral("–");
}

QString durationOrNone(const RunSummary& summary, Nanos duration)
{
    return summary.tasks == 0 ? QStringLiteral("–") : formatDuration(duration);
}

constexpr std::array kColumns{
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Tasks"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Tasks that ended"),
           [](const RunSummary& sum) { return formatCount(sum.tasks); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Tasks/s"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel",
                             "Ended tasks over the time from the first "
                             "submit to the last end, or over the selection"),
           [](const RunSummary& sum) { return formatRate(sum.tasksPerSecond); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Busy"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel",
                             "Part of the workers' time in which they ran tasks"),
           [](const RunSummary& sum) { return formatShare(sum.utilisation); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Run p50"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Half of the tasks ran no longer"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.run.p50Ns); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "p95"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "95 of 100 tasks ran no longer"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.run.p95Ns); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "p99"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "99 of 100 tasks ran no longer"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.run.p99Ns); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "max"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "The longest task"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.run.maxNs); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Wait p50"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Half of the tasks waited no longer"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.wait.p50Ns); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "p95"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "95 of 100 tasks waited no longer"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.wait.p95Ns); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "p99"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "99 of 100 tasks waited no longer"),
           [](const RunSummary& sum) { return durationOrNone(sum, sum.wait.p99Ns); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Failed"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Tasks that failed or timed out"),
           [](const RunSummary& sum) { return formatCount(sum.failed + sum.timedOut); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Lost"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Attempts that ended with their worker"),
           [](const RunSummary& sum) { return formatCount(sum.lostAttempts); }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "CPU"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel",
                             "Part of the tasks' run time that they were on a processor"),
           [](const RunSummary& sum) {
               return costOrNone(sum.costs.attempts > 0, formatShare(sum.costs.cpuShare()));
           }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Ready"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel",
                             "Part of the tasks' run time that they could have run, but waited for "
                             "a processor"),
           [](const RunSummary& sum) {
               return costOrNone(sum.costs.hasRunQueue(), formatShare(sum.costs.runQueueShare()));
           }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Blocked"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel",
                             "The rest of the tasks' run time: asleep, or waiting for a lock, a "
                             "file, another process"),
           [](const RunSummary& sum) {
               return costOrNone(sum.costs.hasRunQueue(), formatShare(sum.costs.blockedShare()));
           }},
    Column{QT_TRANSLATE_NOOP("poolscope::SummaryModel", "Switches"),
           QT_TRANSLATE_NOOP("poolscope::SummaryModel",
                             "How often a task was taken off its processor, on average"),
           [](const RunSummary& sum) {
               return costOrNone(sum.costs.attempts > 0,
                                 QLocale().toString(sum.costs.switchesPerTask(), 'g', 3));
           }},
};
constexpr int kCostColumns = 4; ///< the last ones, of runs that measured

} // namespace

SummaryModel::SummaryModel(QObject* parent)
    : QAbstractTableModel(parent)
{}

void SummaryModel::setRows(std::vector<Row> rows)
{
    const bool hasCosts =
        std::ranges::any_of(rows, [](const Row& row) { return row.summary.costs.attempts > 0; });
    if (rows.size() != m_rows.size() || hasCosts != m_hasCosts) {
        beginResetModel();
        m_hasCosts = hasCosts;
        m_rows = std::move(rows);
        endResetModel();
    } else if (!rows.empty()) {
        m_rows = std::move(rows);
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

int SummaryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SummaryModel::columnCount(const QModelIndex& parent) const
{
    const int columns = static_cast<int>(kColumns.size()) + 1;
    return parent.isValid() ? 0 : columns - (m_hasCosts ? 0 : kCostColumns);
}

QVariant SummaryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool isName = index.column() == 0;
    switch (role) {
    case Qt::DisplayRole:
        return isName ? row.executor
                      : kColumns[static_cast<std::size_t>(index.column()) - 1].text(row.summary);
    case Qt::DecorationRole:
        return isName ? QVariant(row.colour) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (isName ? Qt::AlignLeft : Qt::AlignRight));
    default:
        return {};
    }
}

QVariant SummaryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const bool isName = section == 0;
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(Qt::AlignVCenter | (isName ? Qt::AlignLeft : Qt::AlignRight));
    }
    if (role == Qt::DisplayRole && isName) {
        return tr("Executor");
    }
    if (!isName && (role == Qt::DisplayRole || role == Qt::ToolTipRole)) {
        const Column& column = kColumns[static_cast<std::size_t>(section) - 1];
        return tr(role == Qt::DisplayRole ? column.title : column.help);
    }
    return {};
}

QString SummaryModel::asText() const
{
    QStringList lines;
    for (int row = -1; row < rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < columnCount(); ++column) {
            cells.append((row < 0 ? headerData(column, Qt::Horizontal, Qt::DisplayRole)
                                  : data(index(row, column), Qt::DisplayRole))
                             .toString());
        }
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace poolscope
