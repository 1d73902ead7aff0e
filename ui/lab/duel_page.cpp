// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/duel_page.h"

#include "ui/common/experiment_text.h"
#include "ui/common/format.h"
#include "ui/lab/duel_picture.h"
#include "ui/lab/job_text.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace poolscope {

namespace {

QString duration(double ns)
{
    return formatDuration(std::llround(ns));
}

} // namespace

DuelPage::DuelPage(QWidget* parent)
    : LabPage(ExperimentKind::Duel, new DuelPicture, parent)
    , m_picture(findChild<DuelPicture*>())
    , m_below(new QWidget(this))
    , m_table(new QTableWidget(0, 5, m_below))
    , m_sides(new QLabel(form()))
{
    m_picture->setEmptyText(tr("Which executor is faster for this job?\n"
                               "Press Start to run it on each by itself, in turns."));
    m_sides->setWordWrap(true);
    m_sides->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_sides->setAccessibleName(tr("Sides"));
    addRow(tr("Sides"), m_sides);
    m_table->setHorizontalHeaderLabels(
        {tr("Executor"), tr("Makespan"), tr("Start-up"), tr("Hand-over"), tr("Memory")});
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeaderItem(2)->setToolTip(tr("Of a worker, on average"));
    m_table->horizontalHeaderItem(3)->setToolTip(tr("Of a task, on average, in its worker's time"));
    m_table->horizontalHeaderItem(4)->setToolTip(tr("Of a worker process, at most"));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->hide();
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setStyleSheet(QStringLiteral("QTableView::item { padding: 0 9px 0 2px; border: 0; }"));
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_table->setAccessibleName(tr("What each side costs, on average over the rounds"));
    m_below->hide();
    auto* layout = new QVBoxLayout(m_below);
    layout->setContentsMargins(10, 0, 10, 6);
    layout->addWidget(m_table);
    addBelowPicture(m_below);
}

void DuelPage::takeJob()
{
    QStringList lines;
    for (const ExecutorSettings& executor : job().executors) {
        lines << tr("%1 (%2)")
                     .arg(executorTitle(QString::fromStdString(executor.kind)))
                     .arg(executor.workers);
    }
    m_sides->setText(lines.isEmpty() ? tr("none") : lines.join(QLatin1Char('\n')));
}

QString DuelPage::ownProblem() const
{
    return job().executors.size() < 2
               ? tr("A duel needs two executors: choose them under “Run it on” in the setup.")
               : QString();
}

std::vector<RunSettings> DuelPage::arms() const
{
    return armsByExecutor(job());
}

QStringList DuelPage::sides() const
{
    QStringList names;
    for (int arm = 0; arm < static_cast<int>(measuredPlan().arms.size()); ++arm) {
        names << executorTitle(kindOf(measuredPlan(), arm));
    }
    return names;
}

QString DuelPage::headline() const
{
    return sides().join(tr(" against "));
}

void DuelPage::showRuns()
{
    const QStringList names = sides();
    m_picture->setRuns(measuredPlan(), runs(), names);
    m_below->setVisible(!runs().empty());
    if (runs().empty()) {
        setVerdict({});
        return;
    }
    showTable();
    QStringList lines;
    for (const DuelPair& pair : m_picture->pairs()) {
        lines << duelSentence(pair.comparison, names[pair.first], names[pair.second]);
    }
    setVerdict(lines);
}

void DuelPage::showTable()
{
    const QStringList names = sides();
    m_table->setRowCount(static_cast<int>(names.size()));
    for (int side = 0; side < names.size(); ++side) {
        constexpr double kKiBPerMiB = 1024;
        const ArmMeans means = meansOf(runs(), side);
        const bool isThere = means.runs > 0;
        const QStringList cells{
            names[side],
            isThere ? duration(means.makespanNs) : QString(),
            isThere ? duration(means.startUpNs) : QString(),
            isThere ? duration(means.handOverNs) : QString(),
            means.peakMemoryKiB > 0
                ? tr("%1 MiB").arg(static_cast<double>(means.peakMemoryKiB) / kKiBPerMiB, 0, 'f', 1)
                : tr("not measured"),
        };
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
            m_table->setItem(side, column, item);
        }
        m_table->item(side, 4)->setToolTip(
            tr("Of worker processes, when the setup measures what tasks cost"));
    }
    m_table->resizeRowsToContents();
    int height = m_table->horizontalHeader()->height();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        height += m_table->rowHeight(row);
    }
    m_table->setFixedHeight(height + 2);
}

} // namespace poolscope
