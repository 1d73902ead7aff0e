// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <span>
#include <string>

namespace poolscope {

/// Makes one trace of several, so that they are seen one above the other: each run's clock begins with its first
/// submit, and each executor of each run becomes one of the trace, called "<name> · <kind>". Tasks of runs with
/// the same job keep their numbers; else those of a later run follow those of the one before.
///
/// \p runs: finished, at least one. \p names: one a run. \return the trace. O(records), and as much memory again.
/// Any thread. Error: more tasks than a trace can have.
[[nodiscard]] Result<SnapshotPtr> alignRuns(std::span<const SnapshotPtr> runs,
                                            std::span<const std::string> names);

} // namespace poolscope
