// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_settings.h"

#include "core/executor/executor.h"
#include "core/workload/catalogue.h"

#include <array>

namespace poolscope {

namespace {

std::string knownIds(const auto& rows)
{
    std::string text;
    for (const auto& row : rows) {
        text += (text.empty() ? "" : ", ") + std::string(row.id);
    }
    return text;
}

/// Each of them: 0 stands for something of its own, and below it there is nothing.
Result<void> checkTimes(const RunSettings& settings)
{
    struct Time
    {
        Nanos ns;
        const char* tried;
        const char* zero;
    };
    const std::array times{
        Time{settings.keepAliveNs, "let idle workers leave after", "they stay"},
        Time{settings.taskTimeoutNs, "end an attempt of a task after", "never"},
        Time{settings.submitGapNs, "submit tasks with a gap of", "as fast as can be"},
        Time{settings.cancelAtNs, "cancel the run after", "never"},
    };
    for (const Time& time : times) {
        if (time.ns < 0) {
            return Error{"Cannot " + std::string(time.tried) + " " + std::to_string(time.ns) +
                         " ns. Choose 0 (" + time.zero + ") or more."};
        }
    }
    return {};
}

} // namespace

Result<void> checkSettings(const RunSettings& settings)
{
    const Workload* workload = findWorkload(settings.workload);
    if (workload == nullptr) {
        return Error{"Unknown workload '" + settings.workload +
                     "'. Choose one of: " + knownIds(workloads()) + "."};
    }
    const auto params = checkParams(workload->params, settings.params);
    if (!params) {
        return params.error();
    }
    if (settings.executors.size() > 1 && !mayRunTwice(*workload, params.value())) {
        return Error{"Each task would run " + std::to_string(settings.executors.size()) +
                     " times, once on every executor, and \"" + workload->title +
                     "\" may run only once for an item. Choose one executor, or set \"repeat\" to "
                     "\"any\" if running it again does no harm."};
    }
    if (settings.executors.empty()) {
        return Error{"No executor chosen. Choose at least one of: " + knownIds(executorKinds()) +
                     "."};
    }
    for (const ExecutorSettings& executor : settings.executors) {
        if (findExecutorKind(executor.kind) == nullptr) {
            return Error{"Unknown executor '" + executor.kind +
                         "'. Choose one of: " + knownIds(executorKinds()) + "."};
        }
        if (executor.workers < 1 || executor.workers > kMaxWorkers) {
            return Error{"Cannot start " + std::to_string(executor.workers) +
                         " workers. Choose 1 to " + std::to_string(kMaxWorkers) + "."};
        }
    }
    if (!settings.initializer.empty() && findWorkload(settings.initializer) == nullptr) {
        return Error{"Unknown initializer '" + settings.initializer +
                     "'. Choose one of: " + knownIds(workloads()) + "."};
    }
    if (settings.chunk < 1 || settings.chunk > kMaxChunk) {
        return Error{"Cannot hand over " + std::to_string(settings.chunk) +
                     " tasks at a time. Choose a chunk of 1 to " + std::to_string(kMaxChunk) + "."};
    }
    if (settings.prefetch < 0 || settings.prefetch > kMaxPrefetch) {
        return Error{"Cannot hand over " + std::to_string(settings.prefetch) +
                     " chunks in advance. Choose 0 to " + std::to_string(kMaxPrefetch) + "."};
    }
    if (settings.maxAttempts < 1) {
        return Error{"A task needs at least 1 attempt, not " +
                     std::to_string(settings.maxAttempts) + "."};
    }
    return checkTimes(settings);
}

RunSettings withTrueWorkers(RunSettings settings)
{
    for (ExecutorSettings& executor : settings.executors) {
        if (findExecutorKind(executor.kind)->isInline) {
            executor.workers = 1;
        }
    }
    return settings;
}

} // namespace poolscope
