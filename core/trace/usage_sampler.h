// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/trace/lane.h"
#include "core/trace/recorder.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace poolscope {

/// Looks now and then at what each worker of a run that goes on has used, and gives it to the worker's lane. Four
/// looks a second, more at the beginning so that short runs have some, and fewer when there are so many workers that
/// looking would take more than a hundredth of a processor. Of each lane it keeps a bounded number: when one is full,
/// neighbours become one and the period doubles. Workers do not notice. Used by one thread.
class UsageSampler
{
public:
    static constexpr std::size_t kMaxSamples = 1024; ///< of one lane
    static constexpr Nanos kPeriodNs = kNanosPerSecond / 4;

    explicit UsageSampler(std::shared_ptr<Recorder> recorder)
        : m_recorder(std::move(recorder))
    {}

    /// Looks when it is due. Times must not decrease.
    void sample(Nanos nowNs);

private:
    /// What was seen of a worker when it was last looked at.
    struct Seen
    {
        LaneLife life;
        Nanos timeNs = 0;
        Nanos cpuNs = 0;
    };
    struct Watch
    {
        std::optional<Seen> last;
        std::vector<UsageSample> samples;
    };

    void look(Lane& lane, Watch& watch);
    void thinOut();
    [[nodiscard]] std::uint64_t memoryKiB(const LaneInfo& lane, int processId);

    std::shared_ptr<Recorder> m_recorder;
    std::vector<Watch> m_watches; ///< one a lane, as in Recorder::lanes()
    std::optional<std::uint64_t> m_ownMemoryKiB; ///< in this look
    Nanos m_longestNs = kPeriodNs;
    Nanos m_dueNs = 0;
};

} // namespace poolscope
