// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/expectation.h"
#include "ui/common/newest_job.h"
#include "ui/common/snapshot_mark.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QPlainTextEdit)
QT_FORWARD_DECLARE_CLASS(QTableWidget)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

/// What every finished run is held against, a condition a line, and how the shown run stands to it; the same as
/// --assert on the command line. Worked out on another thread. GUI thread.
class GatePanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit GatePanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return what belongs above the panel, beside its title.
    [[nodiscard]] QWidget* head() const { return m_head; }
    /// As they were typed.
    [[nodiscard]] QString conditions() const;
    void setConditions(const QString& lines);
    /// \return the options that hold a run against the same on the command line.
    [[nodiscard]] QString asOptions() const;

signals:
    /// They were typed.
    void conditionsChanged(const QString& lines);
    /// How many conditions the shown run breaks; 0 also while nothing is known.
    void brokenChanged(int broken);

private:
    void createLayout();
    void onTyped();
    void readConditions();
    void request();
    void showOutcomes(const SnapshotPtr& snapshot, const std::vector<ExpectationOutcome>& outcomes);
    void updateTexts();

    ViewState& m_state;
    Theme m_theme;
    NewestJob m_job;
    SnapshotMark m_asked; ///< what the newest outcomes are of, or will be
    std::vector<Expectation> m_expectations;
    QString m_problem; ///< of the first line that is not understood
    int m_broken = 0;
    QWidget* m_head;
    QLabel* m_summary;
    QToolButton* m_copy;
    QPlainTextEdit* m_edit;
    QLabel* m_problemLabel;
    QLabel* m_empty;
    QTableWidget* m_table;
};

} // namespace poolscope
