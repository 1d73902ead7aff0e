// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lab/lab_page.h"
#include "ui/lab/level_edit.h"

QT_FORWARD_DECLARE_CLASS(QComboBox)

namespace poolscope {

/// A page that measures one executor at several levels. GUI thread.
class LevelsPage : public LabPage
{
    Q_OBJECT

public:
    [[nodiscard]] std::vector<int> levels() const { return m_levels->levels(); }
    /// \return the kind of executor that is measured.
    [[nodiscard]] QString executorKind() const;

protected:
    /// \p title: what the levels are.
    LevelsPage(ExperimentKind kind, LabPicture* picture, const QString& title, int most,
               QWidget* parent);
    /// \p kind is measured until another one is chosen, if the setup has it; else the first of the setup.
    void setPreferred(const QString& kind) { m_preferred = kind.toStdString(); }

    /// \return the job on the chosen executor alone.
    [[nodiscard]] RunSettings jobOnOne() const;
    void takeJob() override;
    [[nodiscard]] QString ownProblem() const override { return m_levels->problem(); }
    [[nodiscard]] virtual std::vector<int> defaultLevels() const = 0;

private:
    QComboBox* m_executor;
    LevelEdit* m_levels;
    std::string m_preferred;
    bool m_isChosen = false; ///< the executor, by hand
};

} // namespace poolscope
