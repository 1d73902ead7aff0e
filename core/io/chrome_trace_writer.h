// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <iosfwd>

namespace poolscope {

/// Writes the trace in Chrome's trace event format, as Perfetto and Speedscope read it;
/// docs/file-formats.md describes the events. Takes 16 bytes of memory a task for the order of the
/// submits. Any thread.
[[nodiscard]] Result<void> writeChromeTrace(const Snapshot& snapshot, std::ostream& out);

} // namespace poolscope
