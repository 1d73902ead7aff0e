// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/range_tables.h"

#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QStringList>

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kRowHeight = 20;
constexpr int kRowsAnExecutor = 3;
constexpr int kCellPadding = 13;
constexpr int kHeaderRoom = 8;
constexpr int kNarrowestColumn = 40;

void prepare(QTableWidget* table, const QStringList& titles)
{
    table->setColumnCount(static_cast<int>(titles.size()));
    table->setHorizontalHeaderLabels(titles);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setMinimumHeight(2 * kRowHeight);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(kNarrowestColumn);
    header->setSectionResizeMode(table->columnCount() - 1, QHeaderView::Stretch);
    for (int column = 0; column < table->columnCount(); ++column) {
        table->horizontalHeaderItem(column)->setTextAlignment(
            Qt::AlignVCenter | (column == 0 ? Qt::AlignLeft : Qt::AlignRight));
    }
}

QTableWidgetItem* setCell(QTableWidget* table, int row, int column, const QString& text,
                          Qt::AlignmentFlag side = Qt::AlignRight)
{
    QTableWidgetItem* item = table->item(row, column);
    if (item == nullptr) {
        item = new QTableWidgetItem;
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        table->setItem(row, column, item);
    }
    item->setTextAlignment(Qt::AlignVCenter | side);
    item->setText(text);
    return item;
}

/// As wide as the texts are, without the room that Qt would leave for marks of sorting.
void fitColumns(QTableWidget* table)
{
    const QFontMetrics metrics(table->font());
    for (int column = 0; column + 1 < table->columnCount(); ++column) {
        int width =
            metrics.horizontalAdvance(table->horizontalHeaderItem(column)->text()) + kHeaderRoom;
        for (int row = 0; row < table->rowCount(); ++row) {
            const QTableWidgetItem* item = table->item(row, column);
            if (item != nullptr && table->columnSpan(row, column) == 1) {
                width = std::max(width, metrics.horizontalAdvance(item->text()));
            }
        }
        table->setColumnWidth(column, width + kCellPadding);
    }
}

} // namespace

QColor executorColour(const Theme& theme, std::size_t executor)
{
    return theme.executors[executor % theme.executors.size()];
}

FigureTable::FigureTable(QWidget* parent)
    : QTableWidget(parent)
{
    setAccessibleName(tr("Figures of the range"));
    prepare(this, {tr("Executor"), tr("Count"), tr("Sum"), tr("Mean"), tr("p50"), tr("p95"),
                   tr("p99"), tr("Max")});
}

void FigureTable::setFigures(const Snapshot& snapshot, const std::vector<RangeFigures>& figures,
                             const Theme& theme)
{
    clearSpans();
    setRowCount(kRowsAnExecutor * static_cast<int>(figures.size()));
    int row = 0;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const RangeFigures& each = figures[i];
        setCell(this, row, 0, groupTitle(snapshot, static_cast<int>(i)), Qt::AlignLeft)
            ->setForeground(executorColour(theme, i));
        setCell(this, row, 1,
                tr("%1 tasks, %2, %3 busy")
                    .arg(formatCount(each.summary.tasks), formatRate(each.summary.tasksPerSecond),
                         formatShare(each.summary.utilisation)),
                Qt::AlignLeft);
        setSpan(row, 1, 1, columnCount() - 1);
        showDurations(row + 1, tr("Run time"), each.attempts, each.runSumNs, each.summary.run);
        showDurations(row + 2, tr("Queue wait"), each.attempts, each.waitSumNs, each.summary.wait);
        row += kRowsAnExecutor;
    }
    fitColumns(this);
}

void FigureTable::showDurations(int row, const QString& what, std::uint64_t count, Nanos sumNs,
                                const Percentiles& percentiles)
{
    int column = 0;
    setCell(this, row, column++, what, Qt::AlignLeft);
    setCell(this, row, column++, formatCount(count));
    for (const Nanos figure : {sumNs, static_cast<Nanos>(percentiles.meanNs), percentiles.p50Ns,
                               percentiles.p95Ns, percentiles.p99Ns, percentiles.maxNs}) {
        setCell(this, row, column++, count == 0 ? QStringLiteral("–") : formatDuration(figure));
    }
}

QString FigureTable::asText() const
{
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < columnCount(); ++column) {
        cells += horizontalHeaderItem(column)->text();
    }
    lines += cells.join(u'\t');
    for (int row = 0; row < rowCount(); ++row) {
        cells.clear();
        const int columns = columnSpan(row, 1) > 1 ? 2 : columnCount();
        for (int column = 0; column < columns; ++column) {
            cells += item(row, column)->text();
        }
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n') + u'\n';
}

LaneTable::LaneTable(QWidget* parent)
    : QTableWidget(parent)
{
    setAccessibleName(tr("Busy share of each lane"));
    prepare(this, {tr("Lane"), tr("Busy"), tr("Ended")});
}

void LaneTable::setFigures(const Snapshot& snapshot, const std::vector<RangeFigures>& figures,
                           const Theme& theme)
{
    std::size_t count = 0;
    for (const RangeFigures& each : figures) {
        count += each.lanes.size();
    }
    setRowCount(static_cast<int>(count));
    int row = 0;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        for (const LaneShare& lane : figures[i].lanes) {
            const LaneInfo& info = snapshot.lanes[static_cast<std::size_t>(lane.lane)].info();
            setCell(this, row, 0, laneName(info), Qt::AlignLeft)
                ->setForeground(executorColour(theme, i));
            setCell(this, row, 1, formatShare(lane.share()));
            setCell(this, row++, 2, formatCount(lane.attempts));
        }
    }
    fitColumns(this);
}

} // namespace poolscope
