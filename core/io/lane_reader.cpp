// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lane_reader.h"

#include "core/io/cost_block.h"
#include "core/io/file_numbers.h"
#include "core/io/gone_block.h"
#include "core/io/record_block.h"

namespace poolscope {

void LaneReader::readDescription()
{
    ByteReader in(m_file.read(kLaneTag));
    LaneInfo info;
    info.executor = readInt(in);
    const std::uint64_t kind = in.readUnsigned();
    info.kind = static_cast<LaneKind>(kind);
    info.index = readInt(in);
    m_records = in.readUnsigned();
    if (in.hasFailed() || info.executor < 0 || info.executor >= m_recorder.executorCount() ||
        info.index < 0 || kind > static_cast<std::uint64_t>(LaneKind::Queue)) {
        m_file.fail("the lane's description is wrong");
        return;
    }
    if (!m_facts.gone.empty()) {
        m_gone = m_facts.gone[m_recorder.lanes().size()];
        if (m_gone > 0 && m_gone >= m_records) {
            m_file.fail("more of the lane's records are gone than it had");
            return;
        }
    }
    m_lane = &m_recorder.addLane(info);
    readLives(in);
}

void LaneReader::readLives(ByteReader& in)
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
        if (!isFileTime(life.openedNs) || !isFileTime(closedNs) || life.processId < 0 ||
            life.threadId < 0) {
            m_file.fail("a worker's life is wrong");
            return;
        }
        m_lane->openLife(life);
        if (closedNs != -1) {
            m_lane->closeLife(closedNs);
        }
    }
    if (in.hasFailed() || !in.isAtEnd()) {
        m_file.fail("the workers' lives do not fill it");
    }
}

void LaneReader::readGoneRecords()
{
    std::optional<LetGo> gone;
    std::vector<SummaryNode> leaves;
    Nanos previousEndNs = 0;
    while (!m_file.hasFailed() && (!gone || leaves.size() < m_gone >> SummaryPyramid::kLeafShift)) {
        ByteReader in(m_file.read(kGoneTag));
        bool isRight = !m_file.hasFailed();
        if (isRight && !gone) {
            gone = readGone(in, m_gone);
            isRight = gone.has_value();
        }
        while (isRight && !in.isAtEnd() && leaves.size() < m_gone >> SummaryPyramid::kLeafShift) {
            const std::optional<SummaryNode> leaf = readLeaf(in, previousEndNs);
            isRight = leaf.has_value();
            if (leaf) {
                leaves.push_back(*leaf);
                previousEndNs = leaf->endNs;
            }
        }
        if (!isRight || !in.isAtEnd()) {
            m_file.fail("what is known of records that are gone is wrong");
        }
    }
    if (m_file.hasFailed() || gone->lastEndNs != previousEndNs) {
        m_file.fail("what is known of records that are gone does not fit together");
        return;
    }
    m_lane->beginAfter(*gone, leaves);
}

void LaneReader::readRecords()
{
    if (m_lane == nullptr) {
        return;
    }
    Nanos previousEndNs = 0;
    if (m_gone > 0) {
        readGoneRecords();
        previousEndNs = m_lane->letGo().lastEndNs;
    }
    const JobPlan& plan = *m_facts.meta.plan;
    std::vector<TaskRecord> records;
    std::vector<TaskCost> costs;
    for (std::uint64_t done = m_gone; done < m_records && !m_file.hasFailed();
         done += records.size()) {
        std::string fault = decodeRecords(
            m_file.read(kRecordsTag), {plan.taskCount, m_records - done}, previousEndNs, records);
        if (fault.empty() && m_lane->hasCosts()) {
            fault = decodeCosts(m_file.read(kCostsTag), records.size(), costs);
        }
        if (!fault.empty()) {
            m_file.fail(fault);
            return;
        }
        appendResults(records, costs);
        m_lane->summarise(
            [&plan](std::uint64_t task) { return plan.kind(task); }); // while it is in the cache
        previousEndNs = records.back().endNs;
    }
}

/// \p costs: one a record, or none at all.
void LaneReader::appendResults(const std::vector<TaskRecord>& records,
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
        m_lane->append(records[i], value, error, costs.empty() ? nullptr : &costs[i]);
    }
    if (in.hasFailed() || !in.isAtEnd()) {
        m_file.fail("the results do not fill it");
    } else if (m_lane->droppedCount() > 0) {
        m_file.fail("its records do not fit into a lane or into memory");
    }
}

} // namespace poolscope
