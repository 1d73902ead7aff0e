// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"

#include <QByteArray>

namespace poolscope {

/// \return what came of an experiment as one JSON object; times in seconds. Any thread.
[[nodiscard]] QByteArray experimentJson(ExperimentKind kind, const ExperimentPlan& plan,
                                        const std::vector<ArmRun>& runs);

/// \return each run of an experiment as a line of comma-separated values, in the order in which they ran,
/// below a line with the names of the columns; times in seconds. Any thread.
[[nodiscard]] QByteArray experimentCsv(const ExperimentPlan& plan, const std::vector<ArmRun>& runs);

} // namespace poolscope
