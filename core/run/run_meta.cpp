// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_meta.h"

#include "core/base/machine_facts.h"
#include "core/executor/executor.h"
#include "core/run/recording_cost.h"
#include "core/run/run_options.h"

#include <ctime>
#include <random>
#include <string_view>

namespace poolscope {

namespace {

std::string randomRunId()
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::random_device source;
    std::string id;
    while (id.size() < 32) {
        id.push_back(kDigits[source() & 15U]);
    }
    return id;
}

Nanos wallClockNow()
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

} // namespace

std::shared_ptr<const TraceMeta> makeMeta(const RunSettings& settings, const Job& job,
                                          const std::string& version)
{
    auto meta = std::make_shared<TraceMeta>();
    meta->runId = randomRunId();
    meta->version = version;
    meta->title = job.workload->title;
    meta->workloadId = job.workload->id;
    meta->params = job.params;
    meta->seed = job.seed;
    meta->chunk = settings.chunk;
    meta->options = runOptionsOf(settings);
    meta->startedUnixNs = wallClockNow();
    meta->machine = readMachineFacts();
    meta->recording = measureRecording(settings.costLevel);
    meta->recording.memoryCapBytes = capInBytes(settings.memoryCap);
    meta->plan = job.plan;
    for (const ExecutorSettings& executor : settings.executors) {
        const ExecutorKind& kind = *findExecutorKind(executor.kind);
        const bool isLocked = settings.hasInterpreterLock && kind.takesCalls && !kind.isInline;
        const std::string title = std::string(kind.title) + (isLocked ? ", one interpreter" : "");
        meta->executors.push_back({executor.kind, title, executor.workers});
    }
    return meta;
}

} // namespace poolscope
