// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/codec.h"
#include "core/trace/infrastructure.h"

#include <optional>

namespace poolscope {

/// Appends \p span, which follows one that ended at \p previousEndNs (0: none) on its lane.
void writeBusySpan(ByteWriter& out, const BusySpan& span, Nanos previousEndNs);
/// \return what writeBusySpan() wrote; nothing when it is malformed or not in order.
[[nodiscard]] std::optional<BusySpan> readBusySpan(ByteReader& in, Nanos previousEndNs);

} // namespace poolscope
