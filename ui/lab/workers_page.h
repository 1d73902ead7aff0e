// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lab/levels_page.h"

QT_FORWARD_DECLARE_CLASS(QCheckBox)
QT_FORWARD_DECLARE_CLASS(QComboBox)

namespace poolscope {

class WorkersPicture;

/// How many workers to take: the job with several numbers of them, and, when wanted, what was expected
/// beforehand. GUI thread.
class WorkersPage : public LevelsPage
{
    Q_OBJECT

public:
    explicit WorkersPage(QWidget* parent = nullptr);

    [[nodiscard]] WorkersPicture& picture() const { return *m_picture; }
    void begin(const ExperimentPlan& plan) override;
    void end() override;

protected:
    [[nodiscard]] std::vector<RunSettings> arms() const override;
    [[nodiscard]] QString headline() const override;
    [[nodiscard]] std::vector<int> defaultLevels() const override;
    void showRuns() override;
    void applyAdvice() override;

private:
    void onPredictToggled(bool isPredicting);
    void updateDrawing();
    [[nodiscard]] QString predictionSentence() const;

    WorkersPicture* m_picture;
    QComboBox* m_measure;
    QCheckBox* m_predict;
    QLabel* m_predictHelp;
};

} // namespace poolscope
