// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/executor/executor.h"
#include "core/executor/map_options.h"

#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace poolscope {

/// What came of one item of a mapped range.
template <class T>
class MapItem
{
public:
    std::uint64_t index = 0; ///< of the item in its range
    TaskState state = TaskState::Pending;
    TaskError error; ///< why it is not done
    std::optional<StoredResult<T>> result;

    [[nodiscard]] bool isDone() const noexcept { return state == TaskState::Done; }
    /// \return the result. Throws what the item threw, or a TaskFailure, unless it is done.
    std::add_lvalue_reference_t<const T> value() const
    {
        if (!isDone()) {
            if (error.exception) {
                std::rethrow_exception(error.exception);
            }
            throw TaskFailure({state, error.text, error.type, 0});
        }
        if constexpr (!std::is_void_v<T>) {
            return *result;
        }
    }
};

/// Sends chunks of items out and takes the ends of items in: what a MapStream of any type does. Items are
/// known by their index. One thread at a time, but for taskEnded().
class MapCore : public CompletionListener
{
public:
    /// Some neighbouring items, with room for what comes of them; the executor keeps it alive.
    struct Block : Job
    {
        std::uint64_t first = 0;
        std::uint64_t count = 0;
        std::uint64_t unended = 0; ///< the core's
    };
    struct Ended
    {
        std::shared_ptr<Block> block;
        std::uint64_t index = 0;
        TaskState state = TaskState::Pending;
        std::string error;
    };

    MapCore(Executor& executor, const MapOptions& options, std::optional<std::uint64_t> total,
            bool isOrdered);
    ~MapCore() override;

    /// \return how many items to take from the range now and send(); 0: the window is full, or it is over.
    [[nodiscard]] std::uint64_t wantedItems() const PS_EXCLUDES(m_mutex);
    /// Submits the next items; what is not taken fails item by item.
    void send(std::shared_ptr<Block> block) PS_EXCLUDES(m_mutex);
    /// Waits for the next item, by index or as they end. Precondition: some are outside.
    /// \return nothing when the time was over; then everything is cancelled.
    [[nodiscard]] std::optional<Ended> next() PS_EXCLUDES(m_mutex);
    /// Sends nothing more, ends what has not begun and asks the rest to stop.
    void cancel() PS_EXCLUDES(m_mutex);
    /// Waits until nothing of it runs any more.
    void finish() PS_EXCLUDES(m_mutex);

    [[nodiscard]] bool isFailFast() const noexcept { return m_options.isFailFast; }
    [[nodiscard]] bool hasTimedOut() const noexcept { return m_hasTimedOut; }
    [[nodiscard]] std::uint64_t sent() const noexcept { return m_sent; }
    /// \return items that were sent and not yet given out by next().
    [[nodiscard]] std::uint64_t outside() const noexcept { return m_sent - m_given; }
    void itemTook(Nanos runNs) { m_planner.itemTook(runNs); }

    void taskEnded(const TaskEnd& end) noexcept override PS_EXCLUDES(m_mutex);

private:
    Executor& m_executor;
    const MapOptions m_options;
    const std::shared_ptr<const TaskOptions> m_taskOptions;
    const bool m_isOrdered;
    const Nanos m_untilNs;
    ChunkPlanner m_planner;
    std::uint64_t m_sent = 0;
    std::uint64_t m_given = 0;
    bool m_isOver = false; ///< sends nothing more
    bool m_hasTimedOut = false;

    mutable Mutex m_mutex;
    ConditionVariable m_changed;
    std::map<std::uint64_t, Ended>
        m_ended PS_GUARDED_BY(m_mutex); ///< by the order to give them out in
    std::map<std::uint64_t, std::shared_ptr<Block>>
        m_blocks PS_GUARDED_BY(m_mutex); ///< by first index
    std::uint64_t m_arrived PS_GUARDED_BY(m_mutex) = 0;
};

/// The results of a range that is mapped piece by piece: items are taken from the range and sent out as
/// results are taken, never more than the window allows. An input range of MapItem. One thread at a time.
/// When it goes early, what has not begun is cancelled and what runs is asked to stop and waited for.
template <class T, class Iterator, class Sentinel, class Function>
class MapStream
{
public:
    using Input = std::iter_value_t<Iterator>;

    MapStream(Executor& executor, Iterator first, Sentinel last, Function function,
              const MapOptions& options, std::optional<std::uint64_t> total, bool isOrdered)
        : m_next(std::move(first))
        , m_last(std::move(last))
        , m_function(std::move(function))
        , m_core(executor, options, total, isOrdered)
    {}
    ~MapStream() { m_core.finish(); }
    MapStream(const MapStream&) = delete;
    MapStream& operator=(const MapStream&) = delete;

    /// Waits for the next item. \return nothing after the last one, after the one that failed if that
    /// ends it all, and when the time is over.
    [[nodiscard]] std::optional<MapItem<T>> next()
    {
        refill();
        if (m_isOver || m_core.outside() == 0) {
            return std::nullopt;
        }
        std::optional<MapCore::Ended> ended = m_core.next();
        if (!ended) {
            m_isOver = true;
            return std::nullopt;
        }
        MapItem<T> item = itemOf(*ended);
        if (!item.isDone() && m_core.isFailFast()) {
            m_core.cancel();
            m_isOver = true;
        }
        return item;
    }
    /// Ends it: nothing more is sent, what has not begun never will; next() gives what comes of the rest.
    void cancel() { m_core.cancel(); }
    [[nodiscard]] bool hasTimedOut() const noexcept { return m_core.hasTimedOut(); }
    /// \return items taken from the range so far.
    [[nodiscard]] std::uint64_t sent() const noexcept { return m_core.sent(); }

    class Cursor
    {
    public:
        using value_type = MapItem<T>;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        Cursor() = default;
        explicit Cursor(MapStream& stream)
            : m_stream(&stream)
        {
            ++*this;
        }
        MapItem<T>& operator*() const { return *m_item; }
        Cursor& operator++()
        {
            m_item = m_stream->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Cursor& cursor, std::default_sentinel_t)
        {
            return !cursor.m_item;
        }

    private:
        MapStream* m_stream = nullptr;
        mutable std::optional<MapItem<T>> m_item;
    };
    [[nodiscard]] Cursor begin() { return Cursor(*this); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

private:
    /// One item on its way; written by its worker, read after its end.
    struct Slot
    {
        explicit Slot(Input given)
            : input(std::move(given))
        {}
        std::optional<Input> input;
        std::optional<StoredResult<T>> result;
        TaskError error;
        Nanos runNs = 0;
    };
    struct Block : MapCore::Block
    {
        std::vector<Slot> places;
    };

    void refill()
    {
        for (std::uint64_t wanted = m_core.wantedItems(); wanted > 0 && m_next != m_last;
             wanted = m_core.wantedItems()) {
            auto block = std::make_shared<Block>();
            block->first = m_core.sent();
            block->places.reserve(wanted);
            for (; block->places.size() < wanted && m_next != m_last; ++m_next) {
                block->places.emplace_back(*m_next);
            }
            block->count = block->places.size();
            block->call = [this, raw = block.get()](std::uint64_t index, const StopFlag& stop) {
                return run(raw->places[index - raw->first], stop);
            };
            m_core.send(std::move(block));
        }
    }
    Result<Value> run(Slot& slot, const StopFlag& stop)
    {
        const Nanos startNs = monotonicNow();
        try {
            call(slot, stop);
        } catch (...) {
            slot.error = describeCurrentException();
        }
        slot.input.reset();
        slot.runNs = monotonicNow() - startNs;
        if (!slot.result) {
            return Error{slot.error.text};
        }
        return Value{};
    }
    void call(Slot& slot, const StopFlag& stop)
    {
        if constexpr (std::is_invocable_v<Function&, const StopFlag&, Input&&>) {
            keep(slot, stop, std::move(*slot.input));
        } else {
            keep(slot, std::move(*slot.input));
        }
    }
    template <class... Args>
    void keep(Slot& slot, Args&&... args)
    {
        if constexpr (std::is_void_v<T>) {
            std::invoke(m_function, std::forward<Args>(args)...);
            slot.result.emplace();
        } else {
            slot.result.emplace(std::invoke(m_function, std::forward<Args>(args)...));
        }
    }
    MapItem<T> itemOf(const MapCore::Ended& ended)
    {
        auto& block = static_cast<Block&>(*ended.block);
        Slot& slot = block.places[ended.index - block.first];
        MapItem<T> item;
        item.index = ended.index;
        item.state = ended.state;
        if (item.isDone()) {
            item.result = std::move(slot.result);
            m_core.itemTook(slot.runNs);
        } else {
            item.error = std::move(slot.error);
            item.error.text = ended.error;
        }
        return item;
    }

    Iterator m_next;
    Sentinel m_last;
    Function m_function; ///< called by several workers at once
    bool m_isOver = false; ///< gives nothing more
    MapCore m_core;
};

} // namespace poolscope
