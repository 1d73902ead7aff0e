// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/blocked_block.h"
#include "core/io/gone_block.h"
#include "core/io/infrastructure_block.h"
#include "core/io/record_block.h"
#include "core/io/run_facts.h"
#include "core/io/run_file.h"
#include "core/io/run_file_format.h"
#include "core/io/section_file.h"
#include "core/io/usage_block.h"
#include "core/task/codec.h"

#include <algorithm>
#include <vector>

namespace poolscope {

namespace {

/// Writes \p count things as sections \p tag, each closed when it is full. \p encode appends thing
/// number i.
template <class Encode>
void writeBlocks(SectionWriter& file, SectionTag tag, std::uint64_t count, const Encode& encode)
{
    ByteWriter block;
    for (std::uint64_t i = 0; i < count && !file.hasFailed(); ++i) {
        encode(block, i);
        if (block.bytes().size() >= kBlockBytes || i + 1 == count) {
            file.write(tag, block.bytes());
            block.clear();
        }
    }
}

class RunWriter
{
public:
    RunWriter(const Snapshot& snapshot, std::ostream& out)
        : m_snapshot(snapshot)
        , m_file(out)
    {
        findLanes();
    }

    Result<void> write()
    {
        m_file.write(kFactsTag, toJson(facts()));
        writePlan();
        for (const LaneView* lane : m_lanes) {
            writeLane(*lane);
        }
        writeControlEvents();
        for (const auto& samples : m_snapshot.queueSamples) {
            writeSamples(*samples);
        }
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            writeBlockedSpans(*m_lanes[i], m_blocked[i]);
        }
        for (const InfrastructureView& view : m_snapshot.infrastructure) {
            writeInfrastructure(view);
        }
        for (const LaneView* lane : m_lanes) {
            writeUsageOf(*lane);
        }
        return m_file.finish();
    }
    [[nodiscard]] std::size_t laneCount() const { return m_lanes.size(); }

private:
    void findLanes();
    [[nodiscard]] RunFacts facts() const;
    void writePlan();
    void writeLane(const LaneView& view);
    void writeGoneRecords(const LaneView& view);
    void writeRecords(const LaneView& view);
    void writeControlEvents();
    void writeSamples(const std::vector<QueueSample>& samples);
    void writeBlockedSpans(const LaneView& view, std::uint64_t count);
    void writeInfrastructure(const InfrastructureView& view);
    void writeUsageOf(const LaneView& view);

    const Snapshot& m_snapshot;
    SectionWriter m_file;
    std::vector<const LaneView*> m_lanes; ///< in order of creation: control events count them so
    std::vector<std::uint64_t> m_blocked; ///< stretches, one a lane; a live run gets more meanwhile
};

void RunWriter::findLanes()
{
    for (const LaneView& lane : m_snapshot.lanes) {
        m_lanes.push_back(&lane);
    }
    std::ranges::sort(m_lanes, {}, &LaneView::laneIndex);
    for (const LaneView* lane : m_lanes) {
        m_blocked.push_back(lane->lane->blockedCount() - lane->firstBlocked);
    }
}

RunFacts RunWriter::facts() const
{
    const TraceMeta& meta = *m_snapshot.meta;
    RunFacts facts;
    facts.meta = meta;
    facts.meta.recording.level = m_snapshot.recorder->costLevel();
    facts.hasItems = !meta.plan->items.empty();
    facts.hasKindOfTask = !meta.plan->kindOfTask.empty();
    facts.originNs = m_snapshot.recorder->originNs();
    facts.nowNs = m_snapshot.nowNs;
    facts.droppedEvents = m_snapshot.droppedEvents;
    facts.lanes = m_lanes.size();
    facts.controlEvents = m_snapshot.controlEvents->size();
    for (const ExecutorTotals& totals : m_snapshot.totals) {
        facts.submitted.push_back(totals.submitted);
    }
    for (const auto& samples : m_snapshot.queueSamples) {
        facts.queueSamples.push_back(samples->size());
    }
    facts.blockers = m_snapshot.recorder->blockers(); // after the stretches were counted
    facts.blocked = m_blocked;
    for (const InfrastructureView& view : m_snapshot.infrastructure) {
        facts.infrastructure.push_back({view.lane->info(), view.spanCount});
    }
    facts.bookmarks = m_snapshot.bookmarks;
    for (const LaneView* lane : m_lanes) {
        facts.usage.push_back(lane->usage ? lane->usage->size() : 0);
        facts.gone.push_back(lane->firstRecord);
    }
    return facts;
}

void RunWriter::writePlan()
{
    const JobPlan& plan = *m_snapshot.meta->plan;
    writeBlocks(m_file, kItemsTag, plan.items.size(),
                [&](ByteWriter& block, std::uint64_t i) { block.writeText(plan.items[i]); });
    writeBlocks(m_file, kKindsTag, plan.kindOfTask.size(), [&](ByteWriter& block, std::uint64_t i) {
        block.writeUnsigned(plan.kindOfTask[i]);
    });
}

void RunWriter::writeLane(const LaneView& view)
{
    const LaneInfo& info = view.info();
    ByteWriter lane;
    lane.writeSigned(info.executor);
    lane.writeUnsigned(static_cast<std::uint64_t>(info.kind));
    lane.writeSigned(info.index);
    lane.writeUnsigned(view.recordCount);
    lane.writeUnsigned(view.lives->size());
    for (const LaneLife& life : *view.lives) {
        lane.writeSigned(life.openedNs);
        lane.writeSigned(life.closedNs);
        lane.writeSigned(life.processId);
        lane.writeSigned(life.threadId);
    }
    m_file.write(kLaneTag, lane.bytes());
    if (view.letGo) {
        writeGoneRecords(view);
    }
    writeRecords(view);
}

/// The sums, then the finest summaries: the coarser ones follow from these.
void RunWriter::writeGoneRecords(const LaneView& view)
{
    const std::uint64_t leaves = view.firstRecord >> SummaryPyramid::kLeafShift;
    ByteWriter block;
    writeGone(block, *view.letGo);
    Nanos previousEndNs = 0;
    for (std::uint64_t i = 0; i < leaves && !m_file.hasFailed(); ++i) {
        const SummaryNode& leaf = view.lane->pyramid().node(0, i);
        writeLeaf(block, leaf, previousEndNs);
        previousEndNs = leaf.endNs;
        if (block.bytes().size() >= kBlockBytes || i + 1 == leaves) {
            m_file.write(kGoneTag, block.bytes());
            block.clear();
        }
    }
}

/// Results decide where a block ends, since they may be texts of any size.
void RunWriter::writeRecords(const LaneView& view)
{
    ByteWriter results;
    ByteWriter columns;
    ByteWriter costs;
    std::vector<TaskRecord> records;
    Nanos previousEndNs = view.letGo ? view.letGo->lastEndNs : 0;
    for (std::uint64_t i = view.firstRecord; i < view.recordCount && !m_file.hasFailed(); ++i) {
        const TaskResult result = view.lane->result(i);
        results.writeValue(result.value);
        results.writeText(result.error);
        records.push_back(view.lane->record(i));
        if (view.lane->hasCosts()) {
            writeCost(costs, view.lane->cost(i));
        }
        if (records.size() == kBlockRecords || results.bytes().size() >= kBlockBytes ||
            i + 1 == view.recordCount) {
            encodeRecords(columns, records, previousEndNs);
            m_file.write(kRecordsTag, columns.bytes());
            if (view.lane->hasCosts()) {
                m_file.write(kCostsTag, costs.bytes());
            }
            m_file.write(kResultsTag, results.bytes());
            previousEndNs = records.back().endNs;
            columns.clear();
            costs.clear();
            results.clear();
            records.clear();
        }
    }
}

void RunWriter::writeControlEvents()
{
    const std::vector<ControlEvent>& events = *m_snapshot.controlEvents;
    writeBlocks(m_file, kEventsTag, events.size(), [&](ByteWriter& block, std::uint64_t i) {
        const ControlEvent& event = events[i];
        // The lane may have been added after the snapshot's lanes were listed.
        const bool isWritten = event.lane < static_cast<int>(m_lanes.size());
        block.writeSigned(event.timeNs);
        block.writeUnsigned(static_cast<std::uint64_t>(event.kind));
        block.writeSigned(event.executor);
        block.writeSigned(isWritten ? event.lane : -1);
        block.writeSigned(event.value);
        block.writeText(event.text);
    });
}

void RunWriter::writeSamples(const std::vector<QueueSample>& samples)
{
    writeBlocks(m_file, kSamplesTag, samples.size(), [&](ByteWriter& block, std::uint64_t i) {
        const QueueSample& sample = samples[i];
        block.writeSigned(sample.timeNs);
        block.writeUnsigned(sample.submitted);
        block.writeUnsigned(sample.ended);
        block.writeUnsigned(sample.running);
        block.writeUnsigned(sample.workers);
    });
}

void RunWriter::writeBlockedSpans(const LaneView& view, std::uint64_t count)
{
    Nanos previousEndNs = 0;
    writeBlocks(m_file, kBlockedTag, count, [&](ByteWriter& block, std::uint64_t i) {
        const BlockedSpan& span = view.lane->blocked(view.firstBlocked + i);
        writeBlocked(block, span, previousEndNs);
        previousEndNs = span.endNs;
    });
}

void RunWriter::writeInfrastructure(const InfrastructureView& view)
{
    Nanos previousEndNs = 0;
    writeBlocks(m_file, kInfrastructureTag, view.spanCount,
                [&](ByteWriter& block, std::uint64_t i) {
                    const BusySpan& span = view.lane->span(i);
                    writeBusySpan(block, span, previousEndNs);
                    previousEndNs = span.endNs;
                });
}

void RunWriter::writeUsageOf(const LaneView& view)
{
    if (!view.usage) {
        return;
    }
    Nanos previousEndNs = 0;
    writeBlocks(m_file, kUsageTag, view.usage->size(), [&](ByteWriter& block, std::uint64_t i) {
        const UsageSample& sample = (*view.usage)[i];
        writeUsage(block, sample, previousEndNs);
        previousEndNs = sample.endNs;
    });
}

} // namespace

Result<void> writeRun(const Snapshot& snapshot, std::ostream& out)
{
    RunWriter writer(snapshot, out);
    if (writer.laneCount() > kMaxLanes || snapshot.infrastructure.size() > kMaxLanes ||
        snapshot.meta->executors.size() > kMaxExecutors) {
        return Error{
            "Cannot write the run: it has more lanes or executors than a run file can hold."};
    }
    const auto hasTooManyLives = [](const LaneView& lane) {
        return lane.lives->size() > kMaxLives;
    };
    if (std::ranges::any_of(snapshot.lanes, hasTooManyLives)) {
        return Error{"Cannot write the run: a lane had more workers than a run file can hold."};
    }
    return writer.write();
}

} // namespace poolscope
