// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/task_table.h"

#include "core/analysis/record_list.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kRowHeight = 22;
constexpr int kCellPadding = 14;
constexpr int kNarrowestColumn = 40;
constexpr int kWidestColumn = 240;
constexpr int kSortMark = 12;
constexpr int kSampleRows = 64; ///< so many cells say how wide a column is

} // namespace

TaskTable::TaskTable(TaskTableModel& model, QWidget* parent)
    : QTableView(parent)
    , m_model(model)
{
    setModel(&model);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(kRowHeight);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(kNarrowestColumn);
    header->setStretchLastSection(true);
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    connect(header, &QHeaderView::sectionResized, this, [this](int section) {
        const bool isLast = section == m_model.columnCount() - 1; // it stretches by itself
        m_areWidthsOwn = m_areWidthsOwn || (!m_isFitting && !isLast && m_fittedRows > 0);
    });
}

/// Other tables only count their rows a moment later, and could not be scrolled to new ones before.
void TaskTable::layOutNow()
{
    executeDelayedItemsLayout();
    updateGeometries();
}

TaskTable::Anchor TaskTable::anchor() const
{
    Anchor anchor;
    if (m_model.rowCount() == 0) {
        return anchor;
    }
    anchor.snapshot = m_model.snapshot();
    const QScrollBar* bar = verticalScrollBar();
    anchor.isAtEnd = bar->maximum() > 0 && bar->value() == bar->maximum();
    const int top = std::max(0, rowAt(0));
    anchor.topRow = m_model.recordAt(top);
    const QModelIndex current = currentIndex();
    if (current.isValid() && viewport()->rect().intersects(visualRect(current))) {
        anchor.currentOffset = current.row() - top;
    }
    return anchor;
}

void TaskTable::restore(const Anchor& before, int currentRow)
{
    layOutNow();
    if (currentRow < 0) {
        selectionModel()->clear();
    } else if (!selectionModel()->isRowSelected(currentRow)) {
        selectRow(currentRow);
    } else {
        selectionModel()->setCurrentIndex(m_model.index(currentRow, 0),
                                          QItemSelectionModel::NoUpdate);
    }
    QScrollBar* bar = verticalScrollBar();
    if (before.isAtEnd && m_model.snapshot() && m_model.snapshot()->isLive) {
        bar->setValue(bar->maximum());
    } else if (currentRow >= 0 && before.currentOffset) {
        bar->setValue(currentRow - *before.currentOffset);
    } else if (currentRow >= 0 && !before.snapshot) {
        scrollTo(m_model.index(currentRow, 0), QAbstractItemView::PositionAtCenter);
    } else if (before.topRow && m_model.snapshot()) {
        const auto top = placeIn(*m_model.snapshot(), *before.snapshot, *before.topRow);
        if (const int row = top ? m_model.rowOf(*top) : -1; row >= 0) {
            bar->setValue(row);
        }
    }
}

void TaskTable::fitColumns()
{
    const int rows = m_model.rowCount();
    const int columns = m_model.columnCount();
    if (rows == 0 || m_areWidthsOwn || (columns == m_fittedColumns && rows < 2 * m_fittedRows)) {
        return;
    }
    // While a run goes on they grow with its numbers, and do not shrink with a filter.
    const bool mayShrink = columns != m_fittedColumns;
    m_isFitting = true;
    m_fittedRows = rows;
    m_fittedColumns = columns;
    const QFontMetrics metrics(font());
    const int step = rows / kSampleRows + 1;
    for (int column = 0; column + 1 < columns; ++column) {
        const QString title =
            m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        int width = metrics.horizontalAdvance(title) + kSortMark;
        for (int row = rows - 1; row >= 0; row -= step) {
            const QVariant cell = m_model.data(m_model.index(row, column), Qt::DisplayRole);
            width = std::max(width, metrics.horizontalAdvance(cell.toString()));
        }
        width = std::min(width, kWidestColumn) + kCellPadding;
        setColumnWidth(column, mayShrink ? width : std::max(width, columnWidth(column)));
    }
    m_isFitting = false;
}

std::vector<int> TaskTable::selectedRows(int most) const
{
    std::vector<int> rows;
    QItemSelection selection = selectionModel()->selection();
    std::sort(selection.begin(), selection.end(),
              [](const QItemSelectionRange& a, const QItemSelectionRange& b) {
                  return a.top() < b.top();
              });
    for (const QItemSelectionRange& range : selection) {
        const int first = rows.empty() ? range.top() : std::max(range.top(), rows.back() + 1);
        for (int row = first; row <= range.bottom() && std::ssize(rows) < most; ++row) {
            rows.push_back(row);
        }
    }
    return rows;
}

} // namespace poolscope
