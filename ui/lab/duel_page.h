// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lab/lab_page.h"

QT_FORWARD_DECLARE_CLASS(QTableWidget)

namespace poolscope {

class DuelPicture;

/// Which executor is faster: the job on each of the setup's executors by itself. GUI thread.
class DuelPage : public LabPage
{
    Q_OBJECT

public:
    explicit DuelPage(QWidget* parent = nullptr);

    [[nodiscard]] DuelPicture& picture() const { return *m_picture; }

protected:
    void takeJob() override;
    [[nodiscard]] QString ownProblem() const override;
    [[nodiscard]] std::vector<RunSettings> arms() const override;
    [[nodiscard]] QString headline() const override;
    void showRuns() override;

private:
    [[nodiscard]] QStringList sides() const;
    void showTable();

    DuelPicture* m_picture;
    QWidget* m_below; ///< room around the table
    QTableWidget* m_table;
    QLabel* m_sides;
};

} // namespace poolscope
