// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/executor.h"

#include "core/executor/future_state.h"
#include "core/executor/process_pool.h"
#include "core/executor/thread_pool.h"

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

Future Executor::submitTask(std::shared_ptr<const Job> job, std::uint64_t index)
{
    std::shared_ptr<FutureState> state = FutureState::create();
    const Result<void> taken = submit({std::move(job), index, 1}, state.get());
    if (!taken) {
        state->fail(taken.error().message);
    }
    return Future(std::move(state));
}

std::span<const ExecutorKind> executorKinds()
{
    static constexpr std::array kKinds{
        ExecutorKind{
            "threads", "Thread pool",
            "Runs tasks on threads of this program: cheapest to hand over, one memory for all.",
            createThreadPool},
        ExecutorKind{
            "processes", "Process pool",
            "Runs tasks in worker processes: a task that crashes takes nothing else with it.",
            createProcessPool},
    };
    return kKinds;
}

const ExecutorKind* findExecutorKind(std::string_view id)
{
    const std::span<const ExecutorKind> kinds = executorKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [id](const ExecutorKind& kind) { return id == kind.id; });
    return found == kinds.end() ? nullptr : &*found;
}

} // namespace poolscope
