// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/soak/batch.h"

#include "core/workload/catalogue.h"
#include "tests/soak/violation.h"

#include <stdexcept>
#include <utility>

namespace poolscope::soak {

namespace {

constexpr std::uint64_t kManyTasks = 20'000;
constexpr std::uint64_t kFewTasks = 500;
constexpr double kForeverMs = 3'600'000;

std::shared_ptr<const Job> planned(const char* workload, std::uint64_t tasks, double ms = -1)
{
    ParamSet params;
    params.set("tasks", static_cast<std::int64_t>(tasks));
    if (ms >= 0) {
        params.set("ms", ms);
        params.set("jitter", 1.0);
    }
    auto job = planJob(*findWorkload(workload), params, 1);
    if (!job) {
        violated(job.error().message);
    }
    return std::move(job).value();
}

/// A planner would look for the files first.
std::shared_ptr<const Job> absentFiles()
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = kFewTasks;
    plan->kinds = {"file"};
    plan->items.assign(kFewTasks, "/proc/self/no-such-file");
    ParamSet params;
    params.set("input", std::string("/proc/self"));
    auto checked = checkParams(findWorkload("hash_files")->params, params);
    if (!checked) {
        violated(checked.error().message);
    }
    return std::make_shared<const Job>(
        Job{findWorkload("hash_files"), std::move(checked).value(), 1, std::move(plan), {}});
}

std::shared_ptr<const Job> throwingCalls()
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = kManyTasks;
    plan->kinds = {"call"};
    Job job;
    job.plan = std::move(plan);
    job.call = [](std::uint64_t index, const StopFlag&) -> Result<Value> {
        if (index % 3 == 0) {
            throw std::out_of_range("every third");
        }
        return Value{static_cast<std::int64_t>(index * index)};
    };
    return std::make_shared<const Job>(std::move(job));
}

std::shared_ptr<const Job> makeJob(BatchKind kind)
{
    switch (kind) {
    case BatchKind::Square:
        return planned("square", kManyTasks);
    case BatchKind::Nap:
        return planned("sleep", kManyTasks, 0.05);
    case BatchKind::Hang:
        return planned("sleep", kFewTasks, kForeverMs / 2);
    case BatchKind::Fail:
        return absentFiles();
    case BatchKind::Throw:
        break;
    }
    return throwingCalls();
}

} // namespace

std::string_view toText(BatchKind kind) noexcept
{
    constexpr std::array<std::string_view, 5> kNames{"square", "nap", "hang", "fail", "throw"};
    return kNames[static_cast<std::size_t>(kind)];
}

Batch::Batch(BatchKind kind, std::string what)
    : m_kind(kind)
    , m_what(std::move(what))
    , m_job(makeJob(kind))
    , m_ends(m_job->plan->taskCount)
{}

void Batch::taskEnded(const TaskEnd& end) noexcept
{
    if (end.index >= m_ends.size() || &end.job != m_job.get()) {
        violated(m_what + ": the end of a task of another job was told");
    }
    End& seen = m_ends[end.index];
    if (seen.times.fetch_add(1, std::memory_order_relaxed) != 0) {
        violated(name(end.index) + " ended a second time, as " +
                 std::string(poolscope::toText(end.state)));
    }
    checkEnd(end);
    seen.state.store(end.state, std::memory_order_relaxed);
}

void Batch::checkEnd(const TaskEnd& end) const
{
    const std::string state(poolscope::toText(end.state));
    if (!hasEnded(end.state)) {
        violated(name(end.index) + " was said to have ended as " + state);
    }
    if ((end.state == TaskState::Done) != end.error.empty()) {
        violated(name(end.index) + " ended as " + state + " with the error '" + end.error + "'");
    }
    if (end.state != TaskState::Done) {
        return;
    }
    if (end.attempts < 1 || m_kind == BatchKind::Fail || m_kind == BatchKind::Hang) {
        violated(name(end.index) + " cannot be done");
    }
    const Value square = static_cast<std::int64_t>(end.index * end.index);
    if ((m_kind == BatchKind::Square || m_kind == BatchKind::Throw) && end.value != square) {
        violated(name(end.index) + " gave " + poolscope::toText(end.value));
    }
}

void Batch::tasksMoved(std::uint64_t begin, std::uint64_t end, TaskState state) noexcept
{
    for (std::uint64_t task = begin; task < end; ++task) {
        if (task >= m_ends.size() || m_ends[task].times.load(std::memory_order_relaxed) != 0) {
            violated(name(task) + " moved to " + std::string(poolscope::toText(state)) +
                     " after its end");
        }
    }
}

void Batch::noteTaken(std::uint64_t first, std::uint64_t count)
{
    for (std::uint64_t task = first; task < first + count; ++task) {
        m_ends[task].wasTaken = true;
    }
}

void Batch::noteRefused(std::uint64_t first, std::uint64_t count)
{
    for (std::uint64_t task = first; task < first + count; ++task) {
        expectEqual(m_ends[task].times.load(std::memory_order_relaxed), 0,
                    name(task) + " was refused: ends");
    }
}

std::uint64_t Batch::settle(StateCounts& counts) const
{
    std::uint64_t taken = 0;
    for (std::uint64_t task = 0; task < m_ends.size(); ++task) {
        const End& end = m_ends[task];
        expectEqual(end.times.load(std::memory_order_relaxed), end.wasTaken ? 1 : 0,
                    name(task) + (end.wasTaken ? " was taken: ends" : " was not taken: ends"));
        if (end.wasTaken) {
            ++taken;
            ++counts[static_cast<std::size_t>(end.state.load(std::memory_order_relaxed))];
        }
    }
    return taken;
}

std::string Batch::name(std::uint64_t task) const
{
    return m_what + ", task " + std::to_string(task);
}

} // namespace poolscope::soak
