// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/blocked_block.h"
#include "core/io/entries.h"
#include "core/io/file_numbers.h"
#include "core/io/infrastructure_block.h"
#include "core/io/lane_reader.h"
#include "core/io/lanes_at_once.h"
#include "core/io/run_facts.h"
#include "core/io/run_file.h"
#include "core/io/run_file_format.h"
#include "core/io/section_file.h"
#include "core/io/usage_block.h"
#include "core/task/codec.h"
#include "core/trace/collector.h"

#include <algorithm>
#include <istream>
#include <new>
#include <thread>
#include <vector>

namespace poolscope {

namespace {

/// Smaller files are read before threads are there.
constexpr std::uint64_t kSizeForThreads = std::uint64_t{1} << 20U;

class RunReader
{
public:
    /// \p threads: how many may read lanes at once.
    RunReader(std::istream& in, std::uint64_t size, int threads)
        : m_file(in, size)
        , m_threads(threads)
    {}

    Result<SnapshotPtr> read();

private:
    void readFacts();
    void readPlan();
    void readLanes();
    void readControlEvents();
    void readSamples(std::vector<QueueSample>& samples, std::uint64_t count);
    void readBlockedSpans();
    void readInfrastructure();
    void readUsages();
    SnapshotPtr makeSnapshot();
    [[nodiscard]] bool isExecutor(int executor) const
    {
        return executor >= 0 && executor < static_cast<int>(m_facts.meta.executors.size());
    }

    SectionReader m_file;
    const int m_threads;
    RunFacts m_facts;
    std::shared_ptr<Recorder> m_recorder;
    std::vector<std::vector<QueueSample>> m_samples;
};

Result<SnapshotPtr> RunReader::read()
{
    readFacts();
    readPlan();
    readLanes();
    readControlEvents();
    m_samples.resize(m_facts.queueSamples.size());
    for (std::size_t executor = 0; executor < m_samples.size(); ++executor) {
        readSamples(m_samples[executor], m_facts.queueSamples[executor]);
    }
    readBlockedSpans();
    readInfrastructure();
    readUsages();
    m_file.readEnd();
    if (m_file.hasFailed()) {
        return m_file.error();
    }
    return makeSnapshot();
}

void RunReader::readFacts()
{
    const std::string_view json = m_file.read(kFactsTag);
    if (m_file.hasFailed()) {
        return;
    }
    Result<RunFacts> facts = parseRunFacts(json);
    if (!facts) {
        m_file.fail(facts.error().message);
        return;
    }
    m_facts = std::move(facts).value();
    if (const std::string unknown = unknownBefore(m_file.version(), m_facts); !unknown.empty()) {
        m_file.fail(unknown);
        return;
    }
    m_recorder = std::make_shared<Recorder>(m_facts.originNs,
                                            static_cast<int>(m_facts.meta.executors.size()),
                                            m_facts.meta.recording.level);
    for (std::size_t executor = 0; executor < m_facts.submitted.size(); ++executor) {
        m_recorder->addSubmitted(static_cast<int>(executor), m_facts.submitted[executor]);
    }
}

void RunReader::readPlan()
{
    if (m_file.hasFailed()) {
        return;
    }
    auto plan = std::make_shared<JobPlan>(*m_facts.meta.plan);
    const std::size_t kinds = plan->kinds.size();
    readEntries(m_file, kItemsTag, m_facts.hasItems ? plan->taskCount : 0, [&](ByteReader& block) {
        plan->items.emplace_back(block.readText());
        return true;
    });
    readEntries(m_file, kKindsTag, m_facts.hasKindOfTask ? plan->taskCount : 0,
                [&](ByteReader& block) {
                    const std::uint64_t kind = block.readUnsigned();
                    plan->kindOfTask.push_back(static_cast<std::uint8_t>(kind));
                    return kind < kinds;
                });
    m_facts.meta.plan = std::move(plan);
}

void RunReader::readLanes()
{
    if (m_file.hasFailed()) {
        return;
    }
    if (m_threads > 1 && m_facts.lanes > 1) {
        readLanesAtOnce(m_file, m_facts, *m_recorder, m_threads);
        return;
    }
    for (std::uint64_t i = 0; i < m_facts.lanes && !m_file.hasFailed(); ++i) {
        LaneReader lane(m_file, m_facts, *m_recorder);
        lane.readDescription();
        lane.readRecords();
    }
}

void RunReader::readControlEvents()
{
    readEntries(m_file, kEventsTag, m_facts.controlEvents, [&](ByteReader& block) {
        ControlEvent event;
        event.timeNs = block.readSigned();
        const std::uint64_t kind = block.readUnsigned();
        event.kind = static_cast<ControlKind>(kind);
        event.executor = readInt(block);
        event.lane = readInt(block);
        event.value = block.readSigned();
        event.text = block.readText();
        const bool isRight = isFileTime(event.timeNs) && kind < std::uint64_t{kControlKindCount} &&
                             isExecutor(event.executor) && event.lane >= -1 &&
                             event.lane < static_cast<int>(m_facts.lanes);
        if (isRight && !block.hasFailed()) {
            m_recorder->addControlEvent(std::move(event));
        }
        return isRight;
    });
}

void RunReader::readSamples(std::vector<QueueSample>& samples, std::uint64_t count)
{
    readEntries(m_file, kSamplesTag, count, [&](ByteReader& block) {
        QueueSample sample;
        sample.timeNs = block.readSigned();
        sample.submitted = block.readUnsigned();
        sample.ended = block.readUnsigned();
        const std::uint64_t running = block.readUnsigned();
        const std::uint64_t workers = block.readUnsigned();
        sample.running = static_cast<std::uint32_t>(running);
        sample.workers = static_cast<std::uint32_t>(workers);
        const bool isLater = samples.empty() || samples.back().timeNs <= sample.timeNs;
        samples.push_back(sample);
        return isLater && isFileTime(sample.timeNs) && running == sample.running &&
               workers == sample.workers;
    });
}

void RunReader::readBlockedSpans()
{
    if (m_file.hasFailed()) {
        return;
    }
    for (const std::string& name : m_facts.blockers) {
        if (m_recorder->blockerId(name) + 1 != m_recorder->blockers().size()) {
            m_file.fail("two blockers have the same name");
        }
    }
    const std::vector<Lane*> lanes = m_recorder->lanes();
    for (std::size_t i = 0; i < m_facts.blocked.size(); ++i) {
        Nanos previousEndNs = 0;
        readEntries(m_file, kBlockedTag, m_facts.blocked[i], [&](ByteReader& block) {
            const std::optional<BlockedSpan> span =
                readBlocked(block, previousEndNs, m_facts.blockers.size());
            if (span) {
                lanes[i]->appendBlocked(*span);
                previousEndNs = span->endNs;
            }
            return span && lanes[i]->droppedCount() == 0;
        });
    }
}

void RunReader::readInfrastructure()
{
    for (const RunFacts::Infrastructure& facts : m_facts.infrastructure) {
        if (m_file.hasFailed()) {
            return;
        }
        InfrastructureLane& lane = m_recorder->addInfrastructure(facts.info);
        Nanos previousEndNs = 0;
        readEntries(m_file, kInfrastructureTag, facts.spans, [&](ByteReader& block) {
            const std::optional<BusySpan> span = readBusySpan(block, previousEndNs);
            if (span) {
                lane.append(*span);
                previousEndNs = span->endNs;
            }
            return span && lane.droppedCount() == 0;
        });
    }
}

void RunReader::readUsages()
{
    if (m_file.hasFailed()) {
        return;
    }
    const std::vector<Lane*> lanes = m_recorder->lanes();
    for (std::size_t i = 0; i < m_facts.usage.size() && !m_file.hasFailed(); ++i) {
        auto samples = std::make_shared<std::vector<UsageSample>>();
        readEntries(m_file, kUsageTag, m_facts.usage[i], [&](ByteReader& block) {
            const Nanos previousEndNs = samples->empty() ? 0 : samples->back().endNs;
            const std::optional<UsageSample> sample = readUsage(block, previousEndNs);
            if (sample) {
                samples->push_back(*sample);
            }
            return sample.has_value();
        });
        lanes[i]->setUsage(std::move(samples));
    }
}

SnapshotPtr RunReader::makeSnapshot()
{
    SnapshotPtr made =
        makeFinishedSnapshot(m_recorder, std::make_shared<const TraceMeta>(std::move(m_facts.meta)),
                             std::move(m_samples), m_facts.nowNs);
    auto snapshot = std::make_shared<Snapshot>(*made);
    snapshot->droppedEvents = std::max(made->droppedEvents, m_facts.droppedEvents);
    snapshot->bookmarks = std::move(m_facts.bookmarks);
    return snapshot;
}

} // namespace

Result<SnapshotPtr> readRun(std::istream& in, std::uint64_t size, int threads)
{
    const std::istream::pos_type begin = threads > 1 ? in.tellg() : std::istream::pos_type(-1);
    if (begin != std::istream::pos_type(-1)) {
        try {
            if (Result<SnapshotPtr> read = RunReader(in, size, threads).read()) {
                return read;
            }
        } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): may fit into one thread's
        }
        // One thread alone tells what is wrong first.
        in.clear();
        in.seekg(begin);
    }
    try {
        return RunReader(in, size, 1).read();
    } catch (const std::bad_alloc&) {
        return Error{"there is not enough memory for it"};
    }
}

Result<SnapshotPtr> readRun(std::istream& in, std::uint64_t size)
{
    constexpr unsigned kMostThreads = 4; // beyond it memory is what they wait for
    const unsigned threads = std::min(kMostThreads, std::thread::hardware_concurrency());
    return readRun(in, size, size >= kSizeForThreads ? static_cast<int>(threads) : 1);
}

} // namespace poolscope
