// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"
#include "ui/common/theme.h"

#include <QStringList>
#include <QWidget>

#include <memory>

QT_FORWARD_DECLARE_CLASS(QElapsedTimer)
QT_FORWARD_DECLARE_CLASS(QFormLayout)
QT_FORWARD_DECLARE_CLASS(QFrame)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QSpinBox)
QT_FORWARD_DECLARE_CLASS(QVBoxLayout)

namespace poolscope {

class LabPicture;

/// One page of the Lab: what is to be measured, the picture of what was, and what it proves. The form
/// stands beside the page. GUI thread.
class LabPage : public QWidget
{
    Q_OBJECT

public:
    ~LabPage() override;

    [[nodiscard]] ExperimentKind kind() const { return m_kind; }
    /// \return what is to be measured; it belongs beside the page.
    [[nodiscard]] QWidget* form() const { return m_form; }
    /// Takes another job.
    void setJob(const RunSettings& job);
    /// Nothing of the form can be changed, or all of it; without \p canApply no advice either.
    void setLocked(bool isLocked, bool canApply);
    virtual void setTheme(const Theme& theme);

    /// \return why the page cannot be started as it stands, empty when it can.
    [[nodiscard]] QString problem() const;
    /// Precondition: no problem(). \return what to run.
    [[nodiscard]] ExperimentPlan plan() const;

    /// What was measured is forgotten; \p plan begins.
    virtual void begin(const ExperimentPlan& plan);
    void addRun(const ArmRun& run);
    /// No more runs come.
    virtual void end();
    [[nodiscard]] const std::vector<ArmRun>& runs() const { return m_runs; }
    /// \return what the runs prove, a sentence a line.
    [[nodiscard]] QString verdict() const;
    /// \return e.g. "about 12 s", for \p runs more; empty: not known.
    [[nodiscard]] QString durationText(int runs) const;

    /// Writes what was measured as CSV or JSON, and the picture as PNG, SVG or PDF, by the end of \p path;
    /// tells by told() what came of it. Precondition: runs() are not empty.
    void writeData(const QString& path);
    void writePicture(const QString& path);

signals:
    /// problem() or plan() may have changed.
    void changed();
    /// The advice is taken: give the executor of that kind so many workers, or hand over so many tasks at a time.
    void workersWanted(const QString& kind, int workers);
    void chunkWanted(int chunk);
    void told(bool isError, const QString& message);

protected:
    /// \p picture: a new one, whose parent the page becomes.
    LabPage(ExperimentKind kind, LabPicture* picture, QWidget* parent);

    [[nodiscard]] const RunSettings& job() const { return m_job; }
    [[nodiscard]] const ExperimentPlan& measuredPlan() const { return m_plan; }
    [[nodiscard]] bool isMeasuring() const { return m_isMeasuring; }
    /// Adds a row to the form, or a widget that takes the whole width.
    void addRow(const QString& label, QWidget* field);
    void addWidget(QWidget* field);
    /// Puts \p widget above the picture, on the right.
    void addToHead(QWidget* widget);
    /// Puts \p widget between picture and verdict.
    void addBelowPicture(QWidget* widget);
    /// The first of \p sentences is the answer, the others say more.
    void setVerdict(const QStringList& sentences);
    /// The button that takes the advice; empty: there is none.
    void setAdvice(const QString& text);
    void updateCount();
    /// Forgets what was measured. Precondition: not isMeasuring().
    void clearRuns();

    // What the pages differ in.
    virtual void takeJob() = 0;
    [[nodiscard]] virtual QString ownProblem() const = 0;
    [[nodiscard]] virtual std::vector<RunSettings> arms() const = 0;
    /// What measuredPlan() measures, above its picture.
    [[nodiscard]] virtual QString headline() const = 0;
    virtual void showRuns() = 0;
    virtual void applyAdvice() {}

private:
    void createForm();
    void createHead(QVBoxLayout& layout);
    void createFooter(QVBoxLayout& layout);
    void updateButtons();
    void askFile(const QString& title, const QStringList& filters,
                 void (LabPage::*write)(const QString&));

    ExperimentKind m_kind;
    RunSettings m_job;
    ExperimentPlan m_plan; ///< of runs()
    std::vector<ArmRun> m_runs;
    std::unique_ptr<QElapsedTimer> m_clock; ///< since begin()
    double m_secondsPerRun = 0; ///< 0: not known
    bool m_isMeasuring = false;
    bool m_canApply = true;
    bool m_hasAdvice = false;

    QWidget* m_form;
    QFormLayout* m_rows = nullptr;
    QSpinBox* m_rounds = nullptr;
    QLabel* m_count = nullptr;
    LabPicture* m_picture;
    QVBoxLayout* m_layout = nullptr;
    QFrame* m_head = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_otherJob = nullptr;
    QFrame* m_footer = nullptr;
    QLabel* m_answer = nullptr;
    QLabel* m_details = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_exportPicture = nullptr;
    QPushButton* m_exportData = nullptr;
};

} // namespace poolscope
