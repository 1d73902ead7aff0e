// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "tests/bench/timeline/figures.h"

namespace poolscope::bench {

/// What frames of 1920 × 1080 of \p trace cost, software rendering, beside a plain loop over the visible tasks
/// when \p withPlainLoop. Gates are those of \p trace's size (10 or 100 million). Needs a QApplication.
[[nodiscard]] std::vector<TimelineFigure> measureFrames(const SnapshotPtr& trace,
                                                        bool withPlainLoop);

/// How far the busy share of pixel columns is from that of the records at most, over zooms of \p trace, and how
/// many failures columns hide (0, or the program is wrong).
[[nodiscard]] std::vector<TimelineFigure> measureErrors(const Snapshot& trace);

} // namespace poolscope::bench
