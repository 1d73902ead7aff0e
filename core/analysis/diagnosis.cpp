// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/diagnosis.h"

#include "core/analysis/blocking.h"
#include "core/analysis/run_summary.h"
#include "core/analysis/worker_count.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>

namespace poolscope {

namespace {

constexpr double kWorthSaying = 0.05; ///< below, a share is noise
constexpr double kCostly = 0.10;
constexpr double kBusy = 0.90;
constexpr double kOftenBlocked = 0.30;
constexpr double kNearlyAll = 0.80;
constexpr int kMostSuggested = 256; ///< an executor cannot have more workers

double shareOf(Nanos part, Nanos whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

/// The most workers that were there at once.
int mostWorkers(const Snapshot& snapshot, int executor)
{
    int most = 0;
    for (const WorkerCount& count : workerCounts(snapshot, executor)) {
        most = std::max(most, count.workers);
    }
    return most;
}

void addWhatIf(Diagnosis& diagnosis, const std::vector<Nanos>& durations, std::uint64_t chunk)
{
    const int workers = diagnosis.workers;
    std::set<int> others{1, std::max(1, workers / 2), workers + 1, workers * 2};
    others.erase(workers);
    std::vector<SchedulePlan> plans{{workers, chunk, diagnosis.handOverNs, true},
                                    {workers, chunk, diagnosis.handOverNs, false}};
    for (const int other : others) {
        plans.push_back({other, chunk, diagnosis.handOverNs, false});
    }
    const std::vector<Nanos> makespans = simulatedMakespans(durations, plans);
    diagnosis.longestFirstNs = makespans[0];
    diagnosis.replayedNs = makespans[1];
    for (std::size_t i = 2; i < plans.size(); ++i) {
        diagnosis.whatIf.push_back({plans[i].workers, makespans[i]});
    }
}

/// The chunk at which hand-over is a twentieth of the time, from its mean and that of a task.
std::uint64_t chunkFor(Nanos handOverNs, double taskNs)
{
    constexpr double kPartsOfWork = 19;
    return static_cast<std::uint64_t>(
        std::ceil(kPartsOfWork * static_cast<double>(handOverNs) / std::max(taskNs, 1.0)));
}

class Adviser
{
public:
    explicit Adviser(Diagnosis& diagnosis)
        : m_diagnosis(diagnosis)
    {}

    void adviseOnTail();
    void adviseOnChunk(double taskNs, std::uint64_t chunk, std::uint64_t mostUseful);
    void adviseOnLedger();
    void adviseOnCosts(int usableCpus, bool fillsProcessors, const std::vector<BlockedOn>& waits);
    void adviseWhenAllIsWell(int usableCpus);

private:
    void add(Advice advice) { m_diagnosis.advice.push_back(advice); }
    void addShare(Advice::Kind kind, LaneTime use, double atLeast);

    Diagnosis& m_diagnosis;
};

void Adviser::adviseOnTail()
{
    const Tail& tail = m_diagnosis.tail;
    const Nanos makespanNs = m_diagnosis.makespan.duration();
    const double cost = shareOf(tail.costNs(), makespanNs);
    if (cost < kWorthSaying || tail.guilty.empty()) {
        return;
    }
    add({Advice::Kind::FewerTasksInTail, cost, 0, tail.guilty.front().task,
         tail.guilty.front().endNs - tail.guilty.front().startNs});
    // Judged by the replay on both sides, so that its own error cancels out.
    const Nanos savedNs = m_diagnosis.replayedNs - m_diagnosis.longestFirstNs;
    const double saved = shareOf(savedNs, m_diagnosis.replayedNs);
    if (saved >= kWorthSaying) {
        add({Advice::Kind::LongestFirst, saved, 0, 0, m_diagnosis.longestFirstNs});
    }
}

/// \p mostUseful: with a larger chunk some workers would get too few of them.
void Adviser::adviseOnChunk(double taskNs, std::uint64_t chunk, std::uint64_t mostUseful)
{
    const double share = m_diagnosis.ledger.share(LaneTime::HandOver);
    const std::uint64_t better = chunkFor(m_diagnosis.handOverNs, taskNs);
    if (share < kCostly || better <= chunk) {
        return;
    }
    if (better <= mostUseful) {
        add({Advice::Kind::LargerChunk, share, better, 0, m_diagnosis.handOverNs});
    } else {
        add({Advice::Kind::LargerTasks, share, 0, 0, std::llround(taskNs)});
    }
}

void Adviser::addShare(Advice::Kind kind, LaneTime use, double atLeast)
{
    if (const double share = m_diagnosis.ledger.share(use); share >= atLeast) {
        add({kind, share, 0, 0, m_diagnosis.ledger.of(use)});
    }
}

void Adviser::adviseOnLedger()
{
    addShare(Advice::Kind::SubmitFaster, LaneTime::Starved, kCostly);
    addShare(Advice::Kind::ShortenSerialPart, LaneTime::Serial, kCostly);
    addShare(Advice::Kind::StartWorkersEarlier, LaneTime::StartUp, kCostly);
    addShare(Advice::Kind::FixFailures, LaneTime::Wasted, kWorthSaying);
    addShare(Advice::Kind::WasPaused, LaneTime::Paused, kWorthSaying);
}

/// Of what was measured of tasks. \p fillsProcessors: they computed on nearly all of them all the time;
/// \p waits: what they waited for of other tasks, the longest first.
void Adviser::adviseOnCosts(int usableCpus, bool fillsProcessors,
                            const std::vector<BlockedOn>& waits)
{
    const Ledger& ledger = m_diagnosis.ledger;
    const double blocked = ledger.share(LaneTime::Blocked);
    const double preempted = ledger.share(LaneTime::Preempted);
    const double computing = ledger.share(LaneTime::Useful) + preempted;
    if (blocked >= kOftenBlocked && !waits.empty() &&
        2 * waits.front().sumNs >= ledger.of(LaneTime::Blocked)) {
        add({Advice::Kind::LockContention, blocked, 0, 0, waits.front().sumNs, waits.front().name});
    } else if (blocked >= kOftenBlocked) {
        const double needed = usableCpus * (blocked + computing) / std::max(computing, 1e-3);
        const int workers = std::min(kMostSuggested, static_cast<int>(std::ceil(needed)));
        if (workers > m_diagnosis.workers) {
            add({Advice::Kind::TasksWait, blocked, static_cast<std::uint64_t>(workers)});
        }
    }
    // Between two tasks a worker waits for a processor as well, which the ledger has under hand-over.
    const double turns = preempted + ledger.share(LaneTime::HandOver);
    if (turns >= kCostly && fillsProcessors && m_diagnosis.workers > usableCpus) {
        add({Advice::Kind::FewerWorkers, turns, static_cast<std::uint64_t>(usableCpus)});
    } else if (preempted >= kCostly) {
        add({Advice::Kind::OthersCompute, preempted});
    }
}

void Adviser::adviseWhenAllIsWell(int usableCpus)
{
    std::ranges::stable_sort(m_diagnosis.advice, std::greater<>{}, &Advice::share);
    const double useful = m_diagnosis.ledger.share(LaneTime::Useful);
    if (useful >= kBusy && m_diagnosis.workers < usableCpus) {
        add({Advice::Kind::MoreWorkers, useful, static_cast<std::uint64_t>(usableCpus)});
    } else if (m_diagnosis.advice.empty()) {
        add({Advice::Kind::NothingHoldsItBack, useful});
    }
}

} // namespace

Diagnosis diagnose(const Snapshot& snapshot, int executor)
{
    Diagnosis diagnosis;
    std::jthread accountant([&diagnosis, &snapshot, executor] {
        diagnosis.makespan = detailedMakespanOf(snapshot, executor);
        if (!diagnosis.makespan.isEmpty()) {
            diagnosis.ledger = ledgerOf(snapshot, executor, diagnosis.makespan);
        }
    });
    const std::vector<Nanos> durations = taskDurations(snapshot, executor);
    accountant.join();
    if (diagnosis.makespan.isEmpty() || durations.empty()) {
        return diagnosis;
    }
    const auto chunk = static_cast<std::uint64_t>(std::max(1, snapshot.meta->chunk));
    const double sumNs = std::accumulate(durations.begin(), durations.end(), 0.0);
    const auto tasks = static_cast<double>(durations.size());
    diagnosis.workers = std::max(1, mostWorkers(snapshot, executor));
    diagnosis.tail = tailOf(snapshot, executor);
    diagnosis.bounds = scheduleBounds(durations, diagnosis.workers);
    diagnosis.handOverNs =
        std::llround(static_cast<double>(diagnosis.ledger.of(LaneTime::HandOver)) /
                     std::ceil(tasks / static_cast<double>(chunk)));
    addWhatIf(diagnosis, durations, chunk);

    Adviser adviser(diagnosis);
    adviser.adviseOnTail();
    constexpr std::uint64_t kChunksAWorker = 4; // fewer would not balance
    const auto share = durations.size() / static_cast<std::size_t>(diagnosis.workers);
    const int usableCpus = snapshot.meta->machine.usableCpus;
    const CostSums costs = costSumsOf(snapshot, executor);
    const bool fillsProcessors =
        costs.cpuNs >= kNearlyAll * usableCpus * static_cast<double>(diagnosis.makespan.duration());
    // More workers than processors: where they are busy, what looks like hand-over is waiting for one, and
    // where that was not measured nothing is known.
    const bool isCrowded = diagnosis.ledger.share(LaneTime::Preempted) >= kCostly;
    if (!isCrowded &&
        (diagnosis.workers <= usableCpus || (costs.attempts > 0 && !fillsProcessors))) {
        adviser.adviseOnChunk(sumNs / tasks, chunk, share / kChunksAWorker);
    }
    adviser.adviseOnLedger();
    adviser.adviseOnCosts(usableCpus, fillsProcessors, blockedIn(snapshot, executor));
    adviser.adviseWhenAllIsWell(usableCpus);
    return diagnosis;
}

} // namespace poolscope
