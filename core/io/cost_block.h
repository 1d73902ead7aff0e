// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/task_cost.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// Decodes what writeCost() wrote \p count times into \p costs. \return what is wrong with the block,
/// empty when all is well.
[[nodiscard]] std::string decodeCosts(std::string_view block, std::size_t count,
                                      std::vector<TaskCost>& costs);

} // namespace poolscope
