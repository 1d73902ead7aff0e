// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/workload.h"

#include <vector>

namespace poolscope {

/// \return every workload of the list in CMakeLists.txt, in its order. The build writes the
/// definition.
[[nodiscard]] std::vector<Workload> makeWorkloads();

} // namespace poolscope
