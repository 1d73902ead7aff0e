// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"

#include "core/trace/collector.h"
#include "core/trace/snapshot_builder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

namespace poolscope::test {

namespace {

constexpr std::uint64_t kPhaseTasks = 4096; ///< neighbouring tasks of a lane that are alike
constexpr std::size_t kQueueSamples = 512;

/// SplitMix64: every seed is good, and a hash of its counter.
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {}

    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// \return a number in [0, 1).
    double nextReal() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
    /// \return true in \p rate of the cases.
    bool nextBool(double rate) { return rate > 0 && nextReal() < rate; }

private:
    std::uint64_t m_state;
};

/// Log-normal factors around a mean of 1, drawn once.
const std::array<double, 4096>& spreadTable()
{
    static const std::array<double, 4096> table = [] {
        std::array<double, 4096> factors{};
        Random random(7);
        for (double& factor : factors) {
            const double u1 = 1.0 - random.nextReal();
            const double u2 = random.nextReal();
            const double normal =
                std::sqrt(-2 * std::log(u1)) * std::cos(2 * std::numbers::pi * u2);
            factor = std::exp(normal * 0.9 - 0.405);
        }
        return factors;
    }();
    return table;
}

/// What the tasks of one phase of a lane have in common.
struct Phase
{
    std::uint8_t mainKind = 0;
    double load = 0;
};

Phase phaseOf(const SyntheticOptions& options, std::uint64_t task)
{
    constexpr std::array<double, 8> loads{0.95, 0.9, 0.98, 0.6, 0.3, 0.85, 0.97, 0.75};
    const auto lanes = static_cast<std::uint64_t>(options.lanes);
    const std::uint64_t number = task / lanes / kPhaseTasks * lanes + task % lanes;
    Random random(options.seed * 31 + number * 0x10001);
    const auto kind =
        static_cast<std::uint8_t>(random.next() % static_cast<unsigned>(options.kinds));
    const double load = loads[random.next() % loads.size()];
    return {kind, options.load > 0 ? std::min(options.load, 0.99) : load};
}

std::shared_ptr<const JobPlan> makePlan(const SyntheticOptions& options)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = options.tasks;
    for (int kind = 0; kind < options.kinds; ++kind) {
        plan->kinds.push_back("kind " + std::to_string(kind + 1));
    }
    const auto lanes = static_cast<std::uint64_t>(options.lanes);
    const auto kinds = static_cast<std::uint64_t>(options.kinds);
    plan->kindOfTask.resize(options.tasks);
    for (std::uint64_t lane = 0; lane < lanes; ++lane) {
        Random random(options.seed + lane);
        std::uint8_t mainKind = 0;
        for (std::uint64_t i = 0, task = lane; task < options.tasks; ++i, task += lanes) {
            mainKind = i % kPhaseTasks == 0 ? phaseOf(options, task).mainKind : mainKind;
            const std::uint64_t draw = random.next();
            plan->kindOfTask[task] =
                draw % 4 != 0 ? mainKind : static_cast<std::uint8_t>((draw >> 8U) % kinds);
        }
    }
    return plan;
}

std::shared_ptr<const TraceMeta> makeMeta(const SyntheticOptions& options)
{
    auto meta = std::make_shared<TraceMeta>();
    meta->runId = std::string(24, '0') + "0123abcd";
    meta->version = "0.0.0";
    meta->title = "Synthetic trace";
    meta->workloadId = "synthetic";
    meta->seed = options.seed;
    meta->startedUnixNs = 1'700'000'000 * kNanosPerSecond;
    meta->machine = {"Test system", "Test kernel",  "Test processor", 8, 8,
                     "8 of 8",      16'000'000'000, "CLOCK_MONOTONIC"};
    for (int i = 0; i < options.executors; ++i) {
        meta->executors.push_back(i % 2 == 0
                                      ? ExecutorMeta{"threads", "Thread pool", options.lanes}
                                      : ExecutorMeta{"processes", "Process pool", options.lanes});
    }
    meta->plan = makePlan(options);
    return meta;
}

/// Writes the tasks of one lane, one after the other.
class LaneWriter
{
public:
    /// Cancelled tasks, which belong on no worker's lane, go to \p cancelled.
    LaneWriter(const SyntheticOptions& options, Lane& lane, std::vector<TaskRecord>& cancelled)
        : m_options(options)
        , m_lane(lane)
        , m_cancelled(cancelled)
        , m_random(options.seed * 1'000'003 +
                   static_cast<std::uint64_t>(lane.info().executor * 4096 + lane.info().index))
        , m_isProcess(lane.info().kind == LaneKind::Process)
        , m_nowNs(1'000 + lane.info().index * 137)
    {
        m_lane.openLife(newLife(0));
    }

    void write()
    {
        const auto lanes = static_cast<std::uint64_t>(m_options.lanes);
        auto task = static_cast<std::uint64_t>(m_lane.info().index);
        for (std::uint64_t i = 0; task < m_options.tasks; ++i, task += lanes) {
            if (i % kPhaseTasks == 0) {
                m_phase = phaseOf(m_options, task);
            }
            writeTask(static_cast<std::uint32_t>(task));
        }
    }
    [[nodiscard]] Nanos nowNs() const { return m_nowNs; }

private:
    void writeTask(std::uint32_t task);
    void loseAttempt(TaskRecord& record);
    [[nodiscard]] LaneLife newLife(Nanos openedNs)
    {
        const std::int32_t id = 1000 + m_lane.info().index + 100 * m_lives++;
        return {openedNs, -1, m_isProcess ? id : 1000, id};
    }

    const SyntheticOptions& m_options;
    Lane& m_lane;
    std::vector<TaskRecord>& m_cancelled;
    Random m_random;
    bool m_isProcess;
    Phase m_phase;
    Nanos m_nowNs;
    Nanos m_lastSubmitNs = 0;
    std::int32_t m_lives = 0;
};

void LaneWriter::writeTask(std::uint32_t task)
{
    const std::uint64_t draw = m_random.next();
    const auto spread = [](std::uint64_t bits) { return spreadTable()[bits % 4096]; };
    const auto period = static_cast<double>(m_options.meanPeriodNs);
    double run = std::max(50.0, period * m_phase.load * spread(draw));
    run *= m_random.nextBool(m_options.longRate) ? 60 : 1;
    run *= m_random.nextBool(m_options.instantRate) ? 0 : 1;
    const double gap = period * (1 - m_phase.load) * spread(draw >> 12U);
    const double wait = 20 * period * spread(draw >> 24U);

    TaskRecord record;
    m_nowNs += static_cast<Nanos>(gap) + 20;
    m_lastSubmitNs = std::max(m_lastSubmitNs, m_nowNs - static_cast<Nanos>(wait));
    record.submitNs = m_lastSubmitNs;
    record.startNs = m_nowNs;
    record.endNs = m_nowNs;
    record.task = task;
    if (m_random.nextBool(m_options.cancelRate)) {
        record.attempt = 0;
        record.setState(TaskState::Cancelled);
        m_cancelled.push_back(record);
        return;
    }
    record.core = static_cast<std::uint16_t>(m_lane.info().index % 8);
    record.endNs += static_cast<Nanos>(run);
    if (m_isProcess) {
        record.sentLeadNs = std::min(5'000.0F, static_cast<float>(record.waitNs()));
        record.returnLagNs = 7'000.0F;
    }
    if (m_random.nextBool(m_options.retryRate)) {
        loseAttempt(record);
    }
    m_nowNs = record.endNs;
    if (m_random.nextBool(m_options.failureRate)) {
        record.setState(TaskState::Failed);
        m_lane.append(record, {}, "made to fail");
    } else {
        record.setState(TaskState::Done);
        m_lane.append(record, Value{std::int64_t{task}}, {});
    }
}

/// The worker dies at the end of the attempt; the next worker of the lane begins the task again.
void LaneWriter::loseAttempt(TaskRecord& record)
{
    const Nanos runNs = record.runNs();
    record.setState(TaskState::Lost, true);
    m_lane.append(record, {}, "worker died");
    m_lane.closeLife(record.endNs);
    record.startNs = record.endNs + 1'000;
    record.endNs = record.startNs + runNs;
    record.attempt = 2;
    m_lane.openLife(newLife(record.startNs - 500));
}

/// Counts, at one moment after the other, what the finished lanes of one executor held.
std::vector<QueueSample> sampleQueue(const std::vector<const Lane*>& lanes, int workers,
                                     Nanos endNs)
{
    std::vector<std::uint64_t> ended(lanes.size());
    std::vector<std::uint64_t> submitted(lanes.size());
    QueueSample sample;
    std::vector<QueueSample> samples;
    sample.workers = static_cast<std::uint32_t>(workers);
    for (std::size_t step = 0; step <= kQueueSamples; ++step) {
        sample.timeNs = endNs * static_cast<Nanos>(step) / static_cast<Nanos>(kQueueSamples);
        sample.running = 0;
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            const Lane& lane = *lanes[i];
            const std::uint64_t count = lane.recordCount();
            for (; ended[i] < count && lane.record(ended[i]).endNs <= sample.timeNs; ++ended[i]) {
                sample.ended += lane.record(ended[i]).wasRetried() ? 0U : 1U;
            }
            for (; submitted[i] < count && lane.record(submitted[i]).submitNs <= sample.timeNs;
                 ++submitted[i]) {
                sample.submitted += lane.record(submitted[i]).attempt <= 1 ? 1U : 0U;
            }
            sample.running +=
                ended[i] < count && lane.record(ended[i]).startNs <= sample.timeNs ? 1U : 0U;
        }
        samples.push_back(sample);
    }
    return samples;
}

void writeCancelled(Lane& queueLane, std::vector<TaskRecord>& cancelled)
{
    std::sort(cancelled.begin(), cancelled.end(), [](const TaskRecord& a, const TaskRecord& b) {
        return std::pair(a.startNs, a.task) < std::pair(b.startNs, b.task);
    });
    for (const TaskRecord& record : cancelled) {
        queueLane.append(record, {}, {});
    }
}

/// Writes everything one executor did. \return when it was over.
Nanos writeExecutor(const SyntheticOptions& options, Recorder& recorder, int executor)
{
    const LaneKind kind = executor % 2 == 0 ? LaneKind::Thread : LaneKind::Process;
    std::vector<Lane*> lanes;
    for (int i = 0; i < options.lanes; ++i) {
        lanes.push_back(&recorder.addLane({executor, kind, i}));
    }
    std::vector<TaskRecord> cancelled;
    Nanos endNs = 1;
    for (Lane* lane : lanes) {
        LaneWriter writer(options, *lane, cancelled);
        writer.write();
        endNs = std::max(endNs, writer.nowNs());
        const int index = recorder.indexOf(*lane);
        recorder.addControlEvent({0, ControlKind::WorkerStarted, executor, index, 0, {}});
    }
    for (Lane* lane : lanes) {
        lane->closeLife(endNs);
        const int index = recorder.indexOf(*lane);
        recorder.addControlEvent({endNs, ControlKind::WorkerRetired, executor, index, 0, {}});
    }
    if (!cancelled.empty()) {
        writeCancelled(recorder.addLane({executor, LaneKind::Queue, 0}), cancelled);
    }
    recorder.addSubmitted(executor, options.tasks);
    return endNs;
}

} // namespace

SnapshotPtr makeSyntheticTrace(const SyntheticOptions& options)
{
    auto recorder = std::make_shared<Recorder>(0, options.executors);
    Nanos endNs = 0;
    for (int executor = 0; executor < options.executors; ++executor) {
        endNs = std::max(endNs, writeExecutor(options, *recorder, executor));
    }
    std::vector<std::vector<QueueSample>> samples;
    for (int executor = 0; executor < options.executors; ++executor) {
        std::vector<const Lane*> lanes;
        for (const Lane* lane : recorder->lanes()) {
            if (lane->info().executor == executor) {
                lanes.push_back(lane);
            }
        }
        samples.push_back(sampleQueue(lanes, options.lanes, endNs));
    }
    auto meta = makeMeta(options);
    if (options.memoryCapBytes == 0) {
        return makeFinishedSnapshot(recorder, std::move(meta), std::move(samples), endNs);
    }
    auto capped = std::make_shared<TraceMeta>(*meta);
    capped->recording.memoryCapBytes = options.memoryCapBytes;
    SnapshotBuilder builder(recorder, std::move(capped));
    builder.update();
    builder.letGo();
    auto snapshot = std::make_shared<Snapshot>(builder.build());
    snapshot->nowNs = endNs;
    for (std::vector<QueueSample>& list : samples) {
        snapshot->queueSamples.push_back(
            std::make_shared<const std::vector<QueueSample>>(std::move(list)));
    }
    return snapshot;
}

SnapshotPtr makeSyntheticTrace(int lanes, std::uint64_t tasks, std::uint64_t seed)
{
    SyntheticOptions options;
    options.lanes = lanes;
    options.tasks = tasks;
    options.seed = seed;
    return makeSyntheticTrace(options);
}

} // namespace poolscope::test
