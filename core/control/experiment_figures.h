// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace poolscope {

/// Means over the rounds of an arm.
struct ArmMeans
{
    int runs = 0;
    double makespanNs = 0;
    double startUpNs = 0;
    double handOverNs = 0;
    std::uint64_t peakMemoryKiB = 0; ///< the largest
};

/// One pair of a duel.
struct DuelPair
{
    int first = 0;
    int second = 1;
    Comparison comparison;
};

/// \return the id of the executor of an arm of \p plan.
[[nodiscard]] QString kindOf(const ExperimentPlan& plan, int arm);
/// \return the arm's kind, with its number of workers where another arm is of the same kind, and with its place
/// where that has as many: "threads", "threads:8", "threads:8 #2".
[[nodiscard]] QString sideName(const ExperimentPlan& plan, int arm);
/// \return the means of the runs of \p arm; of none all are 0.
[[nodiscard]] ArmMeans meansOf(const std::vector<ArmRun>& runs, int arm);
/// \return each side of a duel against each other one.
[[nodiscard]] std::vector<DuelPair> pairsOf(const ExperimentPlan& plan,
                                            const std::vector<ArmRun>& runs);

} // namespace poolscope
