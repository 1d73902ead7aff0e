// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shelf/shelf_window.h"

#include "ui/panels/line_icon.h"
#include "ui/panels/message_bar.h"
#include "ui/shelf/shelf_details.h"

#include <QAction>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>
#include <utility>

namespace poolscope {

ShelfWindow::ShelfWindow(ShelfThread& shelf, QWidget* parent)
    : QMainWindow(parent)
    , m_shelf(shelf)
    , m_theme(Theme::light())
    , m_filter(m_model)
    , m_message(new MessageBar(this))
    , m_search(new QLineEdit(this))
    , m_stack(new QStackedWidget(this))
    , m_table(new QTableView(this))
    , m_empty(new QLabel(this))
    , m_details(new ShelfDetails(this))
    , m_count(new QLabel(this))
{
    setWindowTitle(tr("Shelf – Poolscope"));
    setWindowIcon(programIcon());
    createActions();
    createTable();
    createLayout();
    connectAll();
    updateView();
}

ShelfWindow::~ShelfWindow()
{
    purge();
    delete takeCentralWidget(); // it looks at the model to its end
}

void ShelfWindow::connectAll()
{
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter.setWords(text);
        updateView();
    });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (selected().empty() && m_filter.rowCount() > 0) {
            m_table->selectRow(0);
        }
        m_table->setFocus();
    });
    connect(m_table, &QAbstractItemView::activated, this, &ShelfWindow::openCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ShelfWindow::updateDetails);
    connect(m_message, &MessageBar::actionTriggered, this, &ShelfWindow::undo);
    connect(&m_model, &ShelfModel::nameTyped, this, [this](qint64 id, const QString& name) {
        change(id, [id, name](RunShelf& shelf) { return shelf.rename(id, name); });
    });
    connect(m_details, &ShelfDetails::notesTyped, this, [this](qint64 id, const QString& notes) {
        change(id, [id, notes](RunShelf& shelf) { return shelf.setNotes(id, notes); });
    });
    connect(m_details, &ShelfDetails::tagsTyped, this, [this](qint64 id, const QStringList& tags) {
        change(id, [id, tags](RunShelf& shelf) { return shelf.setTags(id, tags); });
    });
    connect(&m_shelf, &ShelfThread::unusable, this, &ShelfWindow::showProblem);
}

void ShelfWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!event->spontaneous()) {
        reload();
        m_search->setFocus();
    }
}

void ShelfWindow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape) {
        QMainWindow::keyPressEvent(event);
    } else if (m_search->text().isEmpty()) {
        close();
    } else {
        m_search->clear();
    }
}

void ShelfWindow::closeEvent(QCloseEvent* event)
{
    m_details->flush();
    purge();
    QMainWindow::closeEvent(event);
}

void ShelfWindow::showProblem(const QString& problem)
{
    m_message->showMessage(MessageBar::Kind::Error, problem);
    updateView();
}

void ShelfWindow::reload()
{
    m_shelf.ask([this](RunShelf& shelf) -> ShelfThread::Deliver {
        Result<std::vector<ShelfEntry>> entries = shelf.entries();
        if (!entries) {
            return [this, problem = QString::fromStdString(entries.error().message)] {
                showProblem(problem);
            };
        }
        std::vector<ShelfRow> rows;
        rows.reserve(entries.value().size());
        for (ShelfEntry& entry : entries.value()) {
            rows.push_back(makeShelfRow(std::move(entry)));
        }
        const Result<qint64> limit = shelf.limitBytes();
        return [this, rows = std::move(rows), limit = limit ? limit.value() : 0,
                isReadOnly = shelf.isReadOnly()]() mutable {
            m_limitBytes = limit;
            m_isReadOnly = isReadOnly;
            showRows(std::move(rows));
        };
    });
}

void ShelfWindow::showRows(std::vector<ShelfRow> rows)
{
    std::vector<qint64> ids;
    for (const ShelfRow& row : selected()) {
        ids.push_back(row.entry.id);
    }
    m_details->flush();
    m_model.setRows(std::move(rows));
    m_isLoaded = true;
    m_details->setReadOnly(m_isReadOnly);
    select(ids);
    if (selected().empty() && m_filter.rowCount() > 0) {
        m_table->selectRow(0);
    }
    updateView();
}

void ShelfWindow::showKept(qint64 id)
{
    if (!m_isLoaded) {
        return;
    }
    m_shelf.ask([this, id](RunShelf& shelf) -> ShelfThread::Deliver {
        const Result<ShelfEntry> entry = shelf.entry(id);
        if (!entry) {
            return nullptr; // removed meanwhile
        }
        return [this, row = makeShelfRow(entry.value())] {
            m_model.setRow(row);
            updateView();
            updateDetails();
        };
    });
}

std::vector<ShelfRow> ShelfWindow::selected() const
{
    QList<int> places;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        places << index.row();
    }
    std::sort(places.begin(), places.end());
    std::vector<ShelfRow> rows;
    for (const int place : std::as_const(places)) {
        rows.push_back(m_model.row(m_filter.mapToSource(m_filter.index(place, 0)).row()));
    }
    return rows;
}

void ShelfWindow::select(const std::vector<qint64>& ids)
{
    QItemSelection selection;
    for (const qint64 id : ids) {
        if (const int row = m_model.rowOf(id); row >= 0) {
            const QModelIndex index = m_filter.mapFromSource(m_model.index(row, 0));
            selection.select(index, index);
        }
    }
    m_table->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect |
                                                     QItemSelectionModel::Rows);
    if (!selection.isEmpty()) {
        m_table->selectionModel()->setCurrentIndex(selection.indexes().first(),
                                                   QItemSelectionModel::NoUpdate);
    }
}

void ShelfWindow::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

QString ShelfWindow::countText() const
{
    return m_count->text();
}

QString ShelfWindow::emptyText() const
{
    return m_stack->currentWidget() == m_empty ? m_empty->text() : QString();
}

std::vector<qint64> ShelfWindow::shownIds() const
{
    std::vector<qint64> ids;
    for (int row = 0; row < m_filter.rowCount(); ++row) {
        ids.push_back(m_model.row(m_filter.mapToSource(m_filter.index(row, 0)).row()).entry.id);
    }
    return ids;
}

} // namespace poolscope
