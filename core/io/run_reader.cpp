// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/blocked_block.h"
#include "core/io/cost_block.h"
#include "core/io/infrastructure_block.h"
#include "core/io/record_block.h"
#include "core/io/run_facts.h"
#include "core/io/run_file.h"
#include "core/io/run_file_format.h"
#include "core/io/section_file.h"
#include "core/task/codec.h"
#include "core/trace/collector.h"

#include <istream>
#include <limits>
#include <new>
#include <vector>

namespace poolscope {

namespace {

bool isTime(Nanos time)
{
    return time >= -kMaxTimeNs && time <= kMaxTimeNs;
}

/// \return a number that fits an int, or -2, which is right nowhere.
int readInt(ByteReader& in)
{
    const std::int64_t value = in.readSigned();
    return value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max()
               ? static_cast<int>(value)
               : -2;
}

class RunReader
{
public:
    RunReader(std::istream& in, std::uint64_t size)
        : m_file(in, size)
    {}

    Result<SnapshotPtr> read();

private:
    void readFacts();
    void readPlan();
    void readLane();
    void readLives(ByteReader& in, Lane& lane);
    void readRecords(Lane& lane, std::uint64_t count);
    void appendResults(Lane& lane, const std::vector<TaskRecord>& records,
                       const std::vector<TaskCost>& costs);
    void readControlEvents();
    void readSamples(std::vector<QueueSample>& samples, std::uint64_t count);
    void readBlockedSpans();
    void readInfrastructure();
    SnapshotPtr makeSnapshot();
    template <class Decode>
    void readBlocks(SectionTag tag, std::uint64_t count, const Decode& decode);
    [[nodiscard]] bool isExecutor(int executor) const
    {
        return executor >= 0 && executor < static_cast<int>(m_facts.meta.executors.size());
    }

    SectionReader m_file;
    RunFacts m_facts;
    std::shared_ptr<Recorder> m_recorder;
    std::vector<std::vector<QueueSample>> m_samples;
};

/// Reads \p count things out of as many sections \p tag as they fill. \p decode takes the next one
/// and \return whether it is right.
template <class Decode>
void RunReader::readBlocks(SectionTag tag, std::uint64_t count, const Decode& decode)
{
    std::uint64_t done = 0;
    while (done < count && !m_file.hasFailed()) {
        ByteReader block(m_file.read(tag));
        do {
            const bool isRight = decode(block);
            if (!isRight || block.hasFailed()) {
                m_file.fail("entry " + std::to_string(done) + " is wrong");
            }
            ++done;
        } while (done < count && !block.isAtEnd() && !m_file.hasFailed());
        if (!block.isAtEnd()) {
            m_file.fail("it holds more than it should");
        }
    }
}

Result<SnapshotPtr> RunReader::read()
{
    readFacts();
    readPlan();
    for (std::uint64_t lane = 0; lane < m_facts.lanes && !m_file.hasFailed(); ++lane) {
        readLane();
    }
    readControlEvents();
    m_samples.resize(m_facts.queueSamples.size());
    for (std::size_t executor = 0; executor < m_samples.size(); ++executor) {
        readSamples(m_samples[executor], m_facts.queueSamples[executor]);
    }
    readBlockedSpans();
    readInfrastructure();
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
    if (m_file.version() < kBlockedSinceVersion && m_facts.hasBlocked) {
        m_file.fail("it names what blocked tasks, and is of a format that knows nothing of it");
        return;
    }
    if (m_file.version() < kInfrastructureSinceVersion && !m_facts.infrastructure.empty()) {
        m_file.fail("it names infrastructure, and is of a format that knows nothing of it");
        return;
    }
    if (m_file.version() < kInfrastructureSinceVersion && !m_facts.bookmarks.empty()) {
        m_file.fail("it has bookmarks, and is of a format that knows nothing of them");
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
    readBlocks(kItemsTag, m_facts.hasItems ? plan->taskCount : 0, [&](ByteReader& block) {
        plan->items.emplace_back(block.readText());
        return true;
    });
    readBlocks(kKindsTag, m_facts.hasKindOfTask ? plan->taskCount : 0, [&](ByteReader& block) {
        const std::uint64_t kind = block.readUnsigned();
        plan->kindOfTask.push_back(static_cast<std::uint8_t>(kind));
        return kind < kinds;
    });
    m_facts.meta.plan = std::move(plan);
}

void RunReader::readLane()
{
    ByteReader in(m_file.read(kLaneTag));
    LaneInfo info;
    info.executor = readInt(in);
    const std::uint64_t kind = in.readUnsigned();
    info.kind = static_cast<LaneKind>(kind);
    info.index = readInt(in);
    const std::uint64_t records = in.readUnsigned();
    if (in.hasFailed() || !isExecutor(info.executor) || info.index < 0 ||
        kind > static_cast<std::uint64_t>(LaneKind::Queue)) {
        m_file.fail("the lane's description is wrong");
        return;
    }
    Lane& lane = m_recorder->addLane(info);
    readLives(in, lane);
    readRecords(lane, records);
}

void RunReader::readLives(ByteReader& in, Lane& lane)
{
    std::uint64_t left = in.readUnsigned();
    if (left > kMaxLives) {
        m_file.fail("the lane has too many workers");
        return;
    }
    for (; left > 0 && !in.hasFailed() && !m_file.hasFailed(); --left) {
        LaneLife life;
        life.openedNs = in.readSigned();
        const Nanos closedNs = in.readSigned();
        life.processId = readInt(in);
        life.threadId = readInt(in);
        if (!isTime(life.openedNs) || !isTime(closedNs) || life.processId < 0 ||
            life.threadId < 0) {
            m_file.fail("a worker's life is wrong");
            return;
        }
        lane.openLife(life);
        if (closedNs != -1) {
            lane.closeLife(closedNs);
        }
    }
    if (in.hasFailed() || !in.isAtEnd()) {
        m_file.fail("the workers' lives do not fill it");
    }
}

void RunReader::readRecords(Lane& lane, std::uint64_t count)
{
    std::vector<TaskRecord> records;
    std::vector<TaskCost> costs;
    Nanos previousEndNs = 0;
    for (std::uint64_t done = 0; done < count && !m_file.hasFailed(); done += records.size()) {
        std::string fault =
            decodeRecords(m_file.read(kRecordsTag), {m_facts.meta.plan->taskCount, count - done},
                          previousEndNs, records);
        if (fault.empty() && lane.hasCosts()) {
            fault = decodeCosts(m_file.read(kCostsTag), records.size(), costs);
        }
        if (!fault.empty()) {
            m_file.fail(fault);
            return;
        }
        appendResults(lane, records, costs);
        previousEndNs = records.back().endNs;
    }
}

/// \p costs: one a record, or none at all.
void RunReader::appendResults(Lane& lane, const std::vector<TaskRecord>& records,
                              const std::vector<TaskCost>& costs)
{
    const std::string_view block = m_file.read(kResultsTag);
    ByteReader in(block);
    for (std::size_t i = 0; i < records.size() && !m_file.hasFailed(); ++i) {
        const Value value = in.readValue();
        const std::string_view error = in.readText();
        if (in.hasFailed()) {
            break;
        }
        lane.append(records[i], value, error, costs.empty() ? nullptr : &costs[i]);
    }
    if (in.hasFailed() || !in.isAtEnd()) {
        m_file.fail("the results do not fill it");
    } else if (lane.droppedCount() > 0) {
        m_file.fail("its records do not fit into a lane or into memory");
    }
}

void RunReader::readControlEvents()
{
    readBlocks(kEventsTag, m_facts.controlEvents, [&](ByteReader& block) {
        ControlEvent event;
        event.timeNs = block.readSigned();
        const std::uint64_t kind = block.readUnsigned();
        event.kind = static_cast<ControlKind>(kind);
        event.executor = readInt(block);
        event.lane = readInt(block);
        event.value = block.readSigned();
        event.text = block.readText();
        const bool isRight = isTime(event.timeNs) && kind < std::uint64_t{kControlKindCount} &&
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
    readBlocks(kSamplesTag, count, [&](ByteReader& block) {
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
        return isLater && isTime(sample.timeNs) && running == sample.running &&
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
        readBlocks(kBlockedTag, m_facts.blocked[i], [&](ByteReader& block) {
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
        readBlocks(kInfrastructureTag, facts.spans, [&](ByteReader& block) {
            const std::optional<BusySpan> span = readBusySpan(block, previousEndNs);
            if (span) {
                lane.append(*span);
                previousEndNs = span->endNs;
            }
            return span && lane.droppedCount() == 0;
        });
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

Result<SnapshotPtr> readRun(std::istream& in, std::uint64_t size)
{
    try {
        return RunReader(in, size).read();
    } catch (const std::bad_alloc&) {
        return Error{"there is not enough memory for it"};
    }
}

} // namespace poolscope
