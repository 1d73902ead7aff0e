// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/common/newest_job.h"
#include "ui/common/theme.h"
#include "ui/compare/delta_model.h"
#include "ui/compare/run_comparison.h"

#include <QMainWindow>

#include <memory>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QTableView)

namespace poolscope {

class DistributionView;
class MessageBar;

/// What differs between runs: facts that are not the same, a table of figures with noise in words, and the
/// distributions of run times and waits over each other. Worked out on another thread. GUI thread.
class CompareWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// \p runs: two or more.
    explicit CompareWindow(std::vector<ComparedRun> runs, QWidget* parent = nullptr);
    ~CompareWindow() override;

    void setTheme(const Theme& theme);
    /// Writes the table as CSV. Error: names the file and the reason.
    [[nodiscard]] Result<void> writeTable(const QString& path) const;
    /// Writes the plots, on white, as .png or .svg. Error: another suffix, or cannot be written.
    [[nodiscard]] Result<void> writePicture(const QString& path) const;

    // Parts, for tests.
    /// \return what is shown, null while it is worked out.
    [[nodiscard]] const std::shared_ptr<const RunComparison>& comparison() const
    {
        return m_comparison;
    }
    [[nodiscard]] QTableView& table() { return *m_table; }
    [[nodiscard]] DistributionView& plot() { return *m_plot; }
    [[nodiscard]] QComboBox& executors() { return *m_executors; }
    [[nodiscard]] MessageBar& messageBar() { return *m_message; }
    [[nodiscard]] QString factsText() const;

signals:
    /// The runs as one trace that begins with their first submits.
    void alignedWanted(const poolscope::SnapshotPtr& run, const QString& title);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void createTable();
    void createLayout();
    void showComparison(std::shared_ptr<const RunComparison> comparison);
    void showFacts();
    void showPlot();
    void align();
    void askTable();
    void askPicture();
    void tell(const Result<void>& done, const QString& path);

    std::vector<ComparedRun> m_runs;
    Theme m_theme;
    NewestJob m_job;
    std::shared_ptr<const RunComparison> m_comparison;
    DeltaModel m_model;
    MessageBar* m_message;
    QLabel* m_facts;
    QTableView* m_table;
    DistributionView* m_plot;
    QComboBox* m_executors;
    QPushButton* m_align;
    QPushButton* m_saveTable;
    QPushButton* m_savePicture;
};

} // namespace poolscope
