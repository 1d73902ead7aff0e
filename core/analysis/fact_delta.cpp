// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What differs in settings and machine of two runs (run_delta.h).

#include "core/analysis/run_delta.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace poolscope {

namespace {

class FactComparison
{
public:
    void compare(const std::string& fact, const std::string& first, const std::string& second,
                 bool isUnfair = false)
    {
        if (first != second) {
            m_facts.push_back({fact, first, second, isUnfair});
        }
    }
    [[nodiscard]] std::vector<FactDelta> take()
    {
        std::stable_partition(m_facts.begin(), m_facts.end(),
                              [](const FactDelta& fact) { return fact.isUnfair; });
        return std::move(m_facts);
    }

private:
    std::vector<FactDelta> m_facts;
};

std::string paramText(const ParamSet& params, const std::string& id)
{
    const ParamValue* value = params.find(id);
    return value != nullptr ? toText(*value) : std::string();
}

void compareParams(FactComparison& facts, const std::string& group, const ParamSet& first,
                   const ParamSet& second, bool isUnfair)
{
    std::set<std::string> ids;
    for (const ParamSet* params : {&first, &second}) {
        for (const auto& [id, value] : params->values()) {
            ids.insert(id);
        }
    }
    for (const std::string& id : ids) {
        facts.compare(group + ':' + id, paramText(first, id), paramText(second, id), isUnfair);
    }
}

/// Of each kind of executor the numbers of workers, in order: "4" or "4, 8".
std::map<std::string, std::string> workersByKind(const TraceMeta& meta)
{
    std::map<std::string, std::string> workers;
    for (const ExecutorMeta& executor : meta.executors) {
        std::string& text = workers[executor.kind];
        text += (text.empty() ? "" : ", ") + std::to_string(executor.workers);
    }
    return workers;
}

void compareWorkers(FactComparison& facts, const TraceMeta& first, const TraceMeta& second)
{
    std::map<std::string, std::string> ones = workersByKind(first);
    std::map<std::string, std::string> others = workersByKind(second);
    std::set<std::string> kinds;
    for (const auto* workers : {&ones, &others}) {
        for (const auto& [kind, text] : *workers) {
            kinds.insert(kind);
        }
    }
    for (const std::string& kind : kinds) {
        facts.compare("workers:" + kind, ones[kind], others[kind]);
    }
}

void compareMachines(FactComparison& facts, const MachineFacts& first, const MachineFacts& second)
{
    facts.compare("machine:cpu", first.cpuModel, second.cpuModel);
    facts.compare("machine:processors", std::to_string(first.logicalCpus),
                  std::to_string(second.logicalCpus));
    facts.compare("machine:usable", std::to_string(first.usableCpus),
                  std::to_string(second.usableCpus));
    facts.compare("machine:memory", std::to_string(first.memoryBytes),
                  std::to_string(second.memoryBytes));
    facts.compare("machine:system", first.operatingSystem, second.operatingSystem);
    facts.compare("machine:kernel", first.kernel, second.kernel);
    facts.compare("machine:clock", first.clock, second.clock);
}

} // namespace

std::vector<FactDelta> compareFacts(const TraceMeta& first, const TraceMeta& second)
{
    FactComparison facts;
    facts.compare("workload", first.workloadId, second.workloadId, true);
    if (first.workloadId == second.workloadId) { // else they have nothing in common
        compareParams(facts, "param", first.params, second.params, true);
    }
    facts.compare("seed", std::to_string(first.seed), std::to_string(second.seed), true);
    facts.compare("tasks", std::to_string(first.plan->taskCount),
                  std::to_string(second.plan->taskCount), true);
    compareWorkers(facts, first, second);
    facts.compare("chunk", std::to_string(first.chunk), std::to_string(second.chunk));
    compareParams(facts, "option", first.options, second.options, false);
    facts.compare("costs", std::string(toText(first.recording.level)),
                  std::string(toText(second.recording.level)));
    compareMachines(facts, first.machine, second.machine);
    facts.compare("version", first.version, second.version);
    return facts.take();
}

std::vector<std::vector<std::size_t>> groupRuns(std::span<const SnapshotPtr> runs,
                                                std::span<const std::string> names)
{
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto group =
            std::find_if(groups.begin(), groups.end(), [&](const std::vector<std::size_t>& known) {
                return names[known.front()] == names[i] &&
                       compareFacts(*runs[known.front()]->meta, *runs[i]->meta).empty();
            });
        if (group == groups.end()) {
            groups.push_back({i});
        } else {
            group->push_back(i);
        }
    }
    if (groups.size() == 1) {
        groups.clear();
        for (std::size_t i = 0; i < runs.size(); ++i) {
            groups.push_back({i});
        }
    }
    for (std::vector<std::size_t>& group : groups) {
        std::stable_sort(group.begin(), group.end(), [runs](std::size_t a, std::size_t b) {
            return runs[a]->meta->startedUnixNs < runs[b]->meta->startedUnixNs;
        });
    }
    return groups;
}

} // namespace poolscope
