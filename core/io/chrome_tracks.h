// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/trace/snapshot.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace poolscope {

/// Where events lie in a Chrome trace: process and thread, real ids or ids beyond all real ones.
struct ChromeTrack
{
    std::int64_t processId = 0;
    std::int64_t threadId = 0;

    friend auto operator<=>(const ChromeTrack&, const ChromeTrack&) = default;
};

/// Gives every life of every lane, and every executor for its submits and for its tasks that never
/// began, a track of its own with a name. Real ids are used where they are known and not taken by
/// another lane. Valid as long as the snapshot.
class ChromeTracks
{
public:
    /// A track's text, and its place among the others.
    struct Name
    {
        ChromeTrack track;
        std::string text;
        int sortIndex = 0;
    };

    explicit ChromeTracks(const Snapshot& snapshot);

    /// \return the executor's title, with a number behind it when others have the same.
    [[nodiscard]] const std::string& label(int executor) const
    {
        return m_labels[static_cast<std::size_t>(executor)];
    }
    [[nodiscard]] ChromeTrack submits(int executor) const;
    [[nodiscard]] ChromeTrack neverBegun(int executor) const;
    /// \return the track of the life on lane \p lane (index in Snapshot::lanes) at \p timeNs.
    [[nodiscard]] ChromeTrack at(std::size_t lane, Nanos timeNs) const;

    /// \return the track of a thread that runs no tasks (index in Snapshot::infrastructure).
    [[nodiscard]] ChromeTrack infrastructure(std::size_t index) const;

    /// \return one name a process (its threadId is 0) and one a track, each named once.
    [[nodiscard]] const std::vector<Name>& processNames() const { return m_processNames; }
    [[nodiscard]] const std::vector<Name>& threadNames() const { return m_threadNames; }

private:
    void nameExecutors();
    void nameProgram();
    void addLane(std::size_t lane);
    ChromeTrack takeTrack(std::size_t lane, const LaneLife& life);
    void nameLane(std::size_t lane);
    void nameInfrastructure();

    const Snapshot& m_snapshot;
    std::int64_t m_programId = 0;
    std::set<int> m_threadExecutors; ///< executors whose workers are threads of the program
    std::vector<std::string> m_labels; ///< one an executor
    std::vector<std::vector<ChromeTrack>> m_lives; ///< a lane's tracks by life; at least one
    std::map<ChromeTrack, std::size_t> m_owners; ///< real ids in use, by lane
    std::vector<Name> m_processNames;
    std::vector<Name> m_threadNames;
};

} // namespace poolscope
