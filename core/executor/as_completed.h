// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/future.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

namespace poolscope {

/// Positions of futures in the order in which they ended. All members: any thread.
class CompletionQueue
{
public:
    /// Puts \p position into the queue when the task of \p node ends.
    void add(const TaskNodePtr& node, std::size_t position);
    /// Waits for the next one. \return nothing when \p untilNs (CLOCK_MONOTONIC) came first.
    [[nodiscard]] std::optional<std::size_t> next(Nanos untilNs);
    ~CompletionQueue();
    CompletionQueue();
    CompletionQueue(CompletionQueue&& other) noexcept = default;
    CompletionQueue& operator=(CompletionQueue&& other) noexcept = delete;

private:
    struct State
    {
        Mutex mutex;
        ConditionVariable changed;
        std::deque<std::size_t> ended PS_GUARDED_BY(mutex);
    };
    class Entry;

    std::shared_ptr<State> m_state; ///< shared with the entries, which may be told late
    std::vector<std::pair<TaskNodePtr, std::shared_ptr<FutureListener>>> m_entries;
};

/// Futures in the order in which they end: those that have ended first, in their own order. An input
/// range; each future comes once. One thread at a time.
template <class FutureType>
class CompletionStream
{
public:
    class Iterator
    {
    public:
        using value_type = FutureType;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        Iterator() = default;
        explicit Iterator(CompletionStream& stream)
            : m_stream(&stream)
        {
            ++*this;
        }
        const FutureType& operator*() const { return *m_current; }
        Iterator& operator++()
        {
            m_current = m_stream->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& iterator, std::default_sentinel_t)
        {
            return !iterator.m_current;
        }

    private:
        CompletionStream* m_stream = nullptr;
        std::optional<FutureType> m_current;
    };

    CompletionStream(std::vector<FutureType> futures, Nanos untilNs)
        : m_futures(std::move(futures))
        , m_untilNs(untilNs)
    {
        for (std::size_t i = 0; i < m_futures.size(); ++i) {
            m_queue.add(m_futures[i].node(), i);
        }
    }

    /// Waits for the next one. \return nothing when all have come or the time is over.
    [[nodiscard]] std::optional<FutureType> next()
    {
        if (m_given == m_futures.size()) {
            return std::nullopt;
        }
        const std::optional<std::size_t> position = m_queue.next(m_untilNs);
        if (!position) {
            return std::nullopt;
        }
        ++m_given;
        return m_futures[*position];
    }
    [[nodiscard]] Iterator begin() { return Iterator(*this); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }
    /// \return how many have not come yet; not 0 after the end of the range: the time was over.
    [[nodiscard]] std::size_t pending() const { return m_futures.size() - m_given; }

private:
    std::vector<FutureType> m_futures;
    Nanos m_untilNs;
    std::size_t m_given = 0;
    CompletionQueue m_queue;
};

/// \return \p futures, which may belong to several executors, in the order in which they end. Costs
/// O(1) each. \p timeout: for all of them, from now.
template <std::ranges::input_range Futures>
requires std::derived_from<std::ranges::range_value_t<Futures>, AnyFuture>
[[nodiscard]] auto asCompleted(const Futures& futures, Nanos timeout = kNever)
{
    using FutureType = std::ranges::range_value_t<Futures>;
    return CompletionStream<FutureType>(
        std::vector<FutureType>(std::ranges::begin(futures), std::ranges::end(futures)),
        deadlineAfter(timeout));
}

} // namespace poolscope
