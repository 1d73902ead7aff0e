// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a ShelfWindow says beside the table, and which actions can be taken.

#include "ui/shelf/shelf_details.h"
#include "ui/shelf/shelf_window.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>

namespace poolscope {

namespace {

bool haveDetail(const std::vector<ShelfRow>& rows)
{
    return std::all_of(rows.begin(), rows.end(),
                       [](const ShelfRow& row) { return row.entry.hasDetail; });
}

/// What can be done with several runs.
QString severalText(const std::vector<ShelfRow>& rows)
{
    QString what = ShelfWindow::tr("Ctrl+D compares them.");
    if (rows.size() > static_cast<std::size_t>(ShelfWindow::kMostCompared)) {
        what =
            ShelfWindow::tr("At most %1 can be compared at once.").arg(ShelfWindow::kMostCompared);
    } else if (!haveDetail(rows)) {
        what = ShelfWindow::tr("Those whose run file was let go cannot be compared.");
    }
    return ShelfWindow::tr("%1 runs selected.\n\n%2").arg(QString::number(rows.size()), what);
}

} // namespace

void ShelfWindow::updateView()
{
    const int all = m_model.rowCount();
    const int shown = m_filter.rowCount();
    if (!m_isLoaded) {
        m_empty->setText(tr("Reading the shelf …"));
    } else if (all == 0) {
        m_empty->setText(
            tr("There is no run on the shelf yet.\n\nEvery run that ends in the window "
               "is kept here, unless File, Keep runs on the shelf is off; on the "
               "command line, “poolscope run --keep” keeps one."));
    } else {
        m_empty->setText(tr("No run matches “%1”.\n\nAll words must occur in a run's name, notes, "
                            "tags, workload or executors. Esc shows all runs.")
                             .arg(m_search->text().simplified()));
    }
    QWidget* const current = shown > 0 ? static_cast<QWidget*>(m_table) : m_empty;
    m_stack->setCurrentWidget(current);
    const QLocale locale;
    const QString number = all == 1 ? tr("1 run") : tr("%1 runs").arg(locale.toString(all));
    const QString runs = shown == all ? number : tr("%1 of %2").arg(locale.toString(shown), number);
    QString text = tr("%1 · run files take %2 of %3")
                       .arg(runs, locale.formattedDataSize(m_model.totalBytes(), 1),
                            locale.formattedDataSize(m_limitBytes, 1));
    if (m_isReadOnly) {
        text = tr("%1 · this shelf can only be read").arg(text);
    }
    m_count->setText(m_isLoaded ? text : QString());
    updateDetails();
}

void ShelfWindow::updateDetails()
{
    const std::vector<ShelfRow> rows = selected();
    if (rows.size() == 1) {
        m_details->setEntry(rows.front().entry);
    } else {
        m_details->setEntry({}, rows.empty() ? tr("Select a run to see what is known of it.")
                                             : severalText(rows));
    }
    updateActions();
}

void ShelfWindow::updateActions()
{
    const std::vector<ShelfRow> rows = selected();
    const bool areWhole = haveDetail(rows);
    const bool isOne = rows.size() == 1;
    m_open->setEnabled(isOne && areWhole);
    m_export->setEnabled(isOne && areWhole);
    m_rename->setEnabled(isOne && !m_isReadOnly);
    m_remove->setEnabled(!rows.empty() && !m_isReadOnly);
    m_undo->setEnabled(!m_undoable.empty());
    m_compare->setEnabled(rows.size() >= 2 && rows.size() <= kMostCompared && areWhole);
}

} // namespace poolscope
