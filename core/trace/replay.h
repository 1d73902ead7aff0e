// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <optional>

namespace poolscope {

/// \return \p whole (a finished run) as it was \p timeNs after its origin: what had ended by then is there, what
/// ran runs, later workers have not come yet. nowNs is the time, clamped to the run; wholeNs the end of all.
/// How many had been submitted is known as exactly as the queue samples tell. O(lanes · log records), plus
/// the records near failures. Any thread.
[[nodiscard]] Snapshot snapshotAt(const Snapshot& whole, Nanos timeNs);

/// \return when the first task begins or ends, or something rare happens, after (before) \p timeNs; nothing
/// when there is none. O(lanes · log records).
[[nodiscard]] std::optional<Nanos> nextMoment(const Snapshot& whole, Nanos timeNs);
[[nodiscard]] std::optional<Nanos> previousMoment(const Snapshot& whole, Nanos timeNs);

} // namespace poolscope
