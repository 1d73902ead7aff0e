// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/task_search.h"
#include "ui/timeline/time_scale.h"

#include <vector>

namespace poolscope {

/// \return the whole units of x, ascending, at which hits of a search begin inside \p scale: one each, however
/// many hits there are. O(width · log hits).
[[nodiscard]] std::vector<double> hitMarks(const TaskHits& hits, const TimeScale& scale);

} // namespace poolscope
