// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/task_query.h"
#include "core/task/workload.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// A query made ready for one run: what holds for all its tasks is decided once, and names that are not
/// written down anywhere are compared without being made. One thread at a time.
class TaskMatcher
{
public:
    /// \p meta must outlive the matcher.
    TaskMatcher(const TraceMeta& meta, const TaskQuery& query);

    /// \return false when no record of the lane can match.
    [[nodiscard]] bool mayMatch(const LaneView& lane) const;
    /// \return false when none of the records that \p node sums up can match.
    [[nodiscard]] bool mayMatch(const SummaryNode& node) const
    {
        return (node.stateBits & m_stateBits) != 0 && node.longestLog2 >= m_leastLongestLog2;
    }
    /// Whether mayMatch(node) can ever be false.
    [[nodiscard]] bool canSkip() const
    {
        return m_stateBits != kAllStates || m_leastLongestLog2 > 0;
    }
    /// \return whether record \p index of \p lane matches. Precondition: mayMatch(lane).
    [[nodiscard]] bool matches(const LaneView& lane, std::uint64_t index);
    /// \return whether the task that runs on \p lane, and has until \p nowNs, matches: by what is known of it, which is
    /// neither queue wait nor costs. Precondition: mayMatch(lane), and one runs there.
    [[nodiscard]] bool matchesRunning(const LaneView& lane, Nanos nowNs);

private:
    static constexpr std::uint8_t kAllStates = 0xff;

    /// A word and where in this run it can be at all.
    struct Word
    {
        std::string text; ///< lower case
        std::uint8_t kindBits = 0; ///< of the kinds whose names have it
        bool isInItems = false; ///< it may be in a task's item
        bool isInNumbers = false; ///< it may be in "<workload id> <index>"
        /// Of tasks with items, a bit a task: known for each 64 neighbours at once, since texts that lie
        /// side by side are read several times as fast as those that lie anywhere.
        std::vector<std::uint64_t> isInItem;
        std::vector<bool> isBlockKnown;
    };

    void addWord(const std::string& text);
    void addDuration(const TaskQuery::DurationTest& test);
    [[nodiscard]] bool isInName(Word& word, std::uint64_t task) const;
    [[nodiscard]] bool isInItem(Word& word, std::uint64_t task) const;
    [[nodiscard]] bool isWanted(std::uint64_t task) const;
    [[nodiscard]] bool isInKindOrName(Word& word, std::uint64_t task) const;
    [[nodiscard]] bool durationsHold(const LaneView& lane, std::uint64_t index,
                                     const TaskRecord& record) const;
    [[nodiscard]] bool wordsHold(const LaneView& lane, std::uint64_t index,
                                 const TaskRecord& record);

    const TraceMeta& m_meta;
    const TaskQuery m_query;
    std::vector<Word> m_words; ///< without those that are in every task
    std::uint8_t m_stateBits = kAllStates;
    std::uint8_t m_leastLongestLog2 = 0; ///< a node whose longest is shorter holds no match
    std::uint8_t m_kindBits = 0xff; ///< the kinds that will do
    std::vector<bool> m_executors; ///< those that will do, by index
};

/// \return whether \p word, which is in lower case, is in \p text, upper and lower case alike (ASCII).
[[nodiscard]] bool containsWord(std::string_view text, std::string_view word);

} // namespace poolscope
