// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/io/sample_run.h"

#include <cstring>
#include <string>
#include <vector>

namespace poolscope::test {

namespace {

/// Compares things and remembers the name of the first that differ.
class Differences
{
public:
    template <class T>
    void expect(const std::string& what, const T& a, const T& b)
    {
        if (m_first.empty() && !(a == b)) {
            m_first = m_where + what;
        }
    }
    void setWhere(std::string where) { m_where = std::move(where); }
    [[nodiscard]] bool isEmpty() const { return m_first.empty(); }
    [[nodiscard]] const std::string& first() const { return m_first; }

private:
    std::string m_where;
    std::string m_first;
};

bool areSame(const TaskRecord& a, const TaskRecord& b)
{
    return std::memcmp(&a, &b, sizeof(TaskRecord)) == 0;
}

bool areSame(const SummaryNode& a, const SummaryNode& b)
{
    return std::memcmp(&a, &b, sizeof(SummaryNode)) == 0;
}

void compareMeta(Differences& found, const TraceMeta& a, const TraceMeta& b)
{
    found.setWhere("meta: ");
    found.expect("runId", a.runId, b.runId);
    found.expect("version", a.version, b.version);
    found.expect("title", a.title, b.title);
    found.expect("workloadId", a.workloadId, b.workloadId);
    found.expect("params", a.params, b.params);
    found.expect("options", a.options, b.options);
    found.expect("seed", a.seed, b.seed);
    found.expect("chunk", a.chunk, b.chunk);
    found.expect("startedUnixNs", a.startedUnixNs, b.startedUnixNs);
    found.expect("machine", a.machine, b.machine);
    found.expect("recording", a.recording, b.recording);
    found.expect("executors", a.executors.size(), b.executors.size());
    for (std::size_t i = 0; found.isEmpty() && i < a.executors.size(); ++i) {
        found.expect("executor's kind", a.executors[i].kind, b.executors[i].kind);
        found.expect("executor's title", a.executors[i].title, b.executors[i].title);
        found.expect("executor's workers", a.executors[i].workers, b.executors[i].workers);
    }
    found.expect("taskCount", a.plan->taskCount, b.plan->taskCount);
    found.expect("items", a.plan->items, b.plan->items);
    found.expect("kinds", a.plan->kinds, b.plan->kinds);
    found.expect("kindOfTask", a.plan->kindOfTask, b.plan->kindOfTask);
}

void compareSummaries(Differences& found, const LaneView& a, const LaneView& b)
{
    for (int level = 0; level < SummaryPyramid::kLevels; ++level) {
        const std::uint64_t nodes = a.summarisedCount >> SummaryPyramid::shift(level);
        for (std::uint64_t i = 0; found.isEmpty() && i < nodes; ++i) {
            found.expect(
                "summary " + std::to_string(i),
                areSame(a.lane->pyramid().node(level, i), b.lane->pyramid().node(level, i)), true);
        }
    }
}

std::vector<UsageSample> usageOf(const LaneView& lane)
{
    return lane.usage ? *lane.usage : std::vector<UsageSample>{};
}

void compareLanes(Differences& found, const LaneView& a, const LaneView& b)
{
    found.expect("laneIndex", a.laneIndex, b.laneIndex);
    found.expect("executor", a.info().executor, b.info().executor);
    found.expect("kind", a.info().kind, b.info().kind);
    found.expect("index", a.info().index, b.info().index);
    found.expect("lives", *a.lives, *b.lives);
    found.expect("usage", usageOf(a), usageOf(b));
    found.expect("firstRecord", a.firstRecord, b.firstRecord);
    found.expect("letGo", a.letGo ? *a.letGo : LetGo(), b.letGo ? *b.letGo : LetGo());
    found.expect("recordCount", a.recordCount, b.recordCount);
    found.expect("costs", a.lane->hasCosts(), b.lane->hasCosts());
    for (std::uint64_t i = a.firstRecord; found.isEmpty() && i < a.recordCount; ++i) {
        found.expect("record " + std::to_string(i), areSame(a.lane->record(i), b.lane->record(i)),
                     true);
        const TaskResult resultA = a.lane->result(i);
        const TaskResult resultB = b.lane->result(i);
        found.expect("value " + std::to_string(i), resultA.value, resultB.value);
        found.expect("error " + std::to_string(i), resultA.error, resultB.error);
        if (a.lane->hasCosts() && b.lane->hasCosts()) {
            found.expect("cost " + std::to_string(i), a.lane->cost(i), b.lane->cost(i));
        }
    }
}

void compareBlocked(Differences& found, const LaneView& a, const LaneView& b)
{
    const std::uint64_t count = a.lane->blockedCount() - a.firstBlocked;
    found.expect("blockedCount", count, b.lane->blockedCount() - b.firstBlocked);
    for (std::uint64_t i = 0; found.isEmpty() && i < count; ++i) {
        found.expect("blocked " + std::to_string(i), a.lane->blocked(a.firstBlocked + i),
                     b.lane->blocked(b.firstBlocked + i));
    }
}

void compareInfrastructure(Differences& found, const InfrastructureView& a,
                           const InfrastructureView& b)
{
    found.expect("info", a.lane->info(), b.lane->info());
    found.expect("spanCount", a.spanCount, b.spanCount);
    for (std::uint64_t i = 0; found.isEmpty() && i < a.spanCount; ++i) {
        found.expect("span " + std::to_string(i), a.lane->span(i), b.lane->span(i));
    }
}

void compareTotals(Differences& found, const ExecutorTotals& a, const ExecutorTotals& b)
{
    found.expect("submitted", a.submitted, b.submitted);
    found.expect("total", a.total, b.total);
    found.expect("ended", a.ended, b.ended);
    found.expect("lostAttempts", a.lostAttempts, b.lostAttempts);
    found.expect("workers", a.workers, b.workers);
    found.expect("firstSubmitNs", a.firstSubmitNs, b.firstSubmitNs);
    found.expect("lastEndNs", a.lastEndNs, b.lastEndNs);
}

} // namespace

std::string difference(const Snapshot& a, const Snapshot& b)
{
    Differences found;
    compareMeta(found, *a.meta, *b.meta);
    found.setWhere("");
    found.expect("originNs", a.recorder->originNs(), b.recorder->originNs());
    found.expect("nowNs", a.nowNs, b.nowNs);
    found.expect("droppedEvents", a.droppedEvents, b.droppedEvents);
    found.expect("controlEvents", *a.controlEvents, *b.controlEvents);
    found.expect("blockers", a.recorder->blockers(), b.recorder->blockers());
    found.expect("lanes", a.lanes.size(), b.lanes.size());
    found.expect("totals", a.totals.size(), b.totals.size());
    found.expect("queueSamples", a.queueSamples.size(), b.queueSamples.size());
    for (std::size_t i = 0; found.isEmpty() && i < a.lanes.size(); ++i) {
        found.setWhere("lane " + std::to_string(i) + ": ");
        compareLanes(found, a.lanes[i], b.lanes[i]);
        compareBlocked(found, a.lanes[i], b.lanes[i]);
        if (!a.isLive && !b.isLive) {
            found.expect("summarisedCount", a.lanes[i].summarisedCount, b.lanes[i].summarisedCount);
            compareSummaries(found, a.lanes[i], b.lanes[i]);
        }
    }
    found.setWhere("");
    found.expect("bookmarks", a.bookmarks, b.bookmarks);
    found.expect("infrastructure", a.infrastructure.size(), b.infrastructure.size());
    for (std::size_t i = 0; found.isEmpty() && i < a.infrastructure.size(); ++i) {
        found.setWhere("infrastructure " + std::to_string(i) + ": ");
        compareInfrastructure(found, a.infrastructure[i], b.infrastructure[i]);
    }
    for (std::size_t i = 0; found.isEmpty() && i < a.totals.size(); ++i) {
        found.setWhere("executor " + std::to_string(i) + ": ");
        compareTotals(found, a.totals[i], b.totals[i]);
        found.expect("queueSamples", *a.queueSamples[i], *b.queueSamples[i]);
    }
    return found.first();
}

} // namespace poolscope::test
