// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/estimate.h"
#include "core/analysis/run_summary.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace poolscope {

/// What can be said of the throughput after a change of size.
enum class ResizeEffect : std::uint8_t {
    TooShort, ///< too little ran before or after to tell
    NoDifference, ///< none beyond noise
    Faster,
    Slower,
};

/// \return the stable word in files and on the command line, e.g. "no_difference".
[[nodiscard]] std::string_view toText(ResizeEffect effect) noexcept;

/// One stretch with a steady number of workers.
struct ResizeSide
{
    TimeRange range; ///< empty: there is none
    RunSummary summary; ///< zeros when the range is empty
};

/// What one change of an executor's size did.
struct ResizeReceipt
{
    Nanos timeNs = 0; ///< when it was asked for
    Nanos settledNs =
        0; ///< when as many workers were there as asked for; timeNs when that never came
    int executor = 0;
    int fromWorkers = 0;
    int toWorkers = 0;
    ResizeSide before; ///< from the last change or pause, or the first task, to the change
    ResizeSide after; ///< from settledNs to the next change or pause, or until tasks ran out
    /// Throughput after over before. Welch's interval over equal slices of either side (Welch 1947,
    /// Biometrika 34), on the logarithm.
    Estimate throughputRatio{1, 1, 1};
    ResizeEffect effect = ResizeEffect::TooShort;
    bool hasOtherRunTimes = false; ///< run times of tasks differ beyond chance, by their ranks

    static constexpr std::uint64_t kFewestTasks = 40; ///< on either side
};

/// \return a receipt for each change of size of \p executor, by time; of a run that goes on as it stands.
/// O(records). Any thread.
[[nodiscard]] std::vector<ResizeReceipt> resizeReceipts(const Snapshot& snapshot, int executor);

/// \return those of all executors, by time.
[[nodiscard]] std::vector<ResizeReceipt> resizeReceipts(const Snapshot& snapshot);

} // namespace poolscope
