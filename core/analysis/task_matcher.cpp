// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_matcher.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace poolscope {

namespace {

constexpr std::uint64_t kBlockTasks = 64; ///< as many as a word of bits has

constexpr unsigned char lower(char letter)
{
    const auto code = static_cast<unsigned char>(letter);
    return code >= 'A' && code <= 'Z' ? static_cast<unsigned char>(code | 0x20U) : code;
}

bool isSameFolded(const char* text, std::string_view word)
{
    for (const char letter : word) {
        if (lower(*text++) != static_cast<unsigned char>(letter)) {
            return false;
        }
    }
    return true;
}

bool holds(TaskQuery::Relation relation, double value, double bound)
{
    using Relation = TaskQuery::Relation;
    switch (relation) {
    case Relation::Less:
        return value < bound;
    case Relation::LessOrEqual:
        return value <= bound;
    case Relation::Equal:
        return value == bound;
    case Relation::GreaterOrEqual:
        return value >= bound;
    case Relation::Greater:
        return value > bound;
    }
    return false;
}

bool hasBit(std::uint8_t bits, std::uint8_t index)
{
    return ((unsigned{bits} >> index) & 1U) != 0;
}

/// What can stand in the number behind a workload's id, or run across the blank before it.
bool mayBeInNumber(std::string_view word)
{
    const char last = word.back();
    return (last >= '0' && last <= '9') || last == ' ';
}

} // namespace

bool containsWord(std::string_view text, std::string_view word)
{
    if (word.empty()) {
        return true;
    }
    if (text.size() < word.size()) {
        return false;
    }
    // Eight places at a time are looked at for the first letter. The bit that tells upper from lower case
    // is set in all; what that takes for a letter by mistake is compared like the rest.
    constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
    constexpr std::uint64_t kTops = 0x8080'8080'8080'8080;
    const std::uint64_t first = kOnes * (static_cast<unsigned char>(word.front()) | 0x20U);
    const char* at = text.data();
    const char* const end = at + (text.size() - word.size()) + 1;
    while (end - at >= 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at, sizeof(eight));
        const std::uint64_t same = (eight | (kOnes * 0x20U)) ^ first;
        if (((same - kOnes) & ~same & kTops) == 0) { // no byte of it is zero
            at += 8;
            continue;
        }
        for (const char* const stop = at + 8; at < stop; ++at) {
            if (isSameFolded(at, word)) {
                return true;
            }
        }
    }
    for (; at < end; ++at) {
        if (isSameFolded(at, word)) {
            return true;
        }
    }
    return false;
}

TaskMatcher::TaskMatcher(const TraceMeta& meta, const TaskQuery& query)
    : m_meta(meta)
    , m_query(query)
{
    m_stateBits = query.stateBits != 0 ? query.stateBits : kAllStates;
    for (const TaskQuery::DurationTest& test : query.durations) {
        addDuration(test);
    }
    const std::vector<std::string>& kinds = meta.plan->kinds;
    if (!query.kinds.empty()) {
        m_kindBits = 0;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            const bool isWanted = std::ranges::any_of(
                query.kinds, [&](const std::string& kind) { return containsWord(kinds[i], kind); });
            m_kindBits = static_cast<std::uint8_t>(m_kindBits | (isWanted ? 1U << i : 0U));
        }
    }
    for (const ExecutorMeta& executor : meta.executors) {
        m_executors.push_back(
            query.executors.empty() ||
            std::ranges::any_of(query.executors, [&executor](const std::string& wanted) {
                return lowerCase(executor.kind) == wanted || containsWord(executor.title, wanted);
            }));
    }
    for (const std::string& word : query.words) {
        addWord(word);
    }
}

void TaskMatcher::addDuration(const TaskQuery::DurationTest& test)
{
    using Relation = TaskQuery::Relation;
    const bool isLowerBound =
        test.relation == Relation::Greater || test.relation == Relation::GreaterOrEqual;
    if (isLowerBound && test.figure == TaskQuery::Figure::Run && test.valueNs > 0) {
        const auto width =
            static_cast<std::uint8_t>(std::bit_width(static_cast<std::uint64_t>(test.valueNs)));
        m_leastLongestLog2 = std::max(m_leastLongestLog2, width);
    }
}

void TaskMatcher::addWord(const std::string& text)
{
    const JobPlan& plan = *m_meta.plan;
    for (const auto& [id, value] : m_meta.params.values()) {
        if (containsWord(toText(value), text)) {
            return; // in every task
        }
    }
    Word word;
    word.text = text;
    word.isInItems = !plan.items.empty();
    if (word.isInItems) {
        const std::uint64_t blocks = (plan.items.size() + kBlockTasks - 1) / kBlockTasks;
        word.isInItem.resize(blocks);
        word.isBlockKnown.resize(blocks);
    }
    if (plan.items.empty() && containsWord(m_meta.workloadId, text)) {
        return;
    }
    word.isInNumbers = mayBeInNumber(text);
    for (std::size_t i = 0; plan.kinds.size() > 1 && i < plan.kinds.size(); ++i) {
        const bool hasIt = containsWord(plan.kinds[i], text);
        word.kindBits = static_cast<std::uint8_t>(word.kindBits | (hasIt ? 1U << i : 0U));
    }
    if (!word.isInItems && !word.isInNumbers && word.kindBits == 0) {
        // Only an error can have it, and tasks that are done have none.
        m_stateBits = static_cast<std::uint8_t>(m_stateBits & ~stateBit(TaskState::Done));
    }
    m_words.push_back(std::move(word));
}

bool TaskMatcher::mayMatch(const LaneView& lane) const
{
    const LaneInfo& info = lane.info();
    const auto executor = static_cast<std::size_t>(info.executor);
    if (executor < m_executors.size() ? !m_executors[executor] : !m_query.executors.empty()) {
        return false;
    }
    const std::vector<int>& workers = m_query.workers;
    return workers.empty() || (info.kind != LaneKind::Queue &&
                               std::ranges::find(workers, info.index) != workers.end());
}

bool TaskMatcher::matches(const LaneView& lane, std::uint64_t index)
{
    const TaskRecord& record = lane.lane->record(index);
    if ((stateBit(record.state()) & m_stateBits) == 0) {
        return false;
    }
    return isWanted(record.task) &&
           (m_query.durations.empty() || durationsHold(lane, index, record)) &&
           (m_words.empty() || wordsHold(lane, index, record));
}

bool TaskMatcher::isWanted(std::uint64_t task) const
{
    const std::vector<std::uint64_t>& tasks = m_query.tasks;
    if (!tasks.empty() && !std::ranges::binary_search(tasks, task)) {
        return false;
    }
    return m_kindBits == 0xff || hasBit(m_kindBits, m_meta.plan->kind(task));
}

bool TaskMatcher::matchesRunning(const LaneView& lane, Nanos nowNs)
{
    const std::uint64_t task = lane.running.task;
    if ((TaskQuery::kRunningBit & m_stateBits) == 0 || !isWanted(task)) {
        return false;
    }
    const auto runNs = static_cast<double>(std::max<Nanos>(0, nowNs - lane.running.startNs));
    return std::ranges::all_of(m_query.durations,
                               [&](const TaskQuery::DurationTest& test) {
                                   return test.figure == TaskQuery::Figure::Run &&
                                          holds(test.relation, runNs,
                                                static_cast<double>(test.valueNs));
                               }) &&
           std::ranges::all_of(m_words, [&](Word& word) { return isInKindOrName(word, task); });
}

bool TaskMatcher::durationsHold(const LaneView& lane, std::uint64_t index,
                                const TaskRecord& record) const
{
    using Figure = TaskQuery::Figure;
    return std::ranges::all_of(m_query.durations, [&](const TaskQuery::DurationTest& test) {
        const auto bound = static_cast<double>(test.valueNs);
        switch (test.figure) {
        case Figure::Run:
            return record.attempt > 0 &&
                   holds(test.relation, static_cast<double>(record.runNs()), bound);
        case Figure::Wait:
            return holds(test.relation, static_cast<double>(std::max<Nanos>(0, record.waitNs())),
                         bound);
        case Figure::Cpu:
            break;
        }
        return lane.lane->hasCosts() && lane.lane->cost(index).wasMeasured() &&
               holds(test.relation, static_cast<double>(lane.lane->cost(index).cpuNs), bound);
    });
}

bool TaskMatcher::wordsHold(const LaneView& lane, std::uint64_t index, const TaskRecord& record)
{
    std::string error;
    bool isErrorRead = false;
    return std::ranges::all_of(m_words, [&](Word& word) {
        if (isInKindOrName(word, record.task)) {
            return true;
        }
        if (record.state() == TaskState::Done) {
            return false;
        }
        if (!isErrorRead) {
            error = lane.lane->result(index).error;
            isErrorRead = true;
        }
        return containsWord(error, word.text);
    });
}

bool TaskMatcher::isInKindOrName(Word& word, std::uint64_t task) const
{
    return (word.kindBits != 0 && hasBit(word.kindBits, m_meta.plan->kind(task))) ||
           isInName(word, task);
}

bool TaskMatcher::isInName(Word& word, std::uint64_t task) const
{
    if (word.isInItems && !m_meta.plan->item(task).empty()) {
        return isInItem(word, task);
    }
    if (word.isInItems && containsWord(m_meta.workloadId, word.text)) {
        return true; // a task without an item among others that have one
    }
    if (!word.isInNumbers) {
        return false;
    }
    std::array<char, 24> number;
    number[0] = ' ';
    const char* const end =
        std::to_chars(number.data() + 1, number.data() + number.size(), task).ptr;
    const std::string_view tail(number.data(), static_cast<std::size_t>(end - number.data()));
    if (word.text.find(' ') == std::string::npos) {
        return tail.find(word.text) != std::string_view::npos;
    }
    return containsWord(m_meta.workloadId + std::string(tail), word.text);
}

bool TaskMatcher::isInItem(Word& word, std::uint64_t task) const
{
    const std::uint64_t block = task / kBlockTasks;
    if (!word.isBlockKnown[block]) {
        const JobPlan& plan = *m_meta.plan;
        const std::uint64_t begin = block * kBlockTasks;
        const std::uint64_t count = std::min(kBlockTasks, plan.items.size() - begin);
        std::uint64_t bits = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            bits |= std::uint64_t{containsWord(plan.items[begin + i], word.text)} << i;
        }
        word.isInItem[block] = bits;
        word.isBlockKnown[block] = true;
    }
    return ((word.isInItem[block] >> (task % kBlockTasks)) & 1U) != 0;
}

} // namespace poolscope
