// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"

#include <string>
#include <vector>

namespace poolscope::bench {

/// Runs the plan to its end. \return what ran; empty when it could not.
[[nodiscard]] std::vector<ArmRun> runAll(const ExperimentPlan& plan);
/// \return where poolscope-worker is, beside the folder of the benches.
[[nodiscard]] std::string workerProgram();
[[nodiscard]] double median(std::vector<double> values);

// Each measures one bound of the answers, prints what it measured, and returns whether the bound holds.

/// The recommended number of workers against the best of an exhaustive sweep, on the shipped scenarios and
/// on random workloads; of them those whose name contains \p only.
bool measurePoolSizes(const std::string& only);
/// What-if against the real run, on random workloads that do not compete for anything.
bool measurePredictions();
/// Real duels of a side against itself: how often there is a winner.
bool measureRealDuels();
/// How long the analysis of ten million tasks takes.
bool measureAnalysisSpeed();

} // namespace poolscope::bench
