// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_writer.h"

#include "core/task/workload.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

namespace {

constexpr std::string_view kHeader =
    "task,workload,name,executor,worker,pid,tid,attempts,state,submit_ns,start_ns,end_ns,result,"
    "error";
/// More columns of runs that measured.
constexpr std::string_view kCostHeader =
    ",cpu_ns,run_queue_ns,voluntary_switches,involuntary_switches,minor_faults,major_faults,"
    "peak_memory_kib,start_core,end_core";
constexpr int kCostColumns = 9;

bool hasCosts(const Snapshot& snapshot)
{
    return snapshot.recorder->costLevel() != CostLevel::Wall;
}

/// Where the last record of a task lies.
struct RecordPlace
{
    std::uint32_t task;
    std::uint32_t lane; ///< index in Snapshot::lanes
    std::uint32_t index; ///< a lane holds fewer than 2^28 records
};

std::vector<RecordPlace> endsByTask(const Snapshot& snapshot, int executor)
{
    std::vector<RecordPlace> places;
    places.reserve(snapshot.totals[static_cast<std::size_t>(executor)].endedCount());
    for (std::size_t laneIndex = 0; laneIndex < snapshot.lanes.size(); ++laneIndex) {
        const LaneView& lane = snapshot.lanes[laneIndex];
        if (lane.info().executor != executor) {
            continue;
        }
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (!record.wasRetried()) {
                places.push_back({record.task, static_cast<std::uint32_t>(laneIndex),
                                  static_cast<std::uint32_t>(i)});
            }
        }
    }
    std::ranges::sort(places, {}, &RecordPlace::task);
    return places;
}

/// Puts one row together, field by field.
class CsvRow
{
public:
    void addText(std::string_view text)
    {
        beginField();
        if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
            m_line += text;
            return;
        }
        m_line += '"';
        for (const char letter : text) {
            m_line.append(letter == '"' ? 2U : 1U, letter);
        }
        m_line += '"';
    }
    template <class Number>
    void addNumber(Number number)
    {
        beginField();
        m_line += std::to_string(number);
    }
    void addNothing() { beginField(); }
    template <class Number>
    void addNumberIf(bool isKnown, Number number)
    {
        isKnown ? addNumber(number) : addNothing();
    }

    void writeTo(std::ostream& out)
    {
        m_line += '\n';
        out.write(m_line.data(), static_cast<std::streamsize>(m_line.size()));
        m_line.clear();
    }

private:
    void beginField()
    {
        if (!m_line.empty()) {
            m_line += ',';
        }
    }

    std::string m_line;
};

/// The fields worker, pid and tid: empty for a task that never reached a worker.
void addWorker(CsvRow& row, const LaneView& lane, const TaskRecord& record)
{
    if (lane.info().kind == LaneKind::Queue) {
        row.addNothing();
        row.addNothing();
        row.addNothing();
        return;
    }
    row.addNumber(lane.info().index);
    if (const LaneLife* life = lane.lifeAt(record.startNs)) {
        row.addNumber(life->processId);
        row.addNumber(life->threadId);
    } else {
        row.addNothing();
        row.addNothing();
    }
}

/// The columns of kCostHeader.
void addCost(CsvRow& row, const LaneView& lane, std::uint64_t index)
{
    const TaskCost cost = lane.lane->hasCosts() ? lane.lane->cost(index) : TaskCost{};
    if (!cost.wasMeasured()) {
        for (int i = 0; i < kCostColumns; ++i) {
            row.addNothing();
        }
        return;
    }
    row.addNumber(static_cast<Nanos>(cost.cpuNs));
    row.addNumberIf(cost.hasRunQueue(), static_cast<Nanos>(cost.runQueueNs));
    row.addNumber(cost.voluntarySwitches);
    row.addNumber(cost.involuntarySwitches);
    row.addNumber(cost.minorFaults);
    row.addNumber(cost.majorFaults);
    row.addNumberIf(cost.peakMemoryKiB > 0, cost.peakMemoryKiB);
    row.addNumberIf(cost.startCore != TaskCost::kNoCore, cost.startCore);
    const std::uint16_t endCore = lane.lane->record(index).core;
    row.addNumberIf(endCore != TaskRecord::kNoCore, endCore);
}

void writeExecutor(const Snapshot& snapshot, int executor, std::ostream& out)
{
    const TraceMeta& meta = *snapshot.meta;
    const std::string& kind = meta.executors[static_cast<std::size_t>(executor)].kind;
    CsvRow row;
    for (const RecordPlace& place : endsByTask(snapshot, executor)) {
        const LaneView& lane = snapshot.lanes[place.lane];
        const TaskRecord& record = lane.lane->record(place.index);
        const TaskResult result = lane.lane->result(place.index);
        row.addNumber(record.task);
        row.addText(meta.workloadId);
        row.addText(taskName(meta.workloadId, *meta.plan, record.task));
        row.addText(kind);
        addWorker(row, lane, record);
        row.addNumber(int{record.attempt});
        row.addText(toText(record.state()));
        row.addNumber(record.submitNs);
        if (lane.info().kind == LaneKind::Queue) {
            row.addNothing();
        } else {
            row.addNumber(record.startNs);
        }
        row.addNumber(record.endNs);
        row.addText(toText(result.value));
        row.addText(result.error);
        if (hasCosts(snapshot)) {
            addCost(row, lane, place.index);
        }
        row.writeTo(out);
        if (!out) {
            return; // the owner of the stream knows why
        }
    }
}

} // namespace

Result<void> writeCsv(const Snapshot& snapshot, std::ostream& out)
{
    out << kHeader << (hasCosts(snapshot) ? kCostHeader : std::string_view{}) << '\n';
    for (std::size_t executor = 0; executor < snapshot.meta->executors.size(); ++executor) {
        writeExecutor(snapshot, static_cast<int>(executor), out);
    }
    if (!out) {
        return Error{"Cannot write the tasks as CSV: the file took no more bytes."};
    }
    return {};
}

} // namespace poolscope
