// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/experiment.h"

#include "core/analysis/schedule.h"

#include <QTimer>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

namespace poolscope {

std::vector<int> armOrder(const ExperimentPlan& plan, int round)
{
    std::vector<int> order(plan.arms.size());
    std::iota(order.begin(), order.end(), 0);
    if (plan.order == ExperimentPlan::Order::Alternating) {
        if (round % 2 == 1) {
            std::ranges::reverse(order);
        }
        return order;
    }
    std::seed_seq seeds{plan.seed, static_cast<std::uint64_t>(round)};
    std::mt19937_64 random(seeds);
    for (std::size_t left = order.size(); left > 1; --left) {
        std::swap(order[left - 1], order[random() % left]);
    }
    return order;
}

std::vector<RunSettings> armsByWorkers(const RunSettings& settings, const std::vector<int>& workers)
{
    std::vector<RunSettings> arms;
    for (const int count : workers) {
        RunSettings arm = settings;
        arm.executors.resize(1);
        arm.executors.front().workers = count;
        arms.push_back(std::move(arm));
    }
    return arms;
}

std::vector<RunSettings> armsByChunk(const RunSettings& settings, const std::vector<int>& chunks)
{
    std::vector<RunSettings> arms;
    for (const int chunk : chunks) {
        RunSettings arm = settings;
        arm.executors.resize(1);
        arm.chunk = chunk;
        arms.push_back(std::move(arm));
    }
    return arms;
}

std::vector<RunSettings> armsByExecutor(const RunSettings& settings)
{
    std::vector<RunSettings> arms;
    for (const ExecutorSettings& executor : settings.executors) {
        RunSettings arm = settings;
        arm.executors = {executor};
        arms.push_back(std::move(arm));
    }
    return arms;
}

std::vector<Repeat> throughputsOf(const ExperimentPlan& plan, const std::vector<ArmRun>& runs)
{
    std::vector<Repeat> repeats;
    for (const ArmRun& run : runs) {
        const RunSettings& arm = plan.arms[static_cast<std::size_t>(run.arm)];
        repeats.push_back({arm.executors.front().workers, run.round, run.summary.tasksPerSecond});
    }
    return repeats;
}

std::vector<DuelRound> duelRoundsOf(const std::vector<ArmRun>& runs, int first, int second)
{
    std::map<int, DuelRound> rounds;
    for (const ArmRun& run : runs) {
        if (run.arm == first) {
            rounds[run.round].firstNs = run.summary.makespanNs;
        } else if (run.arm == second) {
            rounds[run.round].secondNs = run.summary.makespanNs;
        }
    }
    std::vector<DuelRound> whole;
    for (const auto& [index, round] : rounds) {
        if (round.firstNs > 0 && round.secondNs > 0) {
            whole.push_back(round);
        }
    }
    return whole;
}

std::vector<ChunkRun> chunkRunsOf(const std::vector<ArmRun>& runs)
{
    std::vector<ChunkRun> splits;
    splits.reserve(runs.size());
    for (const ArmRun& run : runs) {
        splits.push_back(run.split);
    }
    return splits;
}

Experiment::Experiment(QObject* parent)
    : QObject(parent)
{
    connect(&m_controller, &RunController::stateChanged, this, &Experiment::onStateChanged);
    connect(&m_controller, &RunController::errorOccurred, this,
            [this](const QString& message) { m_error = message; });
}

void Experiment::start(const ExperimentPlan& plan)
{
    Q_ASSERT(!m_isRunning && !plan.arms.empty() && plan.rounds >= 1);
    m_plan = plan;
    m_runs.clear();
    m_error.clear();
    m_isCancelled = false;
    m_isRunning = true;
    // Not before the caller is back, so that what is told of it comes when it can be heard.
    QTimer::singleShot(0, this, &Experiment::startNext);
}

void Experiment::cancel()
{
    if (m_isRunning) {
        m_isCancelled = true;
        m_controller.cancel();
    }
}

void Experiment::startNext()
{
    if (m_isCancelled || static_cast<int>(m_runs.size()) == plannedRuns()) {
        finish();
        return;
    }
    const auto done = static_cast<int>(m_runs.size());
    const auto arms = static_cast<int>(m_plan.arms.size());
    m_round = done / arms;
    m_arm = armOrder(m_plan, m_round)[static_cast<std::size_t>(done % arms)];
    m_error.clear();
    emit runStarted(done, m_arm, m_round);
    m_controller.start(m_plan.arms[static_cast<std::size_t>(m_arm)]);
    if (m_controller.canStart()) {
        giveUp(m_error); // the settings were refused
    }
}

void Experiment::onStateChanged(RunController::State state)
{
    if (!m_isRunning) {
        return;
    }
    if (state == RunController::State::Idle) {
        giveUp(m_error);
    } else if (state == RunController::State::Finished) {
        takeRun();
    }
}

void Experiment::takeRun()
{
    if (m_isCancelled) {
        finish();
        return;
    }
    const SnapshotPtr snapshot = m_controller.snapshot();
    ArmRun run;
    run.arm = m_arm;
    run.round = m_round;
    run.summary = summariseRun(*snapshot, 0);
    if (!m_error.isEmpty()) {
        giveUp(m_error);
        return;
    }
    const TimeRange makespan = makespanOf(*snapshot, 0);
    const bool isWhole = run.summary.done > 0 && run.summary.done == run.summary.tasks;
    if (!m_plan.takesPartRuns && (!isWhole || makespan.isEmpty())) {
        giveUp(tr("Round %1: only %2 of %3 tasks are done, so the times say nothing.")
                   .arg(m_round + 1)
                   .arg(run.summary.done)
                   .arg(run.summary.tasks));
        return;
    }
    if (!makespan.isEmpty()) { // else no task reached a worker
        run.ledger = ledgerOf(*snapshot, 0, makespan);
        run.split = chunkRunOf(*snapshot, m_round);
    }
    run.startUpNs =
        static_cast<double>(run.ledger.of(LaneTime::StartUp)) / std::max(1, run.ledger.lanes);
    run.handOverNs = static_cast<double>(run.ledger.of(LaneTime::HandOver)) /
                     static_cast<double>(std::max<std::uint64_t>(1, run.summary.done));
    run.peakMemoryKiB = run.summary.costs.peakMemoryKiB;
    m_runs.push_back(run);
    emit runFinished(run);
    QTimer::singleShot(0, this, &Experiment::startNext);
}

void Experiment::giveUp(const QString& message)
{
    m_isCancelled = true;
    emit failed(message);
    finish();
}

void Experiment::finish()
{
    m_isRunning = false;
    emit finished(static_cast<int>(m_runs.size()) == plannedRuns());
}

} // namespace poolscope
