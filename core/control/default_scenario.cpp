// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/default_scenario.h"

#include "core/base/machine_facts.h"

#include <algorithm>

namespace poolscope {

RunSettings defaultScenario()
{
    const int workers = std::clamp(usableCpuCount(), 2, 8);
    RunSettings settings;
    settings.workload = "mixed";
    settings.executors = {{"threads", workers}, {"processes", workers}};
    return settings;
}

} // namespace poolscope
