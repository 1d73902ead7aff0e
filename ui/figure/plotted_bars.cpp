// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/plotted_bars.h"

#include "core/task/workload.h"

#include <ostream>
#include <string>
#include <string_view>

namespace poolscope {

namespace {

constexpr std::string_view kHeader =
    "executor,lane,worker,tasks,task,name,state,submit_ns,begin_ns,end_ns,busy_ns,cut\n";

constexpr std::array kStates{TaskState::Done, TaskState::Failed, TaskState::Cancelled,
                             TaskState::TimedOut, TaskState::Lost};

/// Quoted as RFC 4180 says, where it must be.
std::string field(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

std::string statesText(std::uint8_t bits)
{
    std::string text;
    for (const TaskState state : kStates) {
        if ((bits & stateBit(state)) != 0) {
            text += (text.empty() ? "" : "+") + std::string(toText(state));
        }
    }
    return text;
}

std::string_view cutText(const PlottedBar& bar, TimeRange range)
{
    const bool begin = bar.beginNs < range.beginNs;
    const bool end = bar.endNs > range.endNs;
    if (begin && end) {
        return "both";
    }
    if (begin) {
        return "begin";
    }
    return end ? "end" : "";
}

std::string_view laneWord(LaneKind kind)
{
    switch (kind) {
    case LaneKind::Thread:
        return "thread";
    case LaneKind::Process:
        return "process";
    case LaneKind::Queue:
        break;
    }
    return "queue";
}

} // namespace

void writePlottedBars(const Snapshot& snapshot, TimeRange range, MergeRule rule, std::ostream& out)
{
    out << kHeader;
    const TraceMeta& meta = *snapshot.meta;
    for (const LaneView& lane : snapshot.lanes) {
        const LaneInfo& info = lane.info();
        const bool isQueue = info.kind == LaneKind::Queue;
        const std::string head =
            field(meta.executors[static_cast<std::size_t>(info.executor)].kind) + ',' +
            std::string(laneWord(info.kind)) + ',' + (isQueue ? "" : std::to_string(info.index));
        forEachPlottedBar(lane, range, rule, [&](const PlottedBar& bar) {
            const TaskRecord& record = lane.lane->record(bar.first);
            std::string row = head + ',' + std::to_string(bar.count) + ',';
            if (bar.isMerged()) {
                row += ",," + statesText(bar.stateBits) + ",,";
            } else {
                row += std::to_string(record.task) + ',' +
                       field(taskName(meta.workloadId, *meta.plan, record.task)) + ',' +
                       statesText(bar.stateBits) + ',' + std::to_string(record.submitNs) + ',';
            }
            row += std::to_string(bar.beginNs) + ',' + std::to_string(bar.endNs) + ',' +
                   std::to_string(bar.busyNs) + ',';
            row += cutText(bar, range);
            out << row << '\n';
        });
    }
}

} // namespace poolscope
