// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/workload.h"

#include "core/task/item_chunks.h"

#include <cassert>
#include <limits>
#include <utility>

namespace poolscope {
namespace {

/// Records and messages hold a task's index in 32 bits.
constexpr std::uint64_t kMaxTasks = std::numeric_limits<std::uint32_t>::max();

[[maybe_unused]] bool isConsistent(const JobPlan& plan)
{
    const auto fits = [&plan](std::size_t size) { return size == 0 || size == plan.taskCount; };
    return fits(plan.items.size()) && fits(plan.kindOfTask.size()) && !plan.kinds.empty() &&
           plan.kinds.size() <= kMaxTaskKinds;
}

} // namespace

Result<std::shared_ptr<const Job>> planJob(const Workload& workload, const ParamSet& given,
                                           std::uint64_t seed)
{
    Result<ParamSet> params = checkParams(workload.params, given);
    if (!params) {
        return Error{workload.id + ": " + params.error().message};
    }
    Result<JobPlan> plan = workload.plan(params.value(), seed);
    if (!plan) {
        return Error{workload.id + ": " + plan.error().message};
    }
    const std::uint64_t taskCount = plan.value().taskCount;
    if (taskCount == 0 || taskCount > kMaxTasks) {
        return Error{workload.id + ": a job of " + std::to_string(taskCount) +
                     " tasks cannot run; it must have from 1 to " + std::to_string(kMaxTasks)};
    }
    assert(isConsistent(plan.value()));

    auto job = std::make_shared<Job>();
    job->workload = &workload;
    job->params = std::move(params).value();
    job->seed = seed;
    job->plan = std::make_shared<const JobPlan>(std::move(plan).value());
    return std::shared_ptr<const Job>(std::move(job));
}

std::string_view Job::request(std::uint64_t task) const
{
    return chunks ? chunks->request(task) : plan->item(task);
}

std::string taskName(std::string_view workloadId, const JobPlan& plan, std::uint64_t task)
{
    if (const std::string_view item = plan.item(task); !item.empty()) {
        return std::string(item);
    }
    return std::string(workloadId) + ' ' + std::to_string(task);
}

} // namespace poolscope
