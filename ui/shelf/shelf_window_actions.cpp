// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What can be done to the runs in a ShelfWindow: each asks the shelf's thread and shows what came of it.

#include "core/io/file_format.h"
#include "ui/panels/message_bar.h"
#include "ui/shelf/shelf_details.h"
#include "ui/shelf/shelf_window.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QTableView>

#include <algorithm>
#include <utility>

namespace poolscope {

/// Makes a change and shows the run as it then is; on an error says so and shows it as it was.
void ShelfWindow::change(qint64 id, Change change)
{
    m_shelf.ask([this, id, change = std::move(change)](RunShelf& shelf) -> ShelfThread::Deliver {
        const Result<void> done = change(shelf);
        const Result<ShelfEntry> entry = shelf.entry(id);
        return [this, done, entry] {
            if (entry) {
                m_model.setRow(makeShelfRow(entry.value()));
            }
            if (!done) {
                showProblem(QString::fromStdString(done.error().message));
            }
            updateView();
            updateDetails();
        };
    });
}

void ShelfWindow::openCurrent()
{
    const std::vector<ShelfRow> rows = selected();
    if (rows.size() != 1) {
        return;
    }
    const ShelfEntry& entry = rows.front().entry;
    m_shelf.ask(
        [this, id = entry.id, title = shelfTitle(entry)](RunShelf& shelf) -> ShelfThread::Deliver {
            const Result<SnapshotPtr> run = shelf.read(id);
            return [this, run, title] {
                if (run) {
                    emit openWanted(run.value(), title);
                } else {
                    showProblem(QString::fromStdString(run.error().message));
                }
            };
        });
}

void ShelfWindow::compareSelected()
{
    std::vector<ShelfRow> rows = selected();
    if (rows.size() < 2 || rows.size() > kMostCompared) {
        return;
    }
    // What came first is what later ones are compared with, however the table is sorted.
    std::stable_sort(rows.begin(), rows.end(), [](const ShelfRow& a, const ShelfRow& b) {
        return a.entry.startedUnixNs < b.entry.startedUnixNs;
    });
    m_shelf.ask([this, rows](RunShelf& shelf) -> ShelfThread::Deliver {
        std::vector<ComparedRun> runs;
        for (const ShelfRow& row : rows) {
            const Result<SnapshotPtr> run = shelf.read(row.entry.id);
            if (!run) {
                return [this, problem = QString::fromStdString(run.error().message)] {
                    showProblem(problem);
                };
            }
            const QString& name = row.entry.name;
            runs.push_back(
                {run.value(), name.isEmpty() ? tr("run %1").arg(row.entry.id) : name, name});
        }
        return [this, runs] { emit compareWanted(runs); };
    });
}

void ShelfWindow::rename()
{
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid() && !m_isReadOnly) {
        m_table->edit(m_filter.index(current.row(), ShelfModel::Name));
    }
}

void ShelfWindow::removeSelected()
{
    std::vector<qint64> ids;
    for (const ShelfRow& row : selected()) {
        ids.push_back(row.entry.id);
    }
    if (ids.empty() || m_isReadOnly) {
        return;
    }
    m_details->flush();
    const int place = m_table->currentIndex().row();
    m_shelf.ask([this, ids, place](RunShelf& shelf) -> ShelfThread::Deliver {
        std::vector<qint64> gone;
        Result<void> done;
        for (const qint64 id : ids) {
            done = shelf.remove(id);
            if (!done) {
                break;
            }
            gone.push_back(id);
        }
        return [this, gone, done, place] {
            m_model.removeIds(gone);
            m_undoable = gone;
            m_removed.insert(m_removed.end(), gone.begin(), gone.end());
            m_table->selectRow(std::min(place, m_filter.rowCount() - 1));
            updateView();
            if (!done) {
                showProblem(QString::fromStdString(done.error().message));
            } else {
                m_message->showMessage(MessageBar::Kind::Information,
                                       gone.size() == 1 ? tr("1 run deleted.")
                                                        : tr("%1 runs deleted.").arg(gone.size()),
                                       tr("Undo"));
            }
        };
    });
}

void ShelfWindow::undo()
{
    const std::vector<qint64> ids = std::exchange(m_undoable, {});
    if (ids.empty()) {
        return;
    }
    m_message->hide();
    updateActions();
    m_shelf.ask([this, ids](RunShelf& shelf) -> ShelfThread::Deliver {
        Result<void> done;
        std::vector<ShelfRow> rows;
        for (const qint64 id : ids) {
            const Result<void> restored = shelf.restore(id);
            const Result<ShelfEntry> entry = shelf.entry(id);
            if (restored && entry) {
                rows.push_back(makeShelfRow(entry.value()));
            }
            done = done ? restored : done;
        }
        return [this, ids, rows, done] {
            for (const ShelfRow& row : rows) {
                m_model.setRow(row);
                std::erase(m_removed, row.entry.id);
            }
            select(ids);
            updateView();
            if (!done) {
                showProblem(QString::fromStdString(done.error().message));
            }
        };
    });
}

void ShelfWindow::purge()
{
    m_undoable.clear();
    if (!m_removed.empty()) {
        m_shelf.ask([ids = std::exchange(m_removed, {})](RunShelf& shelf) -> ShelfThread::Deliver {
            // What cannot be deleted now goes when the shelf is opened another day.
            static_cast<void>(shelf.purge(ids));
            return nullptr;
        });
        m_message->hide();
    }
    updateActions();
}

void ShelfWindow::askExport()
{
    const std::vector<ShelfRow> rows = selected();
    if (rows.size() != 1 || !rows.front().entry.hasDetail) {
        return;
    }
    auto* dialog = new QFileDialog(this, tr("Save run"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Runs (*.pscope)")});
    dialog->setDefaultSuffix(QStringLiteral("pscope"));
    dialog->selectFile(shelfTitle(rows.front().entry) + QStringLiteral(".pscope"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, id = rows.front().entry.id](const QString& path) { exportTo(id, path); });
    dialog->open();
}

void ShelfWindow::exportTo(qint64 id, const QString& path)
{
    m_shelf.ask([this, id, path](RunShelf& shelf) -> ShelfThread::Deliver {
        const Result<SnapshotPtr> run = shelf.read(id);
        const Result<void> done = run ? writeSnapshot(*run.value(), *findFileFormat("pscope"),
                                                      QFile::encodeName(path).toStdString())
                                      : Result<void>(run.error());
        return [this, done, path] {
            if (done) {
                m_message->showMessage(MessageBar::Kind::Information, tr("Written: %1").arg(path));
            } else {
                showProblem(QString::fromStdString(done.error().message));
            }
        };
    });
}

} // namespace poolscope
