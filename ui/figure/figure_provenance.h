// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_options.h"

#include <QString>

#include <utility>
#include <vector>

namespace poolscope {

/// Where a figure comes from, for its file: program, run, seed, workload, pools, machine, clock, what
/// is missing, range, lanes, colours, run file.
[[nodiscard]] std::vector<std::pair<QString, QString>>
provenanceOf(const Snapshot& run, const FigureOptions& options, TimeRange range);

/// The same in one line below the figure.
[[nodiscard]] QString provenanceLine(const Snapshot& run, const FigureOptions& options);

/// \return e.g. "Thread pool, 4 workers → 8 at 1.2 s; Process pool, 4 workers".
[[nodiscard]] QString poolsText(const Snapshot& run);

} // namespace poolscope
