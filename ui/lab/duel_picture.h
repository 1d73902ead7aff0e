// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment_figures.h"
#include "ui/lab/lab_picture.h"
#include "ui/lab/plot_area.h"

#include <QStringList>

#include <vector>

namespace poolscope {

/// The sides of a duel: the makespans of each round, joined, and beside them how many times as fast each side is
/// as each other one. GUI thread.
class DuelPicture : public LabPicture
{
    Q_OBJECT

public:
    explicit DuelPicture(QWidget* parent = nullptr);

    /// \p sides names the arms of \p plan.
    void setRuns(const ExperimentPlan& plan, const std::vector<ArmRun>& runs,
                 const QStringList& sides);
    [[nodiscard]] const std::vector<DuelPair>& pairs() const { return m_pairs; }
    [[nodiscard]] bool isEmpty() const override { return m_runs.empty(); }

protected:
    void draw(QPainter& painter, const QRectF& rect, const Theme& theme) const override;

private:
    void drawRounds(QPainter& painter, const QRectF& rect, const Theme& theme) const;
    void drawRatios(QPainter& painter, const QRectF& rect, const Theme& theme) const;
    /// The interval of \p pair on the line at \p middle, its number below; nothing without a round.
    static void drawRatio(QPainter& painter, const PlotArea& area, const DuelPair& pair,
                          double middle, const Theme& theme);
    /// Which side is the faster one left of 1 and which right of it, above that line.
    void drawNames(QPainter& painter, const PlotArea& area, const DuelPair& pair, double middle,
                   const Theme& theme) const;

    std::vector<ArmRun> m_runs;
    std::vector<DuelPair> m_pairs;
    QStringList m_sides;
};

} // namespace poolscope
