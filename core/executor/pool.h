// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/chunk_map.h"
#include "core/executor/map_stream.h"

#include <algorithm>
#include <functional>
#include <ranges>
#include <tuple>
#include <utility>
#include <vector>

namespace poolscope {

/// The results of a whole range.
template <class T>
struct MapResult
{
    std::vector<MapItem<T>> items; ///< by index; with an end before its time: those that came
    bool hasTimedOut = false;

    [[nodiscard]] bool isAllDone() const
    {
        return !hasTimedOut && std::all_of(items.begin(), items.end(),
                                           [](const MapItem<T>& item) { return item.isDone(); });
    }
    /// \return the items that are not done, by index.
    [[nodiscard]] std::vector<const MapItem<T>*> errors() const
    {
        std::vector<const MapItem<T>*> all;
        for (const MapItem<T>& item : items) {
            if (!item.isDone()) {
                all.push_back(&item);
            }
        }
        return all;
    }
    /// \return the values in order. Throws the first error by index, or a TaskFailure when the time was
    /// over.
    [[nodiscard]] std::vector<StoredResult<T>> values() const
    {
        std::vector<StoredResult<T>> all;
        for (const MapItem<T>& item : items) {
            (void)item.value();
            all.push_back(*item.result);
        }
        if (hasTimedOut) {
            throw TaskFailure({TaskState::TimedOut, "the map did not end in time", {}, 0});
        }
        return all;
    }
};

/// Calls one callable for many items on an executor of this process: every item is a task with its own
/// record, state and error, and a chunk is only how many travel together, but for mapChunks() and forEach(). Ranges are read on the caller's
/// thread, lazily and within a bounded window, so that a range without end costs no more memory than a
/// short one. The callable is called by several workers at once, and gets a StopFlag first if it takes
/// one. Any thread; the executor must outlive the pool and its streams.
class Pool
{
public:
    explicit Pool(Executor& executor)
        : m_executor(executor)
    {}

    /// Results in the order of the items, as they come; the range must outlive the stream: an early slow item holds later ones back.
    template <std::ranges::borrowed_range Range, class Function>
    [[nodiscard]] auto imap(Range&& range, Function function, const MapOptions& options = {}) const
    {
        return stream(range, std::move(function), options, true);
    }
    /// Results in the order in which items end.
    template <std::ranges::borrowed_range Range, class Function>
    [[nodiscard]] auto imapUnordered(Range&& range, Function function,
                                     const MapOptions& options = {}) const
    {
        return stream(range, std::move(function), options, false);
    }
    /// All results at once; by default in chunks of about 2 ms.
    template <std::ranges::input_range Range, class Function>
    [[nodiscard]] auto map(Range&& range, Function function,
                           const MapOptions& options = {ChunkPolicy::automatic()}) const
    {
        auto items = stream(range, std::move(function), options, false);
        using Item = typename decltype(items.begin())::value_type;
        MapResult<ItemType<Item>> result;
        for (Item& item : items) {
            result.items.push_back(std::move(item));
        }
        result.hasTimedOut = items.hasTimedOut();
        std::sort(result.items.begin(), result.items.end(),
                  [](const Item& a, const Item& b) { return a.index < b.index; });
        return result;
    }
    /// map() over tuples that become the callable's arguments.
    template <std::ranges::input_range Range, class Function>
    [[nodiscard]] auto starmap(Range&& range, Function function,
                               const MapOptions& options = {ChunkPolicy::automatic()}) const
    {
        using Tuple = std::ranges::range_value_t<Range>;
        return map(
            std::forward<Range>(range),
            [function = std::move(function)](Tuple tuple) {
                return std::apply(function, std::move(tuple));
            },
            options);
    }
    /// map() with a chunk as one task: one record, one state, one error for all its items. For items that last
    /// less than some microseconds; docs/decisions/0014 says what is lost. An item that fails ends its chunk, and the error names it.
    /// The window of the options is not used.
    template <std::ranges::random_access_range Range, class Function>
    requires std::ranges::sized_range<Range>
    [[nodiscard]] auto mapChunks(Range&& range, Function function,
                                 const MapOptions& options = {ChunkPolicy::automatic()}) const
    {
        using Result = CallResult<Function, std::ranges::range_reference_t<Range>>;
        return inChunks<Result>(range, std::move(function), options);
    }
    /// A loop over the range: the same without results.
    template <std::ranges::random_access_range Range, class Function>
    requires std::ranges::sized_range<Range> ChunkedResult<MappedChunk<void>>
    forEach(Range&& range, Function function,
            const MapOptions& options = {ChunkPolicy::automatic()})
    const { return inChunks<void>(range, std::move(function), options); }
    /// Waits for one call. \return its value. Throws what it threw.
    template <class Function, class... Args>
    auto apply(Function&& function, Args&&... args) const
    {
        return m_executor.submit(std::forward<Function>(function), std::forward<Args>(args)...)
            .take();
    }
    template <class Function, class... Args>
    [[nodiscard]] auto applyAsync(Function&& function, Args&&... args) const
    {
        return m_executor.submit(std::forward<Function>(function), std::forward<Args>(args)...);
    }

private:
    template <class Item>
    struct ItemTypeOf;
    template <class T>
    struct ItemTypeOf<MapItem<T>>
    {
        using Type = T;
    };
    template <class Item>
    using ItemType = typename ItemTypeOf<Item>::Type;

    template <class Result, class Range, class Function>
    auto inChunks(Range& range, Function function, const MapOptions& options) const
    {
        using Iterator = std::ranges::iterator_t<Range>;
        detail::RangeChunks<Result, Iterator, Function> chunks(std::ranges::begin(range),
                                                               std::move(function));
        ChunkRounds rounds(m_executor, options, nullptr, std::ranges::size(range));
        rounds.run([&chunks](std::shared_ptr<const ItemChunks> spans) {
            return chunks.makeJob(std::move(spans));
        });
        return chunks.result(rounds.takeEnds(), rounds.hasTimedOut());
    }
    template <class Range, class Function>
    auto stream(Range& range, Function function, const MapOptions& options, bool isOrdered) const
    {
        using Input = std::ranges::range_value_t<Range>;
        using Result = CallResult<Function, Input>;
        using Iterator = std::ranges::iterator_t<Range>;
        using Sentinel = std::ranges::sentinel_t<Range>;
        std::optional<std::uint64_t> total;
        if constexpr (std::ranges::sized_range<Range>) {
            total = std::ranges::size(range);
        }
        return MapStream<Result, Iterator, Sentinel, Function>(
            m_executor, std::ranges::begin(range), std::ranges::end(range), std::move(function),
            options, total, isOrdered);
    }

    Executor& m_executor;
};

} // namespace poolscope
