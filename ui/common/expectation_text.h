// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/expectation.h"

#include <QString>

namespace poolscope {

/// \return what was measured, with its unit.
[[nodiscard]] QString measuredText(const Expectation& expectation, double value);
/// \return why \p expectation does not hold of \p snapshot, in a sentence. Precondition: it is not met.
[[nodiscard]] QString unmetText(const Snapshot& snapshot, const Expectation& expectation,
                                const ExpectationOutcome& outcome);

} // namespace poolscope
