// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/range_figures.h"
#include "ui/common/newest_job.h"
#include "ui/common/theme.h"
#include "ui/timeline/view_state.h"

#include <QWidget>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QLineEdit)
QT_FORWARD_DECLARE_CLASS(QScrollArea)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

class FigureTable;
class HistogramView;
class LaneTable;
class RangeJob;

/// The range that is selected, to be set to the nanosecond, and all figures over it, or over the whole run:
/// sums and percentiles of run time and queue wait, their histograms, and how busy each lane was. A RangeJob
/// works them out. GUI thread.
class RangePanel : public QWidget
{
    Q_OBJECT

public:
    /// \p state must outlive the panel.
    explicit RangePanel(ViewState& state, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// \return what belongs above the figures, beside the panel's title; whoever asks for it gives it a place.
    [[nodiscard]] QWidget* head() const { return m_head; }
    /// \return what is wrong with what was typed, or an empty text.
    [[nodiscard]] QString problemText() const;

public slots:
    /// Puts the table of figures on the clipboard.
    void copyFigures() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QLineEdit* makeTimeEdit(const QString& name);
    void createHead();
    void createLayout();
    void onTyped();
    void onSelectionChanged();
    void showFigures(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures);
    void showHistograms(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures);
    void updateHead();

    ViewState& m_state;
    Theme m_theme;
    RangeJob* m_job; ///< child
    QString m_problem;
    QWidget* m_head;
    QLineEdit* m_from;
    QLineEdit* m_to;
    QLabel* m_scope;
    QToolButton* m_clear;
    QToolButton* m_copy;
    QLabel* m_empty;
    QScrollArea* m_scroll; ///< for narrow windows
    QWidget* m_content;
    FigureTable* m_figures;
    LaneTable* m_lanes;
    HistogramView* m_runs;
    HistogramView* m_waits;
};

/// \return \p timeNs to the nanosecond, as parseDuration() reads it: "12.5 ms", "1.000000001 s".
[[nodiscard]] QString exactTime(Nanos timeNs);

} // namespace poolscope
