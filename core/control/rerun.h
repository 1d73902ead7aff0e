// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"
#include "core/trace/trace_meta.h"

namespace poolscope {

/// \return settings that run the job of a trace again, on one of its executors alone. What a trace does not
/// tell (time limits, initializer, queue) is as usual. Any thread.
[[nodiscard]] RunSettings rerunSettings(const TraceMeta& meta, int executor);

} // namespace poolscope
