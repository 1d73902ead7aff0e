// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/run_facts.h"
#include "core/io/section_file.h"
#include "core/task/codec.h"
#include "core/trace/recorder.h"

#include <cstdint>
#include <vector>

namespace poolscope {

/// Reads one lane of a run file: the section LANE, then its blocks of records, costs and results. What is wrong with them
/// \p file is told. One thread a lane; several lanes of one recorder may be read at once.
class LaneReader
{
public:
    /// All three must outlive it. \p facts: its plan must be complete.
    LaneReader(SectionReader& file, const RunFacts& facts, Recorder& recorder)
        : m_file(file)
        , m_facts(facts)
        , m_recorder(recorder)
    {}

    /// Adds the lane with its lives to the recorder.
    void readDescription();
    /// Reads all its records, summarised. Nothing when there is no lane.
    void readRecords();

private:
    void readLives(ByteReader& in);
    void readGoneRecords();
    void appendResults(const std::vector<TaskRecord>& records, const std::vector<TaskCost>& costs);

    SectionReader& m_file;
    const RunFacts& m_facts;
    Recorder& m_recorder;
    Lane* m_lane = nullptr; ///< null: the description is wrong
    std::uint64_t m_records = 0; ///< that the lane should have, gone ones included
    std::uint64_t m_gone = 0; ///< of these
};

} // namespace poolscope
