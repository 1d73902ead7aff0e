// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/run_facts.h"

#include "core/io/exact_text.h"

#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>

namespace poolscope {

namespace {

using Json = nlohmann::json;

/// How texts are put: exactly, or as they are.
using PutText = Json (*)(const std::string& text);

Json putPlainly(const std::string& text)
{
    return text;
}

struct PutParam
{
    PutText putText;

    Json operator()(std::int64_t number) const { return number; }
    Json operator()(double number) const
    {
        // JSON knows no infinity.
        return std::isfinite(number) ? Json(number)
                                     : Json{{"bits", std::bit_cast<std::uint64_t>(number)}};
    }
    Json operator()(const std::string& text) const { return putText(text); }
};

Json putMachine(const MachineFacts& machine, PutText putText)
{
    return Json{
        {"operatingSystem", putText(machine.operatingSystem)},
        {"kernel", putText(machine.kernel)},
        {"cpuModel", putText(machine.cpuModel)},
        {"logicalCpus", machine.logicalCpus},
        {"usableCpus", machine.usableCpus},
        {"usableCpusReason", putText(machine.usableCpusReason)},
        {"memoryBytes", machine.memoryBytes},
        {"clock", putText(machine.clock)},
    };
}

Json putRecording(const RecordingFacts& recording, PutText putText)
{
    return Json{
        {"costs", toText(recording.level)},
        {"gap", putText(recording.gap)},
        {"memoryCapBytes", recording.memoryCapBytes},
        {"clockNs", recording.clockNs},
        {"recordNs", recording.recordNs},
        {"costNs", recording.costNs},
    };
}

Json putParams(const ParamSet& params, PutText putText)
{
    Json json = Json::object();
    for (const auto& [id, value] : params.values()) {
        json[id] = std::visit(PutParam{putText}, value);
    }
    return json;
}

Json putMeta(const TraceMeta& meta, PutText putText)
{
    Json executors = Json::array();
    for (const ExecutorMeta& executor : meta.executors) {
        executors.push_back(Json{{"kind", putText(executor.kind)},
                                 {"title", putText(executor.title)},
                                 {"workers", executor.workers}});
    }
    return Json{
        {"runId", putText(meta.runId)},
        {"version", putText(meta.version)},
        {"title", putText(meta.title)},
        {"workload", putText(meta.workloadId)},
        {"params", putParams(meta.params, putText)},
        {"seed", meta.seed},
        {"chunk", meta.chunk},
        {"options", putParams(meta.options, putText)},
        {"startedUnixNs", meta.startedUnixNs},
        {"machine", putMachine(meta.machine, putText)},
        {"recording", putRecording(meta.recording, putText)},
        {"executors", std::move(executors)},
    };
}

Json putPlan(const RunFacts& facts)
{
    Json kinds = Json::array();
    for (const std::string& kind : facts.meta.plan->kinds) {
        kinds.push_back(exactTextAsJson(kind));
    }
    return Json{
        {"tasks", facts.meta.plan->taskCount},
        {"kinds", std::move(kinds)},
        {"hasItems", facts.hasItems},
        {"hasKindOfTask", facts.hasKindOfTask},
    };
}

Json putInfrastructure(const RunFacts& facts)
{
    Json lanes = Json::array();
    for (const RunFacts::Infrastructure& lane : facts.infrastructure) {
        lanes.push_back(Json{{"executor", lane.info.executor},
                             {"name", exactTextAsJson(lane.info.name)},
                             {"thread", lane.info.threadId},
                             {"spans", lane.spans}});
    }
    return lanes;
}

Json putBookmarks(const RunFacts& facts)
{
    Json bookmarks = Json::array();
    for (const Bookmark& bookmark : facts.bookmarks) {
        bookmarks.push_back(
            Json{{"timeNs", bookmark.timeNs}, {"text", exactTextAsJson(bookmark.text)}});
    }
    return bookmarks;
}

} // namespace

std::string toJson(const RunFacts& facts)
{
    Json json = putMeta(facts.meta, exactTextAsJson);
    json["plan"] = putPlan(facts);
    Json blockers = Json::array();
    for (const std::string& name : facts.blockers) {
        blockers.push_back(exactTextAsJson(name));
    }
    json["trace"] = Json{
        {"originNs", facts.originNs},
        {"nowNs", facts.nowNs},
        {"droppedEvents", facts.droppedEvents},
        {"lanes", facts.lanes},
        {"controlEvents", facts.controlEvents},
        {"submitted", facts.submitted},
        {"queueSamples", facts.queueSamples},
        {"blockers", std::move(blockers)},
        {"blocked", facts.blocked},
        {"infrastructure", putInfrastructure(facts)},
        {"bookmarks", putBookmarks(facts)},
        {"usage", facts.usage},
    };
    json["trace"]["gone"] = facts.gone;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string runFactsAsJson(const TraceMeta& meta)
{
    return putMeta(meta, putPlainly).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace poolscope
