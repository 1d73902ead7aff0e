// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/catalogue.h"
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/outside.h"
#include "tests/bench/engine/peers/ours.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace poolscope::bench {

namespace {

constexpr std::uint64_t kNaps = 200;

class EndCount final : public CompletionListener
{
public:
    void taskEnded(const TaskEnd& end) noexcept override
    {
        if (end.state == TaskState::Done) {
            ++m_done;
            m_done.notify_all();
        }
    }
    [[nodiscard]] std::uint64_t done() const { return m_done.load(); }
    void waitFor(std::uint64_t count) const
    {
        for (std::uint64_t done = m_done.load(); done < count; done = m_done.load()) {
            m_done.wait(done);
        }
    }

private:
    std::atomic<std::uint64_t> m_done{0};
};

std::shared_ptr<const Job> naps()
{
    ParamSet params;
    params.set("tasks", static_cast<std::int64_t>(kNaps));
    params.set("ms", 5.0);
    params.set("jitter", 0.0);
    auto job = planJob(*findWorkload("sleep"), params, 1);
    return job ? std::move(job).value() : nullptr;
}

std::unique_ptr<Executor> makePool(const Settings& settings, int workers, const TraceTarget& trace)
{
    ExecutorOptions options;
    options.workers = workers;
    options.workerProgram = settings.workerProgram;
    options.catalogueHash = catalogueHash();
    return makeExecutor("processes", options, trace);
}

pid_t busyProcess(const Recorder& recorder)
{
    for (;;) {
        for (const Lane* lane : recorder.lanes()) {
            if (lane->running().startNs >= 0 && !lane->lives()->empty()) {
                return lane->lives()->back().processId;
            }
        }
        std::this_thread::yield();
    }
}

/// \return ms from \p since to the first event of \p kind after it, or a very long time.
double msUntil(const Recorder& recorder, ControlKind kind, Nanos since)
{
    const auto events = recorder.controlEvents();
    for (const ControlEvent& event : *events) {
        if (event.kind == kind && event.timeNs >= since) {
            return static_cast<double>(event.timeNs - since) / kNanosPerMilli;
        }
    }
    return 1e9;
}

enum Figure : std::size_t { Detected, Lost, Respawned, Retried };

/// Kills a busy worker half-way through a job. \return the figures above, times in ms.
std::vector<double> killOne(const Settings& settings)
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    EndCount ends;
    Nanos killedNs = 0;
    {
        const auto executor = makePool(settings, settings.workers, {recorder, 0});
        if (!executor->submit({naps(), 0, kNaps}, &ends)) {
            std::exit(2);
        }
        ends.waitFor(kNaps / 2);
        const pid_t victim = busyProcess(*recorder);
        killedNs = recorder->now();
        ::kill(victim, SIGKILL);
        executor->drain();
    }
    double retried = 0;
    const auto events = recorder->controlEvents();
    for (const ControlEvent& event : *events) {
        retried += event.kind == ControlKind::TaskRetried ? 1 : 0;
    }
    return {msUntil(*recorder, ControlKind::WorkerDied, killedNs),
            static_cast<double>(kNaps - ends.done()),
            msUntil(*recorder, ControlKind::WorkerStarted, killedNs), retried};
}

/// \return what of \p process is its own memory, in MB.
double ownMegabytes(pid_t process)
{
    std::ifstream rollup("/proc/" + std::to_string(process) + "/smaps_rollup");
    double kilobytes = 0;
    for (std::string line; std::getline(rollup, line);) {
        if (line.starts_with("Private_")) {
            kilobytes += std::stod(line.substr(line.find(':') + 1));
        }
    }
    return kilobytes / 1024;
}

/// \return {ms until one worker is ready, MB of its own then}.
std::vector<double> startOne(const Settings& settings)
{
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    const Nanos before = recorder->now();
    const auto executor = makePool(settings, 1, {recorder, 0});
    static_cast<void>(executor->submitTask(naps(), 0).get());
    return {msUntil(*recorder, ControlKind::WorkerStarted, before),
            ownMegabytes(recorder->lanes().front()->lives()->back().processId)};
}

} // namespace

Row workerDeath(const Settings& settings)
{
    Row row{"T14", "a worker killed (SIGKILL): until it is noticed", {}, {}, {}, {}};
    std::vector<Contender> contenders{{"ours", [&settings] { return killOne(settings); }}};
    if (hasProgram("python3")) {
        const std::string line = "python3 '" + settings.pythonScript + "' executor_death " +
                                 std::to_string(settings.workers);
        contenders.push_back({"ProcessPoolExecutor", [line] { return runOutside(line); }});
    }
    const std::vector<Series> all = alternate(contenders, settings.runs);
    const auto text = [](const Series& series) {
        return numberText(series.median(Detected)) + " ms, " + numberText(series.median(Lost)) +
               " tasks lost";
    };
    row.ours = text(all[0]);
    if (all.size() > 1) {
        row.peers = {all[1].name() + " " + text(all[1])};
    }
    row.checks.push_back({"noticed", all[0].median(Detected), "ms", Direction::AtMost, 2, 1});
    row.checks.push_back(
        {"lost", quantile(all[0].values(Lost), 1), "tasks", Direction::AtMost, 0, 0});
    row.checks.push_back(
        {"retried", quantile(all[0].values(Retried), 1), "tasks", Direction::AtMost, 1, 1});
    row.checks.push_back({"replaced", all[0].median(Respawned), "ms", Direction::AtMost, 5, 1.5});
    return row;
}

Row readyWorker(const Settings& settings)
{
    Row row{"T19", "one ready worker process", {}, {}, {}, {}};
    const std::vector<Series> all =
        alternate({{"ours", [&settings] { return startOne(settings); }}}, settings.runs);
    row.ours = numberText(all[0].median(0)) + " ms, " + numberText(all[0].median(1)) + " MB";
    row.checks.push_back({"to start", all[0].median(0), "ms", Direction::AtMost, 5, 1});
    row.checks.push_back({"of its own", all[0].median(1), "MB", Direction::AtMost, 2, 0.3});
    return row;
}

} // namespace poolscope::bench
