// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/panels/snapshot_search.h"
#include "ui/timeline/view_state.h"

#include <QFrame>
#include <QPointer>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

class QueryEdit;

/// A line above the timeline to search for tasks and to go from hit to hit. What it finds is in ViewState.
/// Enter and Shift+Enter go to the next and the previous hit, Escape closes it. GUI thread.
class FindBar : public QFrame
{
    Q_OBJECT

public:
    /// \p state must outlive the bar.
    explicit FindBar(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return e.g. "12 of 3,401".
    [[nodiscard]] QString countText() const;
    /// \return what is wrong with the query, or an empty text.
    [[nodiscard]] QString problemText() const;

public slots:
    /// Shows the bar and takes the focus, which goes back when the bar is closed.
    void open();
    void close();
    /// Opens the bar when it is closed.
    void findNext();
    void findPrevious();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Step { None, Next, Previous };

    QToolButton* makeButton(const QString& name, const QString& help);
    void createLayout();
    void onQueryChanged();
    void onFound(const std::shared_ptr<const TaskHits>& hits);
    void go(Step step);
    void updateTexts();
    void showSyntax();

    ViewState& m_state;
    SnapshotSearch m_search;
    QPointer<QWidget> m_focusBefore;
    Step m_wanted = Step::None; ///< as soon as there is a hit
    QueryEdit* m_edit;
    QLabel* m_count;
    QToolButton* m_previous;
    QToolButton* m_next;
    QToolButton* m_help;
    QToolButton* m_close;
    QLabel* m_problem;
};

} // namespace poolscope
