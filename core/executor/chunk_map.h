// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/chunk_rounds.h"
#include "core/executor/future.h"
#include "core/task/value_block.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace poolscope {

/// What came of a chunk of items that was one task.
template <class T>
struct MappedChunk
{
    ItemSpan items;
    TaskState state = TaskState::Pending;
    TaskError error; ///< why it is not done; names the item that failed
    std::vector<T> results; ///< one an item when it is done, else none; none for void

    [[nodiscard]] bool isDone() const noexcept { return state == TaskState::Done; }
};
template <>
struct MappedChunk<void>
{
    ItemSpan items;
    TaskState state = TaskState::Pending;
    TaskError error;

    [[nodiscard]] bool isDone() const noexcept { return state == TaskState::Done; }
};

/// The chunks of a whole range, in the order of the items.
template <class Chunk>
struct ChunkedResult
{
    std::vector<Chunk> chunks; ///< with an end before its time: those that were submitted
    bool hasTimedOut = false;

    [[nodiscard]] bool isAllDone() const
    {
        return !hasTimedOut && std::all_of(chunks.begin(), chunks.end(),
                                           [](const Chunk& chunk) { return chunk.isDone(); });
    }
    /// \return the chunks that are not done, in order.
    [[nodiscard]] std::vector<const Chunk*> errors() const
    {
        std::vector<const Chunk*> all;
        for (const Chunk& chunk : chunks) {
            if (!chunk.isDone()) {
                all.push_back(&chunk);
            }
        }
        return all;
    }
    /// Throws what the first failed item threw, or a TaskFailure, unless all is done.
    void throwError() const
    {
        const std::vector<const Chunk*> all = errors();
        // Rather why it failed than what was cancelled because of it.
        const auto first = std::find_if(all.begin(), all.end(), [](const Chunk* chunk) {
            return chunk->state != TaskState::Cancelled;
        });
        if (!all.empty()) {
            const Chunk& chunk = first != all.end() ? **first : *all.front();
            if (chunk.error.exception) {
                std::rethrow_exception(chunk.error.exception);
            }
            throw TaskFailure({chunk.state, chunk.error.text, chunk.error.type, 0});
        }
        if (hasTimedOut) {
            throw TaskFailure({TaskState::TimedOut, "the map did not end in time", {}, 0});
        }
    }
};

/// A chunk of a job: its values as they came, numbers in one piece.
struct JobChunk
{
    ItemSpan items;
    TaskState state = TaskState::Pending;
    TaskError error; ///< text only
    ValueBlock values; ///< one an item when it is done, else none

    [[nodiscard]] bool isDone() const noexcept { return state == TaskState::Done; }
};

/// Runs the tasks of \p job on any kind of executor with a chunk of them as one task: one record, one state,
/// one block of results, which is what makes many short tasks cheap; docs/decisions/0014 says what is lost
/// by it. An item that fails ends its chunk. MapOptions: the window is not used. Blocks until all has ended.
/// Precondition: the job has a workload.
[[nodiscard]] ChunkedResult<JobChunk> mapJob(Executor& executor, const Job& job,
                                             const MapOptions& options);

namespace detail {

/// Calls a function for the items of a range, chunk by chunk.
template <class T, class Iterator, class Function>
class RangeChunks
{
public:
    RangeChunks(Iterator first, Function function)
        : m_first(std::move(first))
        , m_function(std::move(function))
    {}

    /// \return the job of one round. This must live until its tasks have ended.
    std::shared_ptr<const Job> makeJob(std::shared_ptr<const ItemChunks> chunks)
    {
        auto round = std::make_shared<Round>();
        round->places.resize(chunks->count());
        round->chunks = std::move(chunks);
        round->call = [this, raw = round.get()](std::uint64_t task, const StopFlag& stop) {
            return runChunk(raw->places[task - raw->chunks->firstTask()], raw->chunks->span(task),
                            stop);
        };
        m_rounds.push_back(round);
        return round;
    }
    /// \return what came of all rounds, which have ended so.
    ChunkedResult<MappedChunk<T>> result(std::vector<ChunkEnd> ends, bool hasTimedOut)
    {
        ChunkedResult<MappedChunk<T>> result;
        result.hasTimedOut = hasTimedOut;
        result.chunks.reserve(ends.size());
        for (const auto& round : m_rounds) {
            for (MappedChunk<T>& place : round->places) {
                ChunkEnd& end = ends[result.chunks.size()];
                place.items = end.items;
                place.state = end.state;
                place.error.text = std::move(end.error);
                if constexpr (!std::is_void_v<T>) {
                    if (!place.isDone()) {
                        place.results.clear();
                    }
                }
                result.chunks.push_back(std::move(place));
            }
        }
        return result;
    }

private:
    struct Round : Job
    {
        std::vector<MappedChunk<T>> places; ///< written by the worker of the chunk
    };

    Result<Value> runChunk(MappedChunk<T>& place, const ItemSpan& items, const StopFlag& stop)
    {
        place.error = {};
        std::uint64_t at = items.first;
        const std::uint64_t end = items.first + items.count;
        try {
            if constexpr (!std::is_void_v<T>) {
                place.results.clear(); // of an attempt before
                place.results.reserve(items.count);
            }
            for (; at < end && !stop.isRequested(); ++at) {
                callFor(place, at, stop);
            }
        } catch (...) {
            place.error = describeCurrentException();
            return Error{itemError(at, {}, place.error.text)};
        }
        if (at < end) {
            return Error{stoppedText(items, at - items.first)};
        }
        return Value{};
    }
    void callFor(MappedChunk<T>& place, std::uint64_t at, const StopFlag& stop)
    {
        auto&& item = m_first[static_cast<std::iter_difference_t<Iterator>>(at)];
        using Item = decltype(item);
        const auto call = [&]() -> decltype(auto) {
            if constexpr (std::is_invocable_v<Function&, const StopFlag&, Item>) {
                return std::invoke(m_function, stop, std::forward<Item>(item));
            } else {
                return std::invoke(m_function, std::forward<Item>(item));
            }
        };
        if constexpr (std::is_void_v<T>) {
            static_cast<void>(call());
            static_cast<void>(place);
        } else {
            place.results.push_back(call());
        }
    }

    Iterator m_first;
    Function m_function; ///< called by several workers at once
    std::vector<std::shared_ptr<Round>> m_rounds;
};

} // namespace detail

} // namespace poolscope
