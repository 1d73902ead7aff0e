// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/rerun.h"

#include "core/run/run_options.h"

#include <algorithm>

namespace poolscope {

RunSettings rerunSettings(const TraceMeta& meta, int executor)
{
    const ExecutorMeta& chosen = meta.executors[static_cast<std::size_t>(executor)];
    RunSettings settings;
    settings.workload = meta.workloadId;
    settings.params = meta.params;
    settings.seed = meta.seed;
    settings.chunk = std::max(1, meta.chunk);
    setRunOptions(settings, meta.options);
    settings.costLevel = meta.recording.level;
    settings.executors = {{chosen.kind, std::max(1, chosen.workers)}};
    return settings;
}

} // namespace poolscope
