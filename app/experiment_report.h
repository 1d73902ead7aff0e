// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/experiment_options.h"

#include <QString>

namespace poolscope {

/// \return what came of an experiment, for people: the verdict in words, then a table.
[[nodiscard]] QString experimentText(const ExperimentOptions& options,
                                     const std::vector<ArmRun>& runs);

} // namespace poolscope
