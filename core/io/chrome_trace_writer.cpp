// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/chrome_trace_writer.h"

#include "core/io/chrome_tracks.h"
#include "core/io/json_event_writer.h"
#include "core/io/run_facts.h"
#include "core/task/workload.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

constexpr Nanos kLongestSubmitNs =
    kNanosPerMicro; // wide enough to be hit by the pointer when zoomed in
constexpr const char* kFlowName = "submit"; // the same on both ends of an arrow

/// One submit of one task, kept for the order in time.
struct Submit
{
    Nanos timeNs;
    std::uint32_t task;
};

class ChromeTrace
{
public:
    ChromeTrace(const Snapshot& snapshot, std::ostream& out)
        : m_snapshot(snapshot)
        , m_tracks(snapshot)
        , m_events(out)
    {}

    void write()
    {
        writeNames();
        for (int executor = 0; executor < executorCount(); ++executor) {
            writeSubmits(executor);
            writeTasks(executor);
            writeCounters(executor);
        }
        writeControlEvents();
        writeInfrastructure();
    }

private:
    [[nodiscard]] int executorCount() const
    {
        return static_cast<int>(m_snapshot.meta->executors.size());
    }
    /// Whole numbers that JavaScript holds exactly.
    static std::int64_t flowId(int executor, std::uint32_t task)
    {
        return (std::int64_t{executor} << 32) | task;
    }

    void writeNames();
    void writeName(const char* event, const ChromeTracks::Name& name);
    void writeSubmits(int executor);
    void writeFlowEnd(char phase, int executor, std::uint32_t task, ChromeTrack track, Nanos time);
    void writeTasks(int executor);
    void writeTask(const LaneView& lane, std::uint64_t index, ChromeTrack track);
    void writeCost(const TaskCost& cost, Nanos runNs);
    void writeCounters(int executor);
    void writeControlEvents();
    void writeInfrastructure();

    const Snapshot& m_snapshot;
    ChromeTracks m_tracks;
    JsonEventWriter m_events;
    Nanos m_threadCpuNs = 0; ///< of the tasks so far on the track that is being written
};

void ChromeTrace::writeNames()
{
    for (const ChromeTracks::Name& name : m_tracks.processNames()) {
        writeName("process", name);
    }
    for (const ChromeTracks::Name& name : m_tracks.threadNames()) {
        writeName("thread", name);
    }
}

void ChromeTrace::writeName(const char* what, const ChromeTracks::Name& name)
{
    m_events.begin('M', std::string(what) + "_name", name.track);
    m_events.beginArgs();
    m_events.addText("name", name.text);
    m_events.end();
    m_events.begin('M', std::string(what) + "_sort_index", name.track);
    m_events.beginArgs();
    m_events.addInteger("sort_index", name.sortIndex);
    m_events.end();
}

/// One slice for all that was submitted at the same time, and from it an arrow for each task.
void ChromeTrace::writeSubmits(int executor)
{
    std::vector<Submit> submits;
    for (const LaneView& lane : m_snapshot.lanes) {
        for (std::uint64_t i = lane.firstRecord;
             lane.info().executor == executor && i < lane.recordCount; ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (!record.wasRetried()) {
                submits.push_back({record.submitNs, record.task});
            }
        }
    }
    std::ranges::sort(submits, [](const Submit& a, const Submit& b) {
        return a.timeNs != b.timeNs ? a.timeNs < b.timeNs : a.task < b.task;
    });
    const ChromeTrack track = m_tracks.submits(executor);
    for (auto first = submits.begin(); first != submits.end() && m_events.isGood();) {
        const Nanos time = first->timeNs;
        const auto next = std::find_if(
            first, submits.end(), [time](const Submit& submit) { return submit.timeNs != time; });
        const Nanos room = next == submits.end() ? kLongestSubmitNs : next->timeNs - time;
        m_events.begin('X', kFlowName, track);
        m_events.addText("cat", "submit");
        m_events.addTime("ts", time);
        m_events.addTime("dur", std::min(room, kLongestSubmitNs));
        m_events.beginArgs();
        m_events.addInteger("tasks", next - first);
        m_events.end();
        for (; first != next; ++first) {
            writeFlowEnd('s', executor, first->task, track, time);
        }
    }
}

void ChromeTrace::writeFlowEnd(char phase, int executor, std::uint32_t task, ChromeTrack track,
                               Nanos time)
{
    m_events.begin(phase, kFlowName, track);
    m_events.addText("cat", "flow");
    m_events.addTime("ts", time);
    m_events.addInteger("id", flowId(executor, task));
    if (phase == 'f') {
        m_events.addText("bp", "e"); // ends at the slice around it, not at the next one
    }
    m_events.end();
}

void ChromeTrace::writeTasks(int executor)
{
    for (std::size_t laneIndex = 0; laneIndex < m_snapshot.lanes.size(); ++laneIndex) {
        const LaneView& lane = m_snapshot.lanes[laneIndex];
        if (lane.info().executor != executor) {
            continue;
        }
        ChromeTrack previous;
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount && m_events.isGood(); ++i) {
            const TaskRecord& record = lane.lane->record(i);
            const ChromeTrack track = m_tracks.at(laneIndex, record.startNs);
            if (track != previous) {
                m_threadCpuNs = 0;
                previous = track;
            }
            writeTask(lane, i, track);
            if (!record.wasRetried()) {
                writeFlowEnd('f', executor, record.task, track, record.startNs);
            }
        }
    }
}

void ChromeTrace::writeTask(const LaneView& lane, std::uint64_t index, ChromeTrack track)
{
    const TaskRecord& record = lane.lane->record(index);
    const JobPlan& plan = *m_snapshot.meta->plan;
    const std::string name = taskName(m_snapshot.meta->workloadId, plan, record.task);
    m_events.begin('X', name, track);
    m_events.addText("cat", record.wasRetried() ? "lost" : "task");
    m_events.addTime("ts", record.startNs);
    m_events.addTime("dur", record.runNs());
    const TaskCost cost = lane.lane->hasCosts() ? lane.lane->cost(index) : TaskCost{};
    if (cost.wasMeasured()) {
        const auto cpuNs = static_cast<Nanos>(cost.cpuNs);
        m_events.addTime("tts", std::exchange(m_threadCpuNs, m_threadCpuNs + cpuNs));
        m_events.addTime("tdur", cpuNs);
    }
    m_events.beginArgs();
    m_events.addInteger("task", record.task);
    m_events.addText("name", name);
    if (plan.kinds.size() > 1) {
        m_events.addText("kind", plan.kinds[plan.kind(record.task)]);
    }
    m_events.addText("state", toText(record.state()));
    m_events.addInteger(record.wasRetried() ? "attempt" : "attempts", record.attempt);
    m_events.addMillis("wait_ms", record.waitNs());
    const TaskResult result = lane.lane->result(index);
    m_events.addValue("result", result.value);
    if (!result.error.empty()) {
        m_events.addText("error", result.error);
    }
    if (record.core != TaskRecord::kNoCore) {
        m_events.addInteger("core", record.core);
    }
    if (cost.wasMeasured()) {
        writeCost(cost, record.runNs());
    }
    m_events.end();
}

void ChromeTrace::writeCost(const TaskCost& cost, Nanos runNs)
{
    m_events.addMillis("cpu_ms", static_cast<Nanos>(cost.cpuNs));
    if (cost.hasRunQueue()) {
        m_events.addMillis("run_queue_ms", static_cast<Nanos>(cost.runQueueNs));
        m_events.addMillis("blocked_ms", static_cast<Nanos>(cost.blockedNs(runNs)));
    }
    m_events.addInteger("voluntary_switches", cost.voluntarySwitches);
    m_events.addInteger("involuntary_switches", cost.involuntarySwitches);
    m_events.addInteger("minor_faults", cost.minorFaults);
    m_events.addInteger("major_faults", cost.majorFaults);
    if (cost.peakMemoryKiB > 0) {
        m_events.addInteger("peak_memory_kib", cost.peakMemoryKiB);
    }
    if (cost.startCore != TaskCost::kNoCore) {
        m_events.addInteger("start_core", cost.startCore);
    }
}

void ChromeTrace::writeCounters(int executor)
{
    const auto& samples = m_snapshot.queueSamples[static_cast<std::size_t>(executor)];
    for (const QueueSample& sample : *samples) {
        m_events.begin('C', m_tracks.label(executor), m_tracks.submits(executor));
        m_events.addTime("ts", sample.timeNs);
        m_events.beginArgs();
        m_events.addInteger("queued", static_cast<std::int64_t>(sample.queued()));
        m_events.addInteger("running", sample.running);
        m_events.addInteger("workers", sample.workers);
        m_events.end();
    }
}

void ChromeTrace::writeControlEvents()
{
    for (const ControlEvent& event : *m_snapshot.controlEvents) {
        ChromeTrack track = m_tracks.submits(event.executor);
        const auto view = std::ranges::find(m_snapshot.lanes, event.lane, &LaneView::laneIndex);
        if (view != m_snapshot.lanes.end()) {
            const auto lane = static_cast<std::size_t>(view - m_snapshot.lanes.begin());
            track = m_tracks.at(lane, event.timeNs);
        }
        const bool isOfThread = event.lane >= 0 && event.kind != ControlKind::WorkerDied;
        m_events.begin('i', toText(event.kind), track);
        m_events.addText("cat", "control");
        m_events.addTime("ts", event.timeNs);
        m_events.addText("s", isOfThread ? "t" : "p");
        m_events.beginArgs();
        m_events.addText("executor", m_tracks.label(event.executor));
        m_events.addInteger("value", event.value);
        m_events.addText("text", event.text);
        m_events.end();
    }
}

void ChromeTrace::writeInfrastructure()
{
    for (std::size_t i = 0; i < m_snapshot.infrastructure.size(); ++i) {
        const InfrastructureView& view = m_snapshot.infrastructure[i];
        for (std::uint64_t span = 0; span < view.spanCount && m_events.isGood(); ++span) {
            const BusySpan& busy = view.lane->span(span);
            m_events.begin('X', view.lane->info().name, m_tracks.infrastructure(i));
            m_events.addText("cat", "infrastructure");
            m_events.addTime("ts", busy.beginNs);
            m_events.addTime("dur", busy.endNs - busy.beginNs);
            m_events.end();
        }
    }
}

} // namespace

Result<void> writeChromeTrace(const Snapshot& snapshot, std::ostream& out)
{
    out << "{\"traceEvents\":[";
    ChromeTrace(snapshot, out).write();
    out << "\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":" << runFactsAsJson(*snapshot.meta);
    if (const std::optional<Nanos> sinceNs = detailSince(snapshot)) {
        out << ",\n\"detailSinceNs\":" << *sinceNs; // what ended before has no events
    }
    out << "}\n";
    if (!out) {
        return Error{"Cannot write the Chrome trace: the file took no more bytes."};
    }
    return {};
}

} // namespace poolscope
