// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/codec.h"
#include "core/trace/worker_usage.h"

#include <optional>

namespace poolscope {

/// Appends \p sample, which follows one that ended at \p previousEndNs (0: none) on its lane.
void writeUsage(ByteWriter& out, const UsageSample& sample, Nanos previousEndNs);
/// \return what writeUsage() wrote; nothing when it is malformed or not in order.
[[nodiscard]] std::optional<UsageSample> readUsage(ByteReader& in, Nanos previousEndNs);

} // namespace poolscope
