// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <iosfwd>

namespace poolscope {

/// Writes one row a task that has ended, by executor and then by task; docs/file-formats.md
/// describes the columns. Takes 12 bytes of memory a task for the order. Any thread.
[[nodiscard]] Result<void> writeCsv(const Snapshot& snapshot, std::ostream& out);

} // namespace poolscope
