// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/aligned_runs.h"

#include "core/trace/collector.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

bool isSameJob(const TraceMeta& a, const TraceMeta& b)
{
    return a.workloadId == b.workloadId && a.params == b.params && a.seed == b.seed &&
           a.plan->taskCount == b.plan->taskCount && a.plan->kinds == b.plan->kinds &&
           a.plan->items == b.plan->items && a.plan->kindOfTask == b.plan->kindOfTask;
}

/// \return when the first task was submitted; 0 when there is none.
Nanos beginOf(const Snapshot& run)
{
    Nanos begin = std::numeric_limits<Nanos>::max();
    for (const ExecutorTotals& totals : run.totals) {
        begin = totals.firstSubmitNs >= 0 ? std::min(begin, totals.firstSubmitNs) : begin;
    }
    return begin == std::numeric_limits<Nanos>::max() ? 0 : begin;
}

/// The jobs of all runs as one.
class JointPlan
{
public:
    void add(const TraceMeta& meta, const std::string& name);
    [[nodiscard]] std::uint64_t taskCount() const { return m_plan.taskCount; }
    [[nodiscard]] std::shared_ptr<const JobPlan> take()
    {
        return std::make_shared<const JobPlan>(std::move(m_plan));
    }

private:
    std::uint8_t kindFor(const std::string& name);

    JobPlan m_plan;
};

void JointPlan::add(const TraceMeta& meta, const std::string& name)
{
    const JobPlan& plan = *meta.plan;
    std::vector<std::uint8_t> kinds;
    for (const std::string& kind : plan.kinds) {
        kinds.push_back(kindFor(kind));
    }
    for (std::uint64_t task = 0; task < plan.taskCount; ++task) {
        m_plan.items.push_back(name + ": " + taskName(meta.workloadId, plan, task));
        const std::size_t kind = plan.kind(task);
        m_plan.kindOfTask.push_back(kind < kinds.size() ? kinds[kind] : std::uint8_t{0});
    }
    m_plan.taskCount += plan.taskCount;
}

std::uint8_t JointPlan::kindFor(const std::string& name)
{
    const auto known = std::find(m_plan.kinds.begin(), m_plan.kinds.end(), name);
    if (known == m_plan.kinds.end() && m_plan.kinds.size() < std::size_t{kMaxTaskKinds}) {
        m_plan.kinds.push_back(name);
        return static_cast<std::uint8_t>(m_plan.kinds.size() - 1);
    }
    // There are no more colours: the rest share the last one.
    return static_cast<std::uint8_t>(known == m_plan.kinds.end() ? kMaxTaskKinds - 1
                                                                 : known - m_plan.kinds.begin());
}

/// Copies runs into one recorder.
class Aligner
{
public:
    Aligner(int executors, CostLevel level)
        : m_recorder(std::make_shared<Recorder>(0, executors, level))
    {}

    /// \p firstTask: what its tasks count from.
    void add(const Snapshot& run, std::uint64_t firstTask);
    [[nodiscard]] SnapshotPtr finish(TraceMeta meta, std::span<const SnapshotPtr> runs);

private:
    void addLanes(const Snapshot& run, std::uint32_t firstTask);
    void addRecords(const LaneView& from, Lane& to, std::uint32_t firstTask) const;
    void addGone(const LaneView& from, Lane& to) const;
    void addBlocked(const LaneView& from, Lane& to, std::uint32_t firstTask,
                    const std::vector<std::string>& blockers);
    void addUsage(const LaneView& from, Lane& to) const;
    void addEvents(const Snapshot& run, int firstLane);
    void addInfrastructure(const Snapshot& run);
    void addSamples(const Snapshot& run);
    /// What was before the first submit is put there.
    [[nodiscard]] Nanos shifted(Nanos timeNs) const
    {
        return std::max<Nanos>(0, timeNs - m_beginNs);
    }

    std::shared_ptr<Recorder> m_recorder;
    std::vector<std::vector<QueueSample>> m_samples;
    int m_executors = 0; ///< of the runs before
    Nanos m_beginNs = 0; ///< of the run that is being added
    Nanos m_endNs = 0;
};

void Aligner::add(const Snapshot& run, std::uint64_t firstTask)
{
    m_beginNs = beginOf(run);
    m_endNs = std::max(m_endNs, shifted(run.nowNs));
    const int firstLane = static_cast<int>(m_recorder->lanes().size());
    addLanes(run, static_cast<std::uint32_t>(firstTask));
    addEvents(run, firstLane);
    addInfrastructure(run);
    addSamples(run);
    for (std::size_t i = 0; i < run.totals.size(); ++i) {
        m_recorder->addSubmitted(m_executors + static_cast<int>(i), run.totals[i].submitted);
    }
    m_executors += static_cast<int>(run.totals.size());
}

void Aligner::addLanes(const Snapshot& run, std::uint32_t firstTask)
{
    std::vector<const LaneView*> lanes; // as the events number them
    for (const LaneView& lane : run.lanes) {
        lanes.push_back(&lane);
    }
    std::sort(lanes.begin(), lanes.end(),
              [](const LaneView* a, const LaneView* b) { return a->laneIndex < b->laneIndex; });
    const std::vector<std::string> blockers = run.recorder->blockers();
    for (const LaneView* lane : lanes) {
        LaneInfo info = lane->info();
        info.executor += m_executors;
        Lane& copy = m_recorder->addLane(info);
        for (LaneLife life : *lane->lives) {
            const bool isOpen = life.closedNs < 0;
            life.openedNs = shifted(life.openedNs);
            const Nanos closedNs = shifted(life.closedNs);
            life.closedNs = -1;
            copy.openLife(life);
            if (!isOpen) {
                copy.closeLife(closedNs);
            }
        }
        addRecords(*lane, copy, firstTask);
        addBlocked(*lane, copy, firstTask, blockers);
        addUsage(*lane, copy);
    }
}

void Aligner::addRecords(const LaneView& from, Lane& to, std::uint32_t firstTask) const
{
    const bool hasCosts = from.lane->hasCosts() && to.hasCosts();
    if (from.letGo) {
        addGone(from, to);
    }
    for (std::uint64_t i = from.firstRecord; i < from.recordCount; ++i) {
        TaskRecord record = from.lane->record(i);
        record.submitNs -= m_beginNs;
        record.startNs -= m_beginNs;
        record.endNs -= m_beginNs;
        record.task += firstTask;
        const TaskResult result = from.lane->result(i);
        to.append(record, result.value, result.error, hasCosts ? &from.lane->cost(i) : nullptr);
    }
}

/// Copies the summaries of the records that are gone.
void Aligner::addGone(const LaneView& from, Lane& to) const
{
    LetGo gone = *from.letGo;
    gone.firstSubmitNs -= m_beginNs;
    gone.firstStartNs -= m_beginNs;
    gone.lastEndNs -= m_beginNs;
    std::vector<SummaryNode> leaves;
    leaves.reserve(from.firstRecord >> SummaryPyramid::kLeafShift);
    for (std::uint64_t i = 0; i < from.firstRecord >> SummaryPyramid::kLeafShift; ++i) {
        SummaryNode leaf = from.lane->pyramid().node(0, i);
        leaf.beginNs -= m_beginNs;
        leaf.endNs -= m_beginNs;
        leaves.push_back(leaf);
    }
    to.beginAfter(gone, leaves);
}

void Aligner::addBlocked(const LaneView& from, Lane& to, std::uint32_t firstTask,
                         const std::vector<std::string>& blockers)
{
    const std::uint64_t count = from.lane->blockedCount();
    for (std::uint64_t i = from.firstBlocked; i < count; ++i) {
        BlockedSpan span = from.lane->blocked(i);
        span.startNs = shifted(span.startNs);
        span.endNs = shifted(span.endNs);
        span.task += firstTask;
        span.on = m_recorder->blockerId(blockers[span.on]);
        to.appendBlocked(span);
    }
}

void Aligner::addUsage(const LaneView& from, Lane& to) const
{
    if (!from.usage) {
        return;
    }
    auto moved = std::make_shared<std::vector<UsageSample>>();
    for (UsageSample sample : *from.usage) {
        if (sample.beginNs >= m_beginNs) {
            sample.beginNs -= m_beginNs;
            sample.endNs -= m_beginNs;
            moved->push_back(sample);
        }
    }
    to.setUsage(std::move(moved));
}

void Aligner::addEvents(const Snapshot& run, int firstLane)
{
    for (ControlEvent event : *run.controlEvents) {
        event.timeNs = shifted(event.timeNs);
        event.executor += m_executors;
        event.lane += event.lane >= 0 ? firstLane : 0;
        m_recorder->addControlEvent(std::move(event));
    }
}

void Aligner::addInfrastructure(const Snapshot& run)
{
    for (const InfrastructureView& view : run.infrastructure) {
        InfrastructureInfo info = view.lane->info();
        info.executor = std::max(0, info.executor) + m_executors; // of the run: with its first one
        InfrastructureLane& copy = m_recorder->addInfrastructure(info);
        for (std::uint64_t i = 0; i < view.spanCount; ++i) {
            const BusySpan& span = view.lane->span(i);
            if (span.endNs > m_beginNs) {
                copy.append({shifted(span.beginNs), shifted(span.endNs)});
            }
        }
    }
}

void Aligner::addSamples(const Snapshot& run)
{
    for (const auto& samples : run.queueSamples) {
        std::vector<QueueSample>& copy = m_samples.emplace_back();
        for (QueueSample sample : *samples) {
            if (sample.timeNs < m_beginNs) {
                continue;
            }
            sample.timeNs -= m_beginNs;
            copy.push_back(sample);
        }
    }
}

SnapshotPtr Aligner::finish(TraceMeta meta, std::span<const SnapshotPtr> runs)
{
    m_samples.resize(static_cast<std::size_t>(m_executors));
    auto whole = std::make_shared<Snapshot>(
        *makeFinishedSnapshot(m_recorder, std::make_shared<const TraceMeta>(std::move(meta)),
                              std::move(m_samples), m_endNs));
    std::size_t executor = 0;
    for (const SnapshotPtr& run : runs) {
        whole->droppedEvents += run->droppedEvents;
        for (const ExecutorTotals& totals : run->totals) {
            whole->totals[executor++].total = totals.total; // of its own job, not of all
        }
    }
    return whole;
}

/// \return an id that the same runs in the same order always get.
std::string jointId(std::span<const SnapshotPtr> runs)
{
    std::uint64_t low = 14695981039346656037ULL; // FNV-1a
    std::uint64_t high = 1099511628211ULL;
    for (const SnapshotPtr& run : runs) {
        for (const char letter : run->meta->runId) {
            low = (low ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
            high = (high ^ low) * 1099511628211ULL;
        }
    }
    std::array<char, 33> text{};
    std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text.data();
}

} // namespace

Result<SnapshotPtr> alignRuns(std::span<const SnapshotPtr> runs, std::span<const std::string> names)
{
    assert(!runs.empty() && runs.size() == names.size());
    TraceMeta meta = *runs.front()->meta;
    meta.executors.clear();
    CostLevel level = CostLevel::Wall;
    JointPlan plan;
    bool isOneJob = true;
    std::uint64_t tasks = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const TraceMeta& own = *runs[i]->meta;
        isOneJob = isOneJob && isSameJob(*runs.front()->meta, own);
        tasks += own.plan->taskCount;
        level = std::max(level, own.recording.level);
        for (ExecutorMeta executor : own.executors) {
            executor.title = names[i] + " · " + executor.kind;
            meta.executors.push_back(std::move(executor));
        }
    }
    if (!isOneJob && tasks > std::numeric_limits<std::uint32_t>::max()) {
        return Error{"The runs have more tasks together than one trace can hold; align fewer of "
                     "them."};
    }
    Aligner aligner(static_cast<int>(meta.executors.size()), level);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        aligner.add(*runs[i], plan.taskCount());
        if (!isOneJob) {
            plan.add(*runs[i]->meta, names[i]);
        }
    }
    if (!isOneJob) {
        meta.plan = plan.take();
    }
    meta.recording.level = level;
    meta.runId = jointId(runs);
    meta.title = names.front();
    for (const std::string& name : names.subspan(1)) {
        meta.title += " / " + name;
    }
    return aligner.finish(std::move(meta), runs);
}

} // namespace poolscope
