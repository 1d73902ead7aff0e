// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/param.h"
#include "core/task/progress.h"
#include "core/task/stop_flag.h"
#include "core/task/value.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// How many kinds of task one workload may tell apart (they get a colour each).
inline constexpr int kMaxTaskKinds = 8;

/// What a job consists of, worked out once from the parameters before anything runs.
struct JobPlan
{
    std::uint64_t taskCount = 0;
    std::vector<std::string>
        items; ///< one a task (a file's path, say), or empty: tasks differ by index
    std::vector<std::string> kinds; ///< 1 to kMaxTaskKinds names, in order of colour
    std::vector<std::uint8_t> kindOfTask; ///< one a task, or empty: all are of kind 0

    [[nodiscard]] std::string_view item(std::uint64_t task) const
    {
        return items.empty() ? std::string_view{} : std::string_view{items[task]};
    }
    [[nodiscard]] std::uint8_t kind(std::uint64_t task) const
    {
        return task < kindOfTask.size() ? kindOfTask[task] : std::uint8_t{0};
    }
};

/// What a kernel gets to see. Valid during the call only.
struct TaskContext
{
    const ParamSet& params; ///< checked: every id of the specification is present
    std::uint64_t seed; ///< of the job
    std::uint64_t index; ///< of the task in its job, from 0
    std::string_view item; ///< the task's item, empty when the job has none
    const StopFlag& stop; ///< long kernels look at it about every millisecond

    /// Says how far the task is: where long kernels look at stop.
    void progress(double share, std::string_view text = {}) const noexcept
    {
        sayProgress(share, text);
    }
};

/// Computes one task. The same context gives the same value on every executor. May throw; what it
/// throws becomes the task's error. Called from any worker, several at once.
using Kernel = std::function<Result<Value>(const TaskContext& context)>;

/// Works out the tasks of a job. Called once a job, on the driver's thread; may touch files.
/// Error: the parameters ask for what cannot be done (no such folder, nothing to do).
using Planner = std::function<Result<JobPlan>(const ParamSet& params, std::uint64_t seed)>;

/// A kind of work in the catalogue.
struct Workload
{
    std::string id; ///< lower_case, stable; of a loaded function "<library>.<function>"
    std::string title;
    std::string summary; ///< one sentence
    std::vector<ParamSpec> params;
    Planner plan = nullptr;
    Kernel kernel = nullptr;
    /// Whether with these (checked) parameters a task may run more than once: on two executors, and
    /// again after its worker died. nullptr: it always may, since it changes nothing.
    bool (*mayRunTwice)(const ParamSet& params) = nullptr;
    std::string library{}; ///< path of the shared library it comes from, empty: built in
};

/// \return whether a task of \p workload may run more than once. \p params: checked.
[[nodiscard]] inline bool mayRunTwice(const Workload& workload, const ParamSet& params)
{
    return workload.mayRunTwice == nullptr || workload.mayRunTwice(params);
}

class ItemChunks;

/// One job: what all its tasks have in common. Immutable once shared.
struct Job
{
    const Workload* workload = nullptr; ///< null when there is a call
    ParamSet params;
    std::uint64_t seed = 0;
    std::shared_ptr<const JobPlan> plan; ///< likewise
    /// A kernel that can hold anything: such a job runs on executors of this process only. May throw.
    std::function<Result<Value>(std::uint64_t index, const StopFlag& stop)> call = {};
    /// Each task is a chunk of items that is recorded as one; null: tasks are what the plan says. The value of
    /// such a task of a workload is a ValueBlock's bytes, and its record has the number of items as its result.
    std::shared_ptr<const ItemChunks> chunks = {};

    /// Precondition of the two: no call. \return whether a worker process needs more of a task than its index.
    [[nodiscard]] bool hasRequests() const noexcept { return chunks || !plan->items.empty(); }
    /// \return what it needs: the task's item, or its ItemChunks::request().
    [[nodiscard]] std::string_view request(std::uint64_t task) const;
};

/// Checks the parameters and plans the job. Error: as checkParams() and the workload's planner.
[[nodiscard]] Result<std::shared_ptr<const Job>> planJob(const Workload& workload,
                                                         const ParamSet& given, std::uint64_t seed);

/// \return the task's name on screen and in files: its item, or "<workload id> <index>".
[[nodiscard]] std::string taskName(std::string_view workloadId, const JobPlan& plan,
                                   std::uint64_t task);

} // namespace poolscope
