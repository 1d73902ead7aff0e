// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/chunk_curve.h"
#include "core/analysis/comparison.h"
#include "core/analysis/ledger.h"
#include "core/analysis/repeats.h"
#include "core/analysis/run_summary.h"
#include "core/control/run_controller.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <vector>

namespace poolscope {

/// What an experiment is to find out.
enum class ExperimentKind : std::uint8_t {
    Duel, ///< which executor is faster
    Sweep, ///< how many workers to take
    Chunks, ///< which size of chunks to take
};

/// What an experiment runs: each arm once a round.
struct ExperimentPlan
{
    enum class Order : std::uint8_t {
        Alternating, ///< forwards in even rounds, backwards in odd ones
        Shuffled, ///< each round in an order of its own, by the seed
    };
    std::vector<RunSettings> arms; ///< one executor each
    int rounds = 1;
    Order order = Order::Alternating;
    std::uint64_t seed = 1;
    bool takesPartRuns = false; ///< also runs in which not every task is done; else they end it
};

/// What one run of an arm came to.
struct ArmRun
{
    int arm = 0; ///< index in ExperimentPlan::arms
    int round = 0;
    RunSummary summary;
    Ledger ledger; ///< over the makespan
    ChunkRun split; ///< the makespan by what it went into
    double startUpNs = 0; ///< of a worker, on average
    double handOverNs = 0; ///< of a task, on average, in lane time
    std::uint64_t peakMemoryKiB = 0; ///< of a worker process; 0: not measured
};

/// \return the order in which the arms run in \p round.
[[nodiscard]] std::vector<int> armOrder(const ExperimentPlan& plan, int round);

/// \return a plan's arms: \p settings on its first executor with each of these numbers of workers, or with
/// each size of chunks; and on each of its executors by itself.
[[nodiscard]] std::vector<RunSettings> armsByWorkers(const RunSettings& settings,
                                                     const std::vector<int>& workers);
[[nodiscard]] std::vector<RunSettings> armsByChunk(const RunSettings& settings,
                                                   const std::vector<int>& chunks);
[[nodiscard]] std::vector<RunSettings> armsByExecutor(const RunSettings& settings);

/// \return throughputs by the arms' numbers of workers; the rounds in which both arms ran; splits.
[[nodiscard]] std::vector<Repeat> throughputsOf(const ExperimentPlan& plan,
                                                const std::vector<ArmRun>& runs);
[[nodiscard]] std::vector<DuelRound> duelRoundsOf(const std::vector<ArmRun>& runs, int first,
                                                  int second);
[[nodiscard]] std::vector<ChunkRun> chunkRunsOf(const std::vector<ArmRun>& runs);

/// Runs the arms of a plan one after the other, never two at a time. Lives on the thread that made it,
/// with an event loop.
class Experiment : public QObject
{
    Q_OBJECT

public:
    explicit Experiment(QObject* parent = nullptr);

    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] const ExperimentPlan& plan() const { return m_plan; }
    /// What has ended so far, in the order in which it ran.
    [[nodiscard]] const std::vector<ArmRun>& runs() const { return m_runs; }
    [[nodiscard]] int plannedRuns() const
    {
        return static_cast<int>(m_plan.arms.size()) * m_plan.rounds;
    }

    /// Begins. Precondition: not isRunning(), at least one arm and round, one executor an arm. What goes
    /// wrong is told by failed(), also later.
    void start(const ExperimentPlan& plan);
    /// Ends the run that goes on and begins no other; called again, kills. finished() follows.
    void cancel();

signals:
    /// Run number \p index (from 0) of plannedRuns() is about to begin.
    void runStarted(int index, int arm, int round);
    void runFinished(const poolscope::ArmRun& run);
    /// The experiment cannot go on; \p message says why. finished() follows.
    void failed(const QString& message);
    /// Nothing runs any more. \p isComplete: all planned runs are in runs().
    void finished(bool isComplete);

private:
    void startNext();
    void onStateChanged(RunController::State state);
    void takeRun();
    void giveUp(const QString& message);
    void finish();

    RunController m_controller;
    ExperimentPlan m_plan;
    std::vector<ArmRun> m_runs;
    int m_arm = 0; ///< that runs
    int m_round = 0;
    bool m_isRunning = false;
    bool m_isCancelled = false;
    QString m_error; ///< of the run that goes on
};

} // namespace poolscope
