// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/task_table_model.h"

#include "core/task/task_state.h"
#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_text.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

using timeline::fromStd;

constexpr qsizetype kLongestCell = 200;
constexpr double kMicroseconds = 1e3; ///< how exact moments are

struct Column
{
    TaskOrder order;
    const char* title;
    const char* help;
    bool isNumber;
};

constexpr std::array kColumns{
    Column{TaskOrder::Task, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Id"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "The task's index in the job"), true},
    Column{TaskOrder::Name, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Task"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "The task's item or name"), false},
    Column{TaskOrder::Executor, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Executor"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "What ran it"), false},
    Column{TaskOrder::Worker, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Worker"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "The worker's lane"), false},
    Column{TaskOrder::State, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "State"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "How the attempt ended"), false},
    Column{TaskOrder::Attempt, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Attempt"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "From 1; 0: it never began"), true},
    Column{TaskOrder::Submit, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Submitted"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "When the executor took it"), true},
    Column{TaskOrder::Start, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Start"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "When the worker began it"), true},
    Column{TaskOrder::Wait, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Wait"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "From submit to start"), true},
    Column{TaskOrder::Run, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Run"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "From start to end"), true},
    Column{TaskOrder::Cpu, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "CPU"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Time on a processor"), true},
    Column{TaskOrder::Result, QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "Result"),
           QT_TRANSLATE_NOOP("poolscope::TaskTableModel", "What it gave back, or its error"),
           false},
};

const Column& columnFor(TaskOrder order)
{
    return *std::ranges::find(kColumns, order, &Column::order);
}

struct Attempt
{
    const LaneView& lane;
    TaskRecord record;
    TaskCost cost;
};

/// \return what is known of a task that has not ended: when it was submitted is told with its end.
Attempt runningAt(const Snapshot& snapshot, const LaneView& lane)
{
    TaskRecord record;
    record.task = static_cast<std::uint32_t>(lane.running.task);
    record.startNs = lane.running.startNs;
    record.endNs = std::max(snapshot.nowNs, lane.running.startNs);
    record.setState(TaskState::Running);
    return {lane, record, {}};
}

Attempt attemptAt(const Snapshot& snapshot, const RecordRef& ref)
{
    const LaneView& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)];
    if (ref.record >= lane.recordCount) {
        return runningAt(snapshot, lane);
    }
    return {lane, lane.lane->record(ref.record),
            lane.lane->hasCosts() ? lane.lane->cost(ref.record) : TaskCost{}};
}

bool didStart(const LaneView& lane)
{
    return lane.info().kind != LaneKind::Queue;
}

QString stateText(const TaskRecord& record)
{
    return record.wasRetried()
               ? TaskTableModel::tr("%1, tried again").arg(stateName(record.state()))
               : stateName(record.state());
}

/// One line of the beginning of a result or an error, which may be megabytes.
QString oneLine(const std::string& text)
{
    QString line = fromStd(std::string_view(text).substr(0, 4 * kLongestCell));
    line.replace(u'\n', u' ').replace(u'\t', u' ');
    return line.left(kLongestCell);
}

QString resultText(const LaneView& lane, std::uint64_t record)
{
    const TaskResult result = lane.lane->result(record);
    return oneLine(result.error.empty() ? toText(result.value) : result.error);
}

int shownCount(const RecordList& rows)
{
    return static_cast<int>(std::min(rows.size(), TaskTableModel::kMostRows));
}

} // namespace

TaskTableModel::TaskTableModel(QObject* parent)
    : QAbstractTableModel(parent)
{
    for (const Column& column : kColumns) {
        if (column.order != TaskOrder::Cpu) {
            m_columns.push_back(column.order);
        }
    }
}

void TaskTableModel::setRows(SnapshotPtr snapshot, std::shared_ptr<const RecordList> rows,
                             std::vector<int> running)
{
    if (!rows) {
        rows = std::make_shared<const RecordList>();
    }
    const bool isSameRun = snapshot && m_snapshot && snapshot->recorder == m_snapshot->recorder &&
                           snapshot->meta == m_snapshot->meta &&
                           snapshot->lanes.size() == m_snapshot->lanes.size();
    if (isSameRun) {
        setRunning({});
        m_snapshot = std::move(snapshot);
        replaceRows(std::move(rows));
        setRunning(std::move(running));
        return;
    }
    beginResetModel();
    m_snapshot = std::move(snapshot);
    m_running = std::move(running);
    m_rows = std::move(rows);
    m_count = shownCount(*m_rows);
    const bool hasCosts = m_snapshot && m_snapshot->recorder->costLevel() != CostLevel::Wall;
    m_columns.clear();
    for (const Column& column : kColumns) {
        if (column.order != TaskOrder::Cpu || hasCosts) {
            m_columns.push_back(column.order);
        }
    }
    endResetModel();
}

/// Where both lists are the same nothing happens; the rows behind change, and some come or go at the end.
void TaskTableModel::replaceRows(std::shared_ptr<const RecordList> rows)
{
    const int after = shownCount(*rows);
    if (after < m_count) {
        beginRemoveRows({}, after, m_count - 1);
        m_count = after;
        endRemoveRows();
    }
    const auto& places = m_rows->places();
    const auto [other, ignored] =
        std::mismatch(places.begin(), places.begin() + m_count, rows->places().begin());
    const auto firstOther = static_cast<int>(other - places.begin());
    m_rows = std::move(rows);
    if (firstOther < m_count) {
        emit dataChanged(index(firstOther, 0), index(m_count - 1, columnCount() - 1));
    }
    if (after > m_count) {
        beginInsertRows({}, m_count, after - 1);
        m_count = after;
        endInsertRows();
    }
}

void TaskTableModel::setRunning(std::vector<int> running)
{
    if (!m_running.empty()) {
        beginRemoveRows({}, m_count, rowCount() - 1);
        m_running.clear();
        endRemoveRows();
    }
    if (!running.empty()) {
        beginInsertRows({}, m_count, m_count + static_cast<int>(running.size()) - 1);
        m_running = std::move(running);
        endInsertRows();
    }
}

RecordRef TaskTableModel::recordAt(int row) const
{
    if (!isRunning(row)) {
        return (*m_rows)[static_cast<std::size_t>(row)];
    }
    const int lane = m_running[static_cast<std::size_t>(row - m_count)];
    return {lane, m_snapshot->lanes[static_cast<std::size_t>(lane)].recordCount};
}

void TaskTableModel::setFailureColour(const QColor& failure)
{
    m_failure = failure;
    if (rowCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1),
                         {Qt::ForegroundRole});
    }
}

int TaskTableModel::rowOf(const RecordRef& ref) const
{
    const auto& places = m_rows->places();
    const auto end = places.begin() + m_count;
    const auto found = std::find(places.begin(), end, RecordList::packed(ref));
    if (found != end) {
        return static_cast<int>(found - places.begin());
    }
    for (int row = m_count; row < rowCount(); ++row) {
        if (recordAt(row) == ref) {
            return row;
        }
    }
    return -1;
}

TaskOrder TaskTableModel::orderOf(int column) const
{
    return m_columns[static_cast<std::size_t>(column)];
}

int TaskTableModel::columnOf(TaskOrder order) const
{
    const auto found = std::ranges::find(m_columns, order);
    return found == m_columns.end() ? -1 : static_cast<int>(found - m_columns.begin());
}

int TaskTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_count + static_cast<int>(m_running.size());
}

int TaskTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QString TaskTableModel::cellText(const RecordRef& ref, TaskOrder order) const
{
    const auto [lane, record, cost] = attemptAt(*m_snapshot, ref);
    const auto orNothing = [](bool isKnown, const QString& text) {
        return isKnown ? text : QStringLiteral("–");
    };
    switch (order) {
    case TaskOrder::Task:
        return QString::number(record.task);
    case TaskOrder::Name:
        return shortTaskName(*m_snapshot->meta, record.task);
    case TaskOrder::Executor:
        return groupTitle(*m_snapshot, lane.info().executor);
    case TaskOrder::Worker:
        return orNothing(didStart(lane), laneName(lane.info()));
    case TaskOrder::State:
        return stateText(record);
    case TaskOrder::Attempt:
        return orNothing(hasEnded(record.state()), QString::number(record.attempt));
    case TaskOrder::Submit:
        return orNothing(hasEnded(record.state()), timeText(record.submitNs, kMicroseconds));
    case TaskOrder::Start:
        return orNothing(didStart(lane), timeText(record.startNs, kMicroseconds));
    case TaskOrder::Wait:
        return orNothing(hasEnded(record.state()),
                         formatDuration(std::max<Nanos>(0, record.waitNs())));
    case TaskOrder::Run:
        return orNothing(didStart(lane), formatDuration(record.runNs()));
    case TaskOrder::Cpu:
        return orNothing(cost.wasMeasured(), formatDuration(static_cast<Nanos>(cost.cpuNs)));
    case TaskOrder::Result:
        break;
    }
    return hasEnded(record.state()) ? resultText(lane, ref.record) : QStringLiteral("–");
}

QString TaskTableModel::exactText(const RecordRef& ref, TaskOrder order) const
{
    const auto [lane, record, cost] = attemptAt(*m_snapshot, ref);
    const auto ifKnown = [](bool isKnown, Nanos nanos) {
        return isKnown ? QString::number(nanos) : QString();
    };
    switch (order) {
    case TaskOrder::Name:
        return fromStd(taskName(m_snapshot->meta->workloadId, *m_snapshot->meta->plan, record.task))
            .replace(u'\t', u' ')
            .replace(u'\n', u' ');
    case TaskOrder::Worker:
        return didStart(lane) ? laneName(lane.info()) : QString();
    case TaskOrder::Submit:
        return ifKnown(hasEnded(record.state()), record.submitNs);
    case TaskOrder::Start:
        return ifKnown(didStart(lane), record.startNs);
    case TaskOrder::Wait:
        return ifKnown(hasEnded(record.state()), std::max<Nanos>(0, record.waitNs()));
    case TaskOrder::Run:
        return ifKnown(didStart(lane), record.runNs());
    case TaskOrder::Cpu:
        return ifKnown(cost.wasMeasured(), static_cast<Nanos>(cost.cpuNs));
    default:
        return cellText(ref, order);
    }
}

QVariant TaskTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const TaskOrder order = orderOf(index.column());
    const RecordRef ref = recordAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(ref, order);
    case Qt::ToolTipRole:
        return order == TaskOrder::Name || order == TaskOrder::Result ? exactText(ref, order)
                                                                      : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (columnFor(order).isNumber ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole: {
        const TaskRecord* ended = findRecord(*m_snapshot, ref); // null: it runs
        const bool isFailure = ended != nullptr && ended->state() != TaskState::Done &&
                               ended->state() != TaskState::Cancelled;
        return isFailure && (order == TaskOrder::State || order == TaskOrder::Result)
                   ? QVariant(m_failure)
                   : QVariant();
    }
    default:
        return {};
    }
}

QVariant TaskTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const Column& column = columnFor(orderOf(section));
    switch (role) {
    case Qt::DisplayRole:
        return tr(column.title);
    case Qt::ToolTipRole:
        return tr(column.help);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (column.isNumber ? Qt::AlignRight : Qt::AlignLeft));
    default:
        return {};
    }
}

QString TaskTableModel::asText(const std::vector<int>& rows) const
{
    QStringList cells;
    for (const TaskOrder order : m_columns) {
        const bool isTime = order >= TaskOrder::Submit && order <= TaskOrder::Cpu;
        const QString title = tr(columnFor(order).title);
        cells.append(isTime ? tr("%1 (ns)").arg(title) : title);
    }
    QString text = cells.join(u'\t') + u'\n';
    for (const int row : rows) {
        cells.clear();
        for (const TaskOrder order : m_columns) {
            cells.append(exactText(recordAt(row), order));
        }
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

} // namespace poolscope
