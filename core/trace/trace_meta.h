// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/machine_facts.h"
#include "core/base/time.h"
#include "core/task/param.h"
#include "core/task/workload.h"
#include "core/trace/recording_facts.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace poolscope {

/// One executor of a trace, as it was set up.
struct ExecutorMeta
{
    std::string kind; ///< id in the executor table, e.g. "threads"
    std::string title; ///< e.g. "Thread pool"
    int workers = 1; ///< at the start
};

/// What does not change while a run goes on: what ran, how and where.
struct TraceMeta
{
    std::string runId; ///< 32 hexadecimal digits, random
    std::string version; ///< of the program that recorded it
    std::string title; ///< e.g. "Mixed durations"
    std::string workloadId;
    ParamSet params;
    std::uint64_t seed = 0;
    int chunk = 1;
    ParamSet options; ///< what else was chosen, where it was not the default (run_options.h)
    std::int64_t startedUnixNs = 0; ///< wall clock at the origin
    MachineFacts machine;
    RecordingFacts recording;
    std::vector<ExecutorMeta> executors;
    std::shared_ptr<const JobPlan> plan =
        std::make_shared<const JobPlan>(); ///< the same job on every executor
};

} // namespace poolscope
