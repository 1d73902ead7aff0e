// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/chrome_tracks.h"

#include <algorithm>

namespace poolscope {

namespace {

// Ids from here on are ours: Linux gives none above 2^22.
constexpr std::int64_t kProgramId = (std::int64_t{1} << 22) + 1;
constexpr std::int64_t kFirstExecutorId = kProgramId + 1; // two an executor
constexpr std::int64_t kFirstLaneId = kProgramId + 1'000'000;

// How tracks follow each other inside a process.
constexpr int kSortStep = 10'000;
constexpr int kSortLast = kSortStep - 1;

} // namespace

ChromeTracks::ChromeTracks(const Snapshot& snapshot)
    : m_snapshot(snapshot)
{
    nameExecutors();
    nameProgram();
    for (std::size_t lane = 0; lane < snapshot.lanes.size(); ++lane) {
        addLane(lane);
    }
    nameInfrastructure();
}

void ChromeTracks::nameExecutors()
{
    std::map<std::string, int> seen;
    for (const ExecutorMeta& executor : m_snapshot.meta->executors) {
        const int number = ++seen[executor.title];
        m_labels.push_back(number == 1 ? executor.title
                                       : executor.title + ' ' + std::to_string(number));
    }
}

void ChromeTracks::nameProgram()
{
    for (const LaneView& lane : m_snapshot.lanes) {
        if (lane.info().kind != LaneKind::Thread) {
            continue;
        }
        m_threadExecutors.insert(lane.info().executor);
        if (m_programId <= 0 && !lane.lives->empty()) {
            m_programId = lane.lives->front().processId;
        }
    }
    if (m_programId <= 0) {
        m_programId = kProgramId; // no thread lane has told
    }
    std::string name = "Poolscope";
    const char* separator = ": ";
    for (const int executor : m_threadExecutors) {
        name += separator + label(executor);
        separator = ", ";
    }
    m_processNames.push_back({{m_programId, 0}, std::move(name), 0});
    for (int executor = 0; executor < static_cast<int>(m_labels.size()); ++executor) {
        m_threadNames.push_back(
            {submits(executor), "Submit (" + label(executor) + ')', executor * kSortStep});
    }
}

ChromeTrack ChromeTracks::submits(int executor) const
{
    return {m_programId, kFirstExecutorId + 2 * executor};
}

ChromeTrack ChromeTracks::neverBegun(int executor) const
{
    return {m_programId, kFirstExecutorId + 2 * executor + 1};
}

ChromeTrack ChromeTracks::at(std::size_t lane, Nanos timeNs) const
{
    const LaneView& view = m_snapshot.lanes[lane];
    const LaneLife* life = view.lifeAt(timeNs);
    const auto index = life == nullptr ? 0 : life - view.lives->data();
    return m_lives[lane][static_cast<std::size_t>(index)];
}

ChromeTrack ChromeTracks::infrastructure(std::size_t index) const
{
    return {m_programId, kFirstLaneId + static_cast<std::int64_t>(m_snapshot.lanes.size() + index)};
}

/// Below the executor's workers; the run's own below all.
void ChromeTracks::nameInfrastructure()
{
    for (std::size_t i = 0; i < m_snapshot.infrastructure.size(); ++i) {
        const InfrastructureInfo& info = m_snapshot.infrastructure[i].lane->info();
        const bool isOfRun = info.executor < 0;
        const int executor = isOfRun ? static_cast<int>(m_labels.size()) : info.executor;
        m_threadNames.push_back({infrastructure(i),
                                 isOfRun ? info.name : info.name + " (" + label(executor) + ')',
                                 executor * kSortStep + (isOfRun ? 0 : kSortLast)});
    }
}

void ChromeTracks::addLane(std::size_t lane)
{
    const LaneView& view = m_snapshot.lanes[lane];
    std::vector<ChromeTrack>& tracks = m_lives.emplace_back();
    if (view.info().kind == LaneKind::Queue) {
        tracks.assign(std::max<std::size_t>(view.lives->size(), 1),
                      neverBegun(view.info().executor));
        if (!view.hasRecords()) {
            return;
        }
    } else {
        for (const LaneLife& life : *view.lives) {
            tracks.push_back(takeTrack(lane, life));
        }
        if (tracks.empty()) {
            tracks.push_back(takeTrack(lane, {}));
        }
    }
    nameLane(lane);
}

ChromeTrack ChromeTracks::takeTrack(std::size_t lane, const LaneLife& life)
{
    const auto ownId = kFirstLaneId + static_cast<std::int64_t>(lane);
    if (m_snapshot.lanes[lane].info().kind == LaneKind::Thread) {
        const ChromeTrack real{m_programId, life.threadId};
        const bool isFree =
            life.threadId > 0 && m_owners.try_emplace(real, lane).first->second == lane;
        return isFree ? real : ChromeTrack{m_programId, ownId};
    }
    const bool isFree = life.processId > 0 && life.processId != m_programId &&
                        m_owners.try_emplace({life.processId, 0}, lane).first->second == lane;
    return isFree ? ChromeTrack{life.processId, life.processId} : ChromeTrack{ownId, ownId};
}

void ChromeTracks::nameLane(std::size_t lane)
{
    const LaneInfo& info = m_snapshot.lanes[lane].info();
    const std::string number = std::to_string(info.index);
    const std::string executor = label(info.executor);
    const int sortIndex = info.executor * kSortStep + 1 + info.index;
    const std::set<ChromeTrack> tracks(m_lives[lane].begin(), m_lives[lane].end());
    for (const ChromeTrack track : tracks) {
        if (info.kind == LaneKind::Queue) {
            m_threadNames.push_back(
                {track, "Never began (" + executor + ')', info.executor * kSortStep + kSortLast});
        } else if (info.kind == LaneKind::Process) {
            m_processNames.push_back(
                {{track.processId, 0}, executor + " worker " + number, sortIndex});
            m_threadNames.push_back({track, "Worker " + number, sortIndex});
        } else {
            const bool isClear = m_threadExecutors.size() == 1;
            m_threadNames.push_back(
                {track, isClear ? "Thread " + number : "Thread " + number + " (" + executor + ')',
                 sortIndex});
        }
    }
}

} // namespace poolscope
