// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"

namespace poolscope {

/// \return how the tasks of a run with \p settings are handed over and looked after, as far as it is not the
/// default, by stable names: "queue_limit", "prefetch", "max_attempts" … Durations in nanoseconds. Any thread.
[[nodiscard]] ParamSet runOptionsOf(const RunSettings& settings);

/// Sets what runOptionsOf() gave; names that it does not know, and values of another type or below zero, are left out. Any
/// thread.
void setRunOptions(RunSettings& settings, const ParamSet& options);

} // namespace poolscope
