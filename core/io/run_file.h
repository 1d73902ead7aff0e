// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <iosfwd>

namespace poolscope {

// The run file; docs/file-formats.md describes its bytes.

/// Writes everything that \p snapshot holds, the same bytes for the same snapshot. What runs at its
/// moment has not ended and is not written. Memory: a few blocks of about a megabyte. Any thread.
/// Error: a single text of more than half a gigabyte, a lane count beyond kMaxLanes.
[[nodiscard]] Result<void> writeRun(const Snapshot& snapshot, std::ostream& out);

/// Reads what writeRun() wrote: \p size bytes from \p in. The result shows the same and is not live.
/// Trusts nothing: \p in may hold anything. Error: not a run file, a newer version, damaged (names
/// the section and what is wrong with it), out of memory.
[[nodiscard]] Result<SnapshotPtr> readRun(std::istream& in, std::uint64_t size);
/// The same by up to \p threads threads, each of which has the stored bytes of one lane in memory. The other one takes as
/// many as there are processors, and one for a small file.
[[nodiscard]] Result<SnapshotPtr> readRun(std::istream& in, std::uint64_t size, int threads);

} // namespace poolscope
