// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lanes_at_once.h"

#include "core/base/mutex.h"
#include "core/base/thread_name.h"
#include "core/io/lane_reader.h"

#include <system_error>

#include <algorithm>
#include <new>
#include <thread>
#include <vector>

namespace poolscope {

namespace {

/// The lanes that nobody has begun yet.
class LaneLine
{
public:
    LaneLine(SectionReader& file, const RunFacts& facts, Recorder& recorder)
        : m_file(file)
        , m_facts(facts)
        , m_recorder(recorder)
        , m_left(facts.lanes)
    {}

    /// Reads one lane after the other until there is none, or anything is wrong.
    void readLanes() noexcept
    {
        try {
            while (readNext()) {
            }
        } catch (const std::bad_alloc&) {
            fail();
        }
    }

private:
    bool readNext() PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        if (m_left == 0 || m_file.hasFailed()) {
            return false;
        }
        --m_left;
        const auto bytes = m_file.take({kGoneTag, kRecordsTag, kCostsTag, kResultsTag});
        if (!bytes) {
            m_file.fail("it is not there");
            return false;
        }
        SectionReader sections(*bytes);
        LaneReader lane(sections, m_facts, m_recorder);
        lane.readDescription(); // under the lock: lanes are added in the order of the file
        lock.unlock();
        lane.readRecords();
        if (sections.hasFailed() || !sections.isAtEnd()) {
            fail();
        }
        return true;
    }
    void fail() PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        m_file.fail("a lane is wrong");
    }

    Mutex m_mutex;
    SectionReader& m_file PS_GUARDED_BY(m_mutex);
    const RunFacts& m_facts;
    Recorder& m_recorder;
    std::uint64_t m_left PS_GUARDED_BY(m_mutex);
};

} // namespace

void readLanesAtOnce(SectionReader& file, const RunFacts& facts, Recorder& recorder, int threads)
{
    LaneLine line(file, facts, recorder);
    std::vector<std::jthread> helpers;
    try {
        for (std::uint64_t i = 1; i < std::min(facts.lanes, static_cast<std::uint64_t>(threads));
             ++i) {
            helpers.emplace_back([&line] {
                setThreadName("run reader");
                line.readLanes();
            });
        }
    } catch (const std::system_error&) { // NOLINT(bugprone-empty-catch): then with those that came
    }
    line.readLanes();
}

} // namespace poolscope
