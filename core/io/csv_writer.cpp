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
    "error\n";

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
        for (std::uint64_t i = 0; i < lane.recordCount; ++i) {
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
        row.writeTo(out);
        if (!out) {
            return; // the owner of the stream knows why
        }
    }
}

} // namespace

Result<void> writeCsv(const Snapshot& snapshot, std::ostream& out)
{
    out.write(kHeader.data(), static_cast<std::streamsize>(kHeader.size()));
    for (std::size_t executor = 0; executor < snapshot.meta->executors.size(); ++executor) {
        writeExecutor(snapshot, static_cast<int>(executor), out);
    }
    if (!out) {
        return Error{"Cannot write the tasks as CSV: the file took no more bytes."};
    }
    return {};
}

} // namespace poolscope
