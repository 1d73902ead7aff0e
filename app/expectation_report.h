// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/expectation.h"

#include <vector>

namespace poolscope {

/// Holds a run against \p expectations and says on standard error which do not hold, with what was
/// measured. \return whether all hold.
bool reportExpectations(const Snapshot& snapshot, const std::vector<Expectation>& expectations);

} // namespace poolscope
