// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "tests/bench/timeline/figures.h"

#include <string>

namespace poolscope::bench {

/// Writes \p trace as a run file and reads it in a process of its own (this program again, see
/// openFile()): seconds and memory, against the gates of its size.
[[nodiscard]] std::vector<TimelineFigure> measureOpening(const Snapshot& trace,
                                                         const std::string& program);

/// What that process does: reads \p path, prints "seconds bytes". \return the exit status.
int openFile(const std::string& path);

/// \return bytes of records, results and summaries a task.
[[nodiscard]] TimelineFigure measureMemory(const Snapshot& trace);

} // namespace poolscope::bench
