// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/experiment_grid.h"

#include "core/base/machine_facts.h"

#include <algorithm>

namespace poolscope {

std::vector<int> defaultWorkerGrid()
{
    const int most = 2 * usableCpuCount();
    std::vector<int> grid;
    for (int workers = 1; workers < most; workers += std::max(1, workers / 2)) {
        grid.push_back(workers);
    }
    grid.push_back(most);
    return grid;
}

std::vector<int> defaultChunkGrid(const RunSettings& settings)
{
    constexpr std::int64_t kUnknown = 512;
    const ParamValue* tasks = settings.params.find("tasks");
    const std::int64_t count = tasks != nullptr ? settings.params.integer("tasks") : kUnknown;
    return chunkGrid(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1)),
                     settings.executors.front().workers);
}

} // namespace poolscope
