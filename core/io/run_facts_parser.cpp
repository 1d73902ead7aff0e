// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/json_fields.h"
#include "core/io/run_facts.h"
#include "core/io/run_file_format.h"
#include "core/trace/summary_pyramid.h"

#include <nlohmann/json.hpp>

#include <array>
#include <bit>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxUnsigned = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t kMaxInt = std::numeric_limits<int>::max();

ParamValue readParam(JsonFields& fields, const std::string& id, const Json& json)
{
    if (json.is_number_float()) {
        return json.get<double>();
    }
    if (json.is_object() && json.contains("bits")) {
        return std::bit_cast<double>(fields.count(json, "bits", kMaxUnsigned));
    }
    if (json.is_number_integer()) {
        if (json.is_number_unsigned() &&
            json.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
            fields.fail(id);
            return std::int64_t{0};
        }
        return json.get<std::int64_t>();
    }
    return fields.text(json, id);
}

MachineFacts readMachine(JsonFields& fields, const Json& json)
{
    MachineFacts machine;
    machine.operatingSystem = fields.text(json, "operatingSystem");
    machine.kernel = fields.text(json, "kernel");
    machine.cpuModel = fields.text(json, "cpuModel");
    machine.logicalCpus = fields.number(json, "logicalCpus");
    machine.usableCpus = fields.number(json, "usableCpus");
    machine.usableCpusReason = fields.text(json, "usableCpusReason");
    machine.memoryBytes = fields.count(json, "memoryBytes", kMaxUnsigned);
    machine.clock = fields.text(json, "clock");
    return machine;
}

/// Files of version 1 do not have it: they measured nothing and timed nothing.
RecordingFacts readRecording(JsonFields& fields, const Json& meta)
{
    RecordingFacts recording;
    if (!meta.contains("recording")) {
        return recording;
    }
    const Json& json = fields.object(meta, "recording");
    const std::optional<CostLevel> level = costLevelOf(fields.text(json, "costs"));
    if (!level) {
        fields.fail("costs");
    }
    recording.level = level.value_or(CostLevel::Wall);
    recording.gap = fields.text(json, "gap");
    if (json.contains("memoryCapBytes")) { // since version 5
        recording.memoryCapBytes = fields.count(json, "memoryCapBytes", kMaxUnsigned);
    }
    recording.clockNs = fields.duration(json, "clockNs");
    recording.recordNs = fields.duration(json, "recordNs");
    recording.costNs = fields.duration(json, "costNs");
    return recording;
}

ParamSet readParams(JsonFields& fields, const Json& json)
{
    ParamSet params;
    for (const auto& [id, value] : json.items()) {
        params.set(id, readParam(fields, id, value));
    }
    return params;
}

TraceMeta readMeta(JsonFields& fields, const Json& json)
{
    TraceMeta meta;
    meta.runId = fields.text(json, "runId");
    meta.version = fields.text(json, "version");
    meta.title = fields.text(json, "title");
    meta.workloadId = fields.text(json, "workload");
    meta.params = readParams(fields, fields.object(json, "params"));
    meta.seed = fields.count(json, "seed", kMaxUnsigned);
    meta.chunk = fields.number(json, "chunk");
    if (json.contains("options")) { // not in files of earlier versions
        meta.options = readParams(fields, fields.object(json, "options"));
    }
    meta.startedUnixNs =
        fields.integer(json, "startedUnixNs", std::numeric_limits<std::int64_t>::min(),
                       std::numeric_limits<std::int64_t>::max());
    meta.machine = readMachine(fields, fields.object(json, "machine"));
    meta.recording = readRecording(fields, json);
    for (const Json& executor : fields.array(json, "executors")) {
        meta.executors.push_back({fields.text(executor, "kind"), fields.text(executor, "title"),
                                  fields.number(executor, "workers")});
    }
    if (meta.executors.empty() || meta.executors.size() > kMaxExecutors) {
        fields.fail("executors");
    }
    return meta;
}

void readPlan(JsonFields& fields, const Json& json, RunFacts& facts)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = fields.count(json, "tasks", kMaxTasks);
    for (const Json& kind : fields.array(json, "kinds")) {
        plan->kinds.push_back(fields.text(kind, std::string("kinds")));
    }
    if (plan->kinds.size() > std::size_t{kMaxTaskKinds}) {
        fields.fail("kinds");
    }
    facts.hasItems = fields.boolean(json, "hasItems");
    facts.hasKindOfTask = fields.boolean(json, "hasKindOfTask");
    facts.meta.plan = std::move(plan);
}

/// Files before version 3 do not have it: nothing that blocked tasks had a name.
void readBlockers(JsonFields& fields, const Json& trace, RunFacts& facts)
{
    facts.hasBlocked = trace.contains("blockers");
    if (!facts.hasBlocked) {
        return;
    }
    for (const Json& name : fields.array(trace, "blockers")) {
        facts.blockers.push_back(fields.text(name, std::string("blockers")));
    }
    for (const Json& count : fields.array(trace, "blocked")) {
        facts.blocked.push_back(fields.count(count, std::string("blocked"), kMaxUnsigned));
    }
    if (facts.blockers.size() > kMaxBlockers || facts.blocked.size() != facts.lanes) {
        fields.fail("blocked");
    }
}

/// Files before version 4 do not have it.
void readInfrastructure(JsonFields& fields, const Json& trace, RunFacts& facts)
{
    if (!trace.contains("infrastructure")) {
        return;
    }
    const auto executors = static_cast<std::int64_t>(facts.meta.executors.size());
    for (const Json& json : fields.array(trace, "infrastructure")) {
        RunFacts::Infrastructure lane;
        lane.info.executor = static_cast<int>(fields.integer(json, "executor", -1, executors - 1));
        lane.info.name = fields.text(json, "name");
        lane.info.threadId = static_cast<std::int32_t>(fields.integer(json, "thread", 0, kMaxInt));
        lane.spans = fields.count(json, "spans", kMaxUnsigned);
        facts.infrastructure.push_back(std::move(lane));
    }
    if (facts.infrastructure.size() > kMaxLanes) {
        fields.fail("infrastructure");
    }
}

/// Likewise.
void readBookmarks(JsonFields& fields, const Json& trace, RunFacts& facts)
{
    if (!trace.contains("bookmarks")) {
        return;
    }
    for (const Json& json : fields.array(trace, "bookmarks")) {
        const Nanos timeNs = fields.time(json, "timeNs");
        if (!facts.bookmarks.empty() && timeNs < facts.bookmarks.back().timeNs) {
            fields.fail("bookmarks");
            return;
        }
        facts.bookmarks.push_back({timeNs, fields.text(json, "text")});
    }
}

/// Files before version 5 do not have it: nobody looked at what workers used.
void readUsage(JsonFields& fields, const Json& trace, RunFacts& facts)
{
    if (!trace.contains("usage")) {
        return;
    }
    for (const Json& count : fields.array(trace, "usage")) {
        facts.usage.push_back(fields.count(count, std::string("usage"), kMaxUnsigned));
    }
    if (facts.usage.size() != facts.lanes) {
        fields.fail("usage");
    }
}

/// Files before version 5 do not have it: nothing was gone.
void readGoneCounts(JsonFields& fields, const Json& trace, RunFacts& facts)
{
    if (!trace.contains("gone")) {
        return;
    }
    constexpr std::uint64_t kChunk = LaneRecords::kChunkSize; // whole chunks go
    for (const Json& json : fields.array(trace, "gone")) {
        facts.gone.push_back(fields.count(json, std::string("gone"), LaneRecords::kCapacity));
        if (facts.gone.back() % kChunk != 0) {
            fields.fail("gone");
        }
    }
    if (facts.gone.size() != facts.lanes) {
        fields.fail("gone");
    }
}

void readTrace(JsonFields& fields, const Json& json, RunFacts& facts)
{
    facts.originNs = fields.time(json, "originNs");
    facts.nowNs = fields.time(json, "nowNs");
    facts.droppedEvents = fields.count(json, "droppedEvents", kMaxUnsigned);
    facts.lanes = fields.count(json, "lanes", kMaxLanes);
    facts.controlEvents = fields.count(json, "controlEvents", kMaxUnsigned);
    for (const Json& count : fields.array(json, "submitted")) {
        facts.submitted.push_back(fields.count(count, std::string("submitted"), kMaxUnsigned));
    }
    for (const Json& count : fields.array(json, "queueSamples")) {
        facts.queueSamples.push_back(
            fields.count(count, std::string("queueSamples"), kMaxUnsigned));
    }
    const std::size_t executors = facts.meta.executors.size();
    readBlockers(fields, json, facts);
    readInfrastructure(fields, json, facts);
    readBookmarks(fields, json, facts);
    readUsage(fields, json, facts);
    readGoneCounts(fields, json, facts);
    if (facts.submitted.size() != executors || facts.queueSamples.size() != executors) {
        fields.fail("submitted");
    }
}

} // namespace

Result<RunFacts> parseRunFacts(std::string_view json)
{
    const Json root = Json::parse(json, nullptr, false);
    if (!root.is_object()) {
        return Error{"it is not a JSON object"};
    }
    JsonFields fields;
    RunFacts facts;
    facts.meta = readMeta(fields, root);
    readPlan(fields, fields.object(root, "plan"), facts);
    readTrace(fields, fields.object(root, "trace"), facts);
    if (fields.hasFailed()) {
        return Error{fields.failure()};
    }
    return facts;
}

std::string unknownBefore(std::uint32_t version, const RunFacts& facts)
{
    struct Part
    {
        std::uint32_t since;
        bool isThere;
        const char* what;
    };
    const std::array parts{
        Part{kBlockedSinceVersion, facts.hasBlocked, "it names what blocked tasks"},
        Part{kInfrastructureSinceVersion, !facts.infrastructure.empty(), "it names infrastructure"},
        Part{kInfrastructureSinceVersion, !facts.bookmarks.empty(), "it has bookmarks"},
        Part{kUsageSinceVersion, !facts.usage.empty(), "it says what workers used"},
        Part{kGoneSinceVersion, !facts.gone.empty(), "it counts records that are gone"},
    };
    for (const Part& part : parts) {
        if (part.isThere && version < part.since) {
            return std::string(part.what) + ", and is of a format that knows nothing of that";
        }
    }
    return {};
}

} // namespace poolscope
