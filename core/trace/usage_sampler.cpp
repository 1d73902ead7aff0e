// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/usage_sampler.h"

#include "core/base/process_usage.h"

#include <algorithm>

namespace poolscope {

namespace {

constexpr Nanos kShortestNs = 20 * kNanosPerMilli;
constexpr Nanos kPartOfRun = 4; ///< a look after each quarter of the time so far
constexpr Nanos kRestPerWork = 100;
constexpr std::uint64_t kBytesPerKiB = 1024;

bool isSameWorker(const LaneLife& a, const LaneLife& b)
{
    return a.openedNs == b.openedNs && a.processId == b.processId && a.threadId == b.threadId;
}

/// \return a list of at most half as many and one, neighbours taken together. Across a gap they cannot be: the
/// earlier one goes.
std::vector<UsageSample> inPairs(const std::vector<UsageSample>& samples)
{
    std::vector<UsageSample> pairs;
    pairs.reserve(samples.size() / 2 + 1);
    for (std::size_t i = 0; i < samples.size(); i += 2) {
        pairs.push_back(samples[std::min(i + 1, samples.size() - 1)]);
        if (i + 1 < samples.size() && samples[i].endNs == samples[i + 1].beginNs) {
            UsageSample& both = pairs.back();
            both.beginNs = samples[i].beginNs;
            both.cpuNs += samples[i].cpuNs;
            both.memoryKiB = std::max(both.memoryKiB, samples[i].memoryKiB);
        }
    }
    return pairs;
}

} // namespace

void UsageSampler::sample(Nanos nowNs)
{
    if (nowNs < m_dueNs) {
        return;
    }
    const std::vector<Lane*> lanes = m_recorder->lanes();
    m_watches.resize(lanes.size());
    m_ownMemoryKiB.reset();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        look(*lanes[i], m_watches[i]);
    }
    const auto isFull = [](const Watch& watch) { return watch.samples.size() >= kMaxSamples; };
    if (std::any_of(m_watches.begin(), m_watches.end(), isFull)) {
        thinOut();
    }
    const Nanos doneNs = m_recorder->now();
    const Nanos periodNs = std::clamp(nowNs / kPartOfRun, kShortestNs, m_longestNs);
    m_dueNs = std::max(nowNs + periodNs, doneNs + kRestPerWork * (doneNs - nowNs));
}

void UsageSampler::look(Lane& lane, Watch& watch)
{
    const auto lives = lane.lives();
    if (lane.info().kind == LaneKind::Queue || lives->empty() || lives->back().closedNs >= 0) {
        watch.last.reset();
        return;
    }
    const LaneLife& life = lives->back();
    const std::optional<Nanos> cpuNs = lane.info().kind == LaneKind::Process
                                           ? processCpuNs(life.processId)
                                           : threadCpuNs(life.threadId);
    if (!cpuNs) {
        watch.last.reset();
        return;
    }
    const Seen seen{life, m_recorder->now(), *cpuNs};
    if (watch.last && isSameWorker(watch.last->life, life) && watch.last->cpuNs <= *cpuNs &&
        watch.last->timeNs < seen.timeNs) {
        watch.samples.push_back({watch.last->timeNs, seen.timeNs, *cpuNs - watch.last->cpuNs,
                                 memoryKiB(lane.info(), life.processId)});
        lane.setUsage(std::make_shared<const std::vector<UsageSample>>(watch.samples));
    }
    watch.last = seen;
}

std::uint64_t UsageSampler::memoryKiB(const LaneInfo& lane, int processId)
{
    if (lane.kind == LaneKind::Process) {
        return residentBytes(processId) / kBytesPerKiB;
    }
    if (!m_ownMemoryKiB) {
        m_ownMemoryKiB = residentBytes(processId) / kBytesPerKiB;
    }
    return *m_ownMemoryKiB;
}

void UsageSampler::thinOut()
{
    for (Watch& watch : m_watches) {
        watch.samples = inPairs(watch.samples);
    }
    m_longestNs *= 2;
}

} // namespace poolscope
