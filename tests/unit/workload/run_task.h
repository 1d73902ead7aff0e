// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workload/catalogue.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace poolscope {

/// \return the parameters of the list, as a run would give them.
inline ParamSet paramsOf(std::initializer_list<std::pair<const char*, ParamValue>> list)
{
    ParamSet params;
    for (const auto& [id, value] : list) {
        params.set(id, value);
    }
    return params;
}

/// \return the planned job. The error is what planJob() gave, or that there is no such workload.
inline Result<std::shared_ptr<const Job>> planned(const char* id, const ParamSet& params,
                                                  std::uint64_t seed = 1)
{
    const Workload* workload = findWorkload(id);
    if (workload == nullptr) {
        return Error{std::string("no workload ") + id};
    }
    return planJob(*workload, params, seed);
}

/// Runs one task here and now, as a worker does.
inline Result<Value> runTask(const Job& job, std::uint64_t index, const StopFlag& stop)
{
    return job.workload->kernel({job.params, job.seed, index, job.plan->item(index), stop});
}

inline Result<Value> runTask(const Job& job, std::uint64_t index)
{
    const StopFlag neverStopped;
    return runTask(job, index, neverStopped);
}

/// \return the task's whole number. Precondition: it gives one.
inline std::int64_t wholeNumber(const Job& job, std::uint64_t index)
{
    return std::get<std::int64_t>(runTask(job, index).value());
}

} // namespace poolscope
