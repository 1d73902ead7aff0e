// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/bookmark.h"
#include "core/trace/infrastructure.h"
#include "core/trace/trace_meta.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// What a run file says before its data: the facts of the run, and how much data of each sort follows.
struct RunFacts
{
    TraceMeta meta; ///< its plan without items and kindOfTask, which lie in sections of their own
    bool hasItems = false;
    bool hasKindOfTask = false;
    Nanos originNs = 0;
    Nanos nowNs = 0;
    std::uint64_t droppedEvents = 0;
    std::uint64_t lanes = 0;
    std::uint64_t controlEvents = 0;
    std::vector<std::uint64_t> submitted; ///< one an executor
    std::vector<std::uint64_t> queueSamples; ///< how many, one an executor
    bool hasBlocked = true; ///< the two below; not before version 3
    std::vector<std::string> blockers; ///< names of what blocked tasks
    std::vector<std::uint64_t> blocked; ///< stretches, one a lane
    /// A lane of a thread that runs no tasks.
    struct Infrastructure
    {
        InfrastructureInfo info;
        std::uint64_t spans = 0;
    };
    std::vector<Infrastructure> infrastructure; ///< not before version 4
    std::vector<Bookmark> bookmarks; ///< likewise; by time
    /// Stretches in which it is known what the workers used, one a lane; empty in files before version 5.
    std::vector<std::uint64_t> usage;
    std::vector<std::uint64_t>
        gone; ///< records that are gone, one a lane; not before version 5: empty
};

/// \return \p facts as a JSON object that parseRunFacts() turns back into the same, whatever bytes
/// the texts hold.
[[nodiscard]] std::string toJson(const RunFacts& facts);
/// Error: not JSON, a field is missing, of the wrong type or out of bounds; the message names it.
[[nodiscard]] Result<RunFacts> parseRunFacts(std::string_view json);
/// \return what \p facts name though files of that format \p version know nothing of it, as the end of an error
/// message; "" when there is no such thing.
[[nodiscard]] std::string unknownBefore(std::uint32_t version, const RunFacts& facts);

/// \return the facts of the run for readers of other formats; bytes that are no text become U+FFFD.
[[nodiscard]] std::string runFactsAsJson(const TraceMeta& meta);

} // namespace poolscope
