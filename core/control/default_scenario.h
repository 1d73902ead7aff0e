// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"

namespace poolscope {

/// \return what a newcomer sees first: the mixed workload on a thread pool and a process pool at
/// the same time, each with as many workers as there are usable processors (2 to 8). Any thread.
[[nodiscard]] RunSettings defaultScenario();

} // namespace poolscope
