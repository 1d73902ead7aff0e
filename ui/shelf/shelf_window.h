// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/common/theme.h"
#include "ui/compare/run_comparison.h"
#include "ui/models/shelf_model.h"
#include "ui/shelf/shelf_thread.h"

#include <QMainWindow>

#include <functional>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QLineEdit)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QStackedWidget)
QT_FORWARD_DECLARE_CLASS(QTableView)

namespace poolscope {

class MessageBar;
class ShelfDetails;

/// The runs that were kept, in a window of their own: found by words, sorted, named, noted, tagged, opened, compared,
/// written to files, removed. What was removed can be undone until the window is closed. Everything that
/// touches the disk happens on the shelf's thread. GUI thread.
class ShelfWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// More runs than that are not compared at once.
    static constexpr int kMostCompared = 8;

    /// \p shelf must outlive the window.
    explicit ShelfWindow(ShelfThread& shelf, QWidget* parent = nullptr);
    ~ShelfWindow() override;

    void setTheme(const Theme& theme);
    /// Reads the whole list again.
    void reload();
    /// A run was kept: shows it, too.
    void showKept(qint64 id);
    void showProblem(const QString& problem);

    // Parts, for tests.
    [[nodiscard]] QTableView& table() { return *m_table; }
    [[nodiscard]] QLineEdit& search() { return *m_search; }
    [[nodiscard]] ShelfDetails& details() { return *m_details; }
    [[nodiscard]] MessageBar& messageBar() { return *m_message; }
    [[nodiscard]] QString countText() const;
    [[nodiscard]] QString emptyText() const;
    /// \return the ids of what is shown, in order.
    [[nodiscard]] std::vector<qint64> shownIds() const;

signals:
    void openWanted(const poolscope::SnapshotPtr& run, const QString& title);
    void compareWanted(const std::vector<poolscope::ComparedRun>& runs);

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    using Change = std::function<Result<void>(RunShelf& shelf)>;

    void createActions();
    void createTable();
    void createLayout();
    void connectAll();
    QAction* addAct(const QString& text, const QString& help, const QKeySequence& key,
                    void (ShelfWindow::*slot)());

    void showRows(std::vector<ShelfRow> rows);
    void change(qint64 id, Change change);
    void openCurrent();
    void compareSelected();
    void rename();
    void removeSelected();
    void undo();
    void askExport();
    void exportTo(qint64 id, const QString& path);
    void purge();
    void focusSearch();
    void updateView();
    void updateActions();
    void updateDetails();
    /// In the order of the table.
    [[nodiscard]] std::vector<ShelfRow> selected() const;
    void select(const std::vector<qint64>& ids);

    ShelfThread& m_shelf;
    Theme m_theme;
    ShelfModel m_model;
    ShelfFilter m_filter;
    bool m_isLoaded = false;
    bool m_isReadOnly = false;
    qint64 m_limitBytes = 0;
    std::vector<qint64> m_undoable; ///< what the last removal took
    std::vector<qint64> m_removed; ///< what closing will purge
    QAction* m_open = nullptr;
    QAction* m_compare = nullptr;
    QAction* m_rename = nullptr;
    QAction* m_export = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_undo = nullptr;
    MessageBar* m_message;
    QLineEdit* m_search;
    QStackedWidget* m_stack; ///< the table, or why there is none
    QTableView* m_table;
    QLabel* m_empty;
    ShelfDetails* m_details;
    QLabel* m_count;
    QList<QPushButton*> m_buttons;
};

} // namespace poolscope
