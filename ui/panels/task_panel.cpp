// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/task_panel.h"

#include "ui/common/format.h"
#include "ui/common/recording_text.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/query_edit.h"
#include "ui/panels/task_table.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

constexpr int kFilterWidth = 320;
constexpr int kTypingMs = 150; ///< rows that come and go with each letter cannot be read
constexpr int kMostCopied = 100'000;

} // namespace

TaskPanel::TaskPanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_search(state)
    , m_head(new QWidget(this))
    , m_filter(new QueryEdit(this))
    , m_count(new QLabel(this))
    , m_notice(new QLabel(this))
    , m_copy(new QToolButton(this))
    , m_table(new TaskTable(m_model, this))
{
    setAccessibleName(tr("Tasks"));
    m_filter->setAccessibleName(tr("Filter tasks"));
    m_filter->setPlaceholderText(tr("Filter: a word, an id, state:failed, > 10 ms …"));
    m_count->setObjectName(QStringLiteral("dimLabel"));
    m_notice->setWordWrap(true);
    m_copy->setAutoRaise(true);
    m_copy->setFocusPolicy(Qt::TabFocus);
    m_copy->setAccessibleName(tr("Copy rows"));
    m_copy->setToolTip(tr("Copy the selected rows to the clipboard"));
    createTable();
    createMenu();
    createLayout();
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &TaskPanel::search);
    connect(m_filter, &QueryEdit::queryChanged, this, &TaskPanel::onQueryChanged);
    connect(m_copy, &QToolButton::clicked, this, &TaskPanel::copyRows);
    connect(&m_search, &SnapshotSearch::found, this, &TaskPanel::onFound);
    connect(&state, &ViewState::snapshotChanged, this, &TaskPanel::onSnapshotChanged);
    connect(&state, &ViewState::selectedChanged, this, &TaskPanel::onSelectedChanged);
    updateTexts();
}

TaskPanel::~TaskPanel()
{
    m_sortStop.request_stop(); // its thread is waited for
    delete m_table; // it looks at the model to its end, and children go after the members
}

void TaskPanel::createTable()
{
    m_table->setAccessibleName(tr("Tasks"));
    QHeaderView* header = m_table->horizontalHeader();
    header->setSortIndicator(m_model.columnOf(m_order), Qt::AscendingOrder);
    connect(header, &QHeaderView::sortIndicatorChanged, this, &TaskPanel::onSortChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &TaskPanel::onCurrentChanged);
    connect(m_table, &TaskTable::doubleClicked, this, &TaskPanel::zoomToCurrent);
}

void TaskPanel::createMenu()
{
    auto* zoom = new QAction(tr("&Zoom to the task"), m_table);
    zoom->setShortcuts({QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)});
    zoom->setShortcutContext(Qt::WidgetShortcut);
    connect(zoom, &QAction::triggered, this, &TaskPanel::zoomToCurrent);
    auto* copy = new QAction(tr("&Copy rows"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &TaskPanel::copyRows);
    m_sortMenu = new QMenu(tr("&Sort by"), this);
    connect(m_sortMenu, &QMenu::aboutToShow, this, &TaskPanel::fillSortMenu);
    m_table->addActions({zoom, copy, m_sortMenu->menuAction()});
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void TaskPanel::fillSortMenu()
{
    m_sortMenu->clear();
    for (int column = 0; column < m_model.columnCount(); ++column) {
        const TaskOrder order = m_model.orderOf(column);
        QAction* action = m_sortMenu->addAction(
            m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(order == m_order);
        connect(action, &QAction::triggered, this,
                [this, order] { sortBy(order, order == m_order && !m_isDescending); });
    }
}

void TaskPanel::createLayout()
{
    m_filter->setMaximumWidth(kFilterWidth);
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(8);
    head->addWidget(m_filter, 1);
    head->addWidget(m_count);
    head->addStretch();
    head->addWidget(m_copy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 2);
    layout->setSpacing(2);
    layout->addWidget(m_head);
    layout->addWidget(m_notice);
    layout->addWidget(m_table, 1);
    layout->addStretch();
}

void TaskPanel::setTheme(const Theme& theme)
{
    m_copy->setIcon(lineIcon(QStringLiteral("copy"), theme));
    m_model.setFailureColour(theme.failure);
}

QString TaskPanel::countText() const
{
    return m_count->text();
}

void TaskPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    search();
}

void TaskPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_typing.stop();
    m_search.setQuery(std::nullopt);
    if (m_model.snapshot() && m_model.snapshot()->isLive) {
        forget(); // or it would keep all detail that is let go from now on
    }
}

void TaskPanel::onQueryChanged()
{
    m_typing.start();
    updateTexts();
}

void TaskPanel::search()
{
    if (isVisible() && m_filter->problem().isEmpty()) {
        m_search.setQuery(m_filter->query().value_or(TaskQuery{}));
    }
    updateTexts();
}

void TaskPanel::onSnapshotChanged()
{
    const SnapshotPtr& now = m_state.snapshot();
    const SnapshotPtr& shown = m_model.snapshot();
    if (shown && (!now || now->meta != shown->meta || now->recorder != shown->recorder)) {
        forget();
    }
}

void TaskPanel::forget()
{
    m_sortStop.request_stop();
    m_sorter.forget();
    m_isSorting = false;
    m_hits.reset();
    m_isFollowing = true;
    m_model.setRows(nullptr, nullptr);
    m_isFollowing = false;
    updateTexts();
}

void TaskPanel::onFound(const std::shared_ptr<const TaskHits>& hits)
{
    m_hits = hits;
    arrange();
}

void TaskPanel::onSortChanged()
{
    const QHeaderView* header = m_table->horizontalHeader();
    const int column = header->sortIndicatorSection();
    if (column < 0 || column >= m_model.columnCount()) {
        return;
    }
    m_order = m_model.orderOf(column);
    m_isDescending = header->sortIndicatorOrder() == Qt::DescendingOrder;
    arrange();
}

void TaskPanel::sortBy(TaskOrder order, bool isDescending)
{
    m_table->horizontalHeader()->setSortIndicator(
        m_model.columnOf(order), isDescending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

/// Puts what was found in the order that is wanted, and shows it.
void TaskPanel::arrange()
{
    if (!m_hits) {
        return;
    }
    m_sortStop.request_stop();
    m_sorter.forget();
    m_isSorting = false;
    if (m_order == TaskOrder::Start && !m_isDescending) {
        // The list belongs to the hits, which it keeps.
        showRows(m_hits->snapshot, std::shared_ptr<const RecordList>(m_hits, &m_hits->records));
        return;
    }
    if (!m_hits->isComplete && m_model.rowCount() > 0) {
        updateTexts();
        return; // to sort a part of them would be for nothing
    }
    m_isSorting = true;
    m_sortStop = std::stop_source();
    m_sorter.ask([this, hits = m_hits, order = m_order, isDescending = m_isDescending,
                  stop = m_sortStop.get_token()]() -> NewestJob::Deliver {
        const Nanos begin = monotonicNow();
        auto rows = std::make_shared<RecordList>(hits->records);
        sortRecords(*hits->snapshot, *rows, order, isDescending, stop);
        const Nanos tookNs = monotonicNow() - begin;
        return [this, hits, rows = std::shared_ptr<const RecordList>(std::move(rows)), tookNs] {
            m_isSorting = false;
            m_search.countWork(tookNs);
            showRows(hits->snapshot, rows);
        };
    });
    updateTexts();
}

void TaskPanel::showRows(const SnapshotPtr& snapshot, std::shared_ptr<const RecordList> rows)
{
    const TaskTable::Anchor before = m_table->anchor();
    const std::optional<RecordRef> running = currentRunning();
    const SnapshotPtr shown = m_model.snapshot();
    m_isFollowing = true; // what the view makes of moved rows is not the user's choice
    m_model.setRows(snapshot, std::move(rows),
                    m_hits && m_hits->snapshot == snapshot ? m_hits->running : std::vector<int>());
    QHeaderView* header = m_table->horizontalHeader();
    {
        const QSignalBlocker blocker(header);
        header->setSortIndicator(m_model.columnOf(m_order),
                                 m_isDescending ? Qt::DescendingOrder : Qt::AscendingOrder);
    }
    m_table->fitColumns();
    const auto selected = m_state.selected();
    int current = selected ? rowInView(*selected) : -1;
    // A task that ran stays the current one, and when it has ended it is one to be selected.
    const auto place = running ? taskPlaceIn(*snapshot, *shown, *running) : std::nullopt;
    if (place) {
        current = m_model.rowOf(*place);
    }
    m_table->restore(before, current);
    m_isFollowing = false;
    if (place && current >= 0 && !m_model.isRunning(current)) {
        onCurrentChanged(m_model.index(current, 0));
    }
    updateTexts();
}

std::optional<RecordRef> TaskPanel::currentRunning() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() && m_model.isRunning(current.row())
               ? std::optional(m_model.recordAt(current.row()))
               : std::nullopt;
}

int TaskPanel::rowInView(const RecordRef& ref) const
{
    if (!m_model.snapshot() || !m_state.snapshot()) {
        return -1;
    }
    const auto place = placeIn(*m_model.snapshot(), *m_state.snapshot(), ref);
    return place ? m_model.rowOf(*place) : -1;
}

void TaskPanel::onCurrentChanged(const QModelIndex& current)
{
    if (m_isFollowing || !current.isValid()) {
        return;
    }
    if (m_model.isRunning(current.row())) { // there is nothing to select yet
        m_isFollowing = true;
        m_state.setSelected(std::nullopt);
        m_isFollowing = false;
        return;
    }
    const auto ref =
        placeIn(*m_state.snapshot(), *m_model.snapshot(), m_model.recordAt(current.row()));
    if (ref) {
        m_isFollowing = true;
        m_state.setSelected(ref);
        m_state.reveal(*ref);
        m_isFollowing = false;
    }
}

void TaskPanel::onSelectedChanged()
{
    if (m_isFollowing || !isVisible()) {
        return;
    }
    m_isFollowing = true;
    const auto selected = m_state.selected();
    const int row = selected ? rowInView(*selected) : -1;
    if (row >= 0) {
        m_table->selectRow(row);
        m_table->scrollTo(m_model.index(row, 0));
    } else {
        m_table->selectionModel()->clear();
    }
    m_isFollowing = false;
    updateTexts();
}

void TaskPanel::zoomToCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid()) {
        return;
    }
    const auto ref =
        taskPlaceIn(*m_state.snapshot(), *m_model.snapshot(), m_model.recordAt(current.row()));
    if (!ref) {
        return;
    }
    if (!isRunningPlace(*m_state.snapshot(), *ref)) {
        m_state.zoomTo(*ref);
        return;
    }
    TaskRecord soFar;
    soFar.startNs = m_state.snapshot()->lanes[static_cast<std::size_t>(ref->lane)].running.startNs;
    soFar.endNs = std::max(soFar.startNs + 1, m_state.snapshot()->nowNs);
    m_state.setVisible(ViewState::aroundTask(soFar));
}

void TaskPanel::copyRows()
{
    std::vector<int> rows = m_table->selectedRows(kMostCopied + 1);
    if (rows.empty()) {
        return;
    }
    const bool areTooMany = std::ssize(rows) > kMostCopied;
    if (areTooMany) {
        rows.resize(kMostCopied);
    }
    QGuiApplication::clipboard()->setText(m_model.asText(rows));
    const QString copied = tr("%1 rows copied").arg(formatCount(rows.size()));
    m_count->setText(areTooMany ? tr("The first %1; File › Export data has all").arg(copied)
                                : copied);
}

void TaskPanel::updateTexts()
{
    const QString& problem = m_filter->problem();
    const int rows = m_model.rowCount();
    const SnapshotPtr& snapshot = m_state.snapshot();
    QString notice = problem;
    if (problem.isEmpty() && rows == 0 && !isWorking()) {
        if (!snapshot) {
            notice = tr("Every task of the run is a row here. Press Run, or open a recorded run.");
        } else if (m_filter->query()) {
            notice = tr("No task is like that.");
        } else {
            notice = tr("No task has begun yet.");
        }
    }
    if (notice.isEmpty() && snapshot) {
        notice = goneNote(*snapshot);
    }
    m_notice->setObjectName(problem.isEmpty() ? QStringLiteral("dimLabel")
                                              : QStringLiteral("problemLabel"));
    m_notice->style()->unpolish(m_notice);
    m_notice->style()->polish(m_notice);
    m_notice->setText(notice);
    m_notice->setVisible(!notice.isEmpty());
    const bool hasTable = rows > 0 || isWorking();
    m_table->setVisible(hasTable);
    setFocusProxy(hasTable ? static_cast<QWidget*>(m_table) : m_filter);
    m_copy->setEnabled(rows > 0);
    QString count;
    if (rows > 0) {
        const auto all = static_cast<quint64>(m_model.snapshot()->keptCount());
        const quint64 found = m_hits ? m_hits->size() : 0;
        count = m_filter->query() && found != all
                    ? tr("%1 of %2 attempts").arg(formatCount(found), formatCount(all))
                    : tr("%1 attempts").arg(formatCount(found));
        if (m_hits && !m_hits->running.empty()) {
            count += tr(", %1 running").arg(formatCount(m_hits->running.size()));
        }
        if (found > TaskTableModel::kMostRows) {
            count += tr(", the first %1 shown").arg(formatCount(TaskTableModel::kMostRows));
        }
    }
    if (m_isSorting) {
        count = count.isEmpty() ? tr("Sorting …") : tr("%1, sorting …").arg(count);
    } else if (isWorking() && m_hits && !m_hits->isComplete) {
        count = tr("%1 so far").arg(count);
    }
    m_count->setText(count);
}

} // namespace poolscope
