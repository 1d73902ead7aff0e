// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <QString>

#include <string>
#include <vector>

namespace poolscope {

/// Workers of one executor, by their number.
struct LaneSpan
{
    std::string executor; ///< kind, e.g. "threads"
    int first = -1; ///< -1: all of the executor, with what never reached a worker
    int last = -1; ///< included

    friend bool operator==(const LaneSpan&, const LaneSpan&) = default;
};

/// Which lanes a figure shows. Written as in "threads:0-3,7,processes:1", or "threads" for all of
/// that kind.
struct LaneChoice
{
    std::vector<LaneSpan> spans; ///< empty: all lanes

    [[nodiscard]] bool isAll() const { return spans.empty(); }
    [[nodiscard]] bool contains(const Snapshot& snapshot, const LaneView& lane) const;
    friend bool operator==(const LaneChoice&, const LaneChoice&) = default;
};

/// Reads such a text; empty or "all": all lanes. Error: what is not understood, with an example.
[[nodiscard]] Result<LaneChoice> parseLaneChoice(const QString& text);
[[nodiscard]] QString toText(const LaneChoice& choice);

/// \return the choice of the lanes with these indices in Snapshot::lanes, ascending; all of them: all.
[[nodiscard]] LaneChoice laneChoiceOf(const Snapshot& snapshot, const std::vector<int>& lanes);

/// Error: the run has no such executor or worker; says which it has.
[[nodiscard]] Result<void> checkLanes(const LaneChoice& choice, const Snapshot& snapshot);

/// \return the snapshot with the chosen lanes only; its totals stay the run's.
[[nodiscard]] Snapshot withLanes(const Snapshot& snapshot, const LaneChoice& choice);

} // namespace poolscope
