// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/base/time.h"
#include "core/task/progress.h"
#include "core/trace/blocked.h"
#include "core/trace/let_go.h"
#include "core/trace/record.h"
#include "core/trace/result_column.h"
#include "core/trace/slab_store.h"
#include "core/trace/stable_vector.h"
#include "core/trace/summary_pyramid.h"
#include "core/trace/task_cost.h"
#include "core/trace/worker_usage.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace poolscope {

enum class LaneKind : std::uint8_t {
    Thread,
    Process,
    Queue, ///< holds the tasks that ended without ever reaching a worker (cancelled ones)
};

/// One worker that lived on a lane. A worker that is replaced or comes back after a resize
/// continues on the same lane with a new life.
struct LaneLife
{
    Nanos openedNs = 0;
    Nanos closedNs = -1; ///< -1: still open
    std::int32_t processId = 0;
    std::int32_t threadId = 0;

    friend bool operator==(const LaneLife&, const LaneLife&) = default;
};

/// Whose lane it is.
struct LaneInfo
{
    int executor = 0; ///< index in TraceMeta::executors
    LaneKind kind = LaneKind::Thread;
    int index = 0; ///< worker slot in its executor, from 0
};

/// What a worker does at this moment. startNs < 0: nothing.
struct RunningNow
{
    std::uint64_t task = 0;
    Nanos startNs = -1;
};

/// The records of one worker slot, append-only: what lies below recordCount() never changes. The oldest may be let go;
/// a snapshot says from which record on it may read (LaneView::firstRecord).
///
/// Threads: append() and setRunning() by the one writer (lives on a lane follow each other);
/// summarise() and what deals with records that are let go by the collector; all other const members by any thread.
class Lane
{
public:
    /// \p level: beyond Wall the lane has a TaskCost beside each record. \p store: where it gets its memory from, as
    /// the other lanes of the trace do.
    explicit Lane(LaneInfo info, CostLevel level = CostLevel::Wall,
                  std::shared_ptr<SlabStore> store = std::make_shared<SlabStore>());

    // Writer.
    /// Appends one record with its result and publishes both. About 5 ns for a small number. What finds
    /// no room (no memory, 2^28 records, 4 GiB of results on one lane) is counted as dropped. \p cost:
    /// null when it was not measured.
    void append(const TaskRecord& record, const Value& value, std::string_view error,
                const TaskCost* cost = nullptr) noexcept
    {
        if (TaskRecord* const place = nextRecord()) {
            *place = record;
            publish(value, error, cost);
        }
    }
    /// The same in two steps, for who has a record to write for every task: one that is put together elsewhere and
    /// copied right after waits for each of its fields. \return the place of the next record, which holds anything;
    /// null: there is no room, it counts as dropped.
    [[nodiscard]] TaskRecord* nextRecord() noexcept
    {
        try {
            return m_records.slot(m_published.load(std::memory_order_relaxed)); // own value
        } catch (const std::exception&) {
            m_dropped.fetch_add(1, std::memory_order_relaxed);
            return nullptr;
        }
    }
    /// The second one: the record at nextRecord() is filled in.
    void publish(const Value& value, std::string_view error,
                 const TaskCost* cost = nullptr) noexcept
    {
        const std::uint64_t count = m_published.load(std::memory_order_relaxed); // own value
        try {
            if (m_costs) {
                *m_costs->slot(count) = cost != nullptr ? *cost : TaskCost{};
            }
            m_results.append(count, value, error);
        } catch (const std::exception&) {
            m_dropped.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        m_published.store(count + 1, std::memory_order_release); // pairs with recordCount()
    }
    /// \return where the last record ends; 0: there is none. Writers that take turns begin no record before:
    /// the clocks of two threads may differ by some nanoseconds.
    [[nodiscard]] Nanos lastEndNs() const noexcept
    {
        const std::uint64_t count = m_published.load(std::memory_order_relaxed);
        return count > 0 ? m_records[count - 1].endNs : 0; // the newest one is never let go
    }
    /// Says what runs now, startNs from the trace's origin.
    void setRunning(std::uint64_t task, Nanos startNs) noexcept
    {
        if (m_runningStartNs.load(std::memory_order_relaxed) != startNs) {
            m_progress.clear();
        }
        m_runningTask.store(task, std::memory_order_relaxed);
        m_runningStartNs.store(startNs, std::memory_order_relaxed);
    }
    /// Where the task that runs says how far it is; setRunning() makes it empty for the next one.
    [[nodiscard]] ProgressNote& progress() noexcept { return m_progress; }
    /// Keeps a stretch in which the task that runs was blocked; what finds no room is counted as dropped.
    void appendBlocked(const BlockedSpan& span) noexcept;
    void setBlocked(BlockedNow blocked) noexcept
    {
        m_blockedOn.store(blocked.on, std::memory_order_relaxed);
        m_blockedSinceNs.store(blocked.sinceNs, std::memory_order_relaxed);
    }
    void setIdle() noexcept { m_runningStartNs.store(-1, std::memory_order_relaxed); }
    /// A worker begins or ends its life here. Any thread.
    void openLife(const LaneLife& life) PS_EXCLUDES(m_mutex);
    void closeLife(Nanos closedNs) PS_EXCLUDES(m_mutex);

    // Collector.
    /// Brings the summaries up to the published records. \p kindOf: task index → kind below kMaxTaskKinds.
    template <class KindOf>
    void summarise(const KindOf& kindOf)
    {
        summarise(recordCount(), kindOf);
    }
    /// The same up to \p count of them.
    template <class KindOf>
    void summarise(std::uint64_t count, const KindOf& kindOf)
    {
        m_pyramid.extend(m_records, count, kindOf);
    }
    /// Replaces what is known of what its workers used; not null.
    void setUsage(UsageList usage) PS_EXCLUDES(m_mutex);

    /// Lets the records before \p record go, the first one of a chunk and published: counts them, and appends to \p pieces
    /// the memory that nothing but older snapshots refers to.
    void letGoBefore(std::uint64_t record, std::vector<MemoryPiece>& pieces);
    /// Before the first record: the lane goes on after records that were let go. \p leaves: the summaries of them, one
    /// for every 16.
    void beginAfter(const LetGo& letGo, std::span<const SummaryNode> leaves);
    /// \return the first record that is there.
    [[nodiscard]] std::uint64_t firstRecord() const noexcept { return m_letGo.records; }
    /// \return the first stretch in which a task was blocked that is there.
    [[nodiscard]] std::uint64_t firstBlocked() const noexcept { return m_firstBlocked; }
    /// \return the sums of the records before firstRecord().
    [[nodiscard]] const LetGo& letGo() const noexcept { return m_letGo; }

    // Readers.
    [[nodiscard]] const LaneInfo& info() const noexcept { return m_info; }
    [[nodiscard]] std::uint64_t recordCount() const noexcept
    {
        return m_published.load(std::memory_order_acquire); // pairs with append()
    }
    [[nodiscard]] const TaskRecord& record(std::uint64_t index) const { return m_records[index]; }
    [[nodiscard]] const LaneRecords& records() const noexcept { return m_records; }
    [[nodiscard]] TaskResult result(std::uint64_t index) const { return m_results.read(index); }
    [[nodiscard]] bool hasCosts() const noexcept { return m_costs != nullptr; }
    /// Precondition: hasCosts().
    [[nodiscard]] const TaskCost& cost(std::uint64_t index) const { return (*m_costs)[index]; }
    [[nodiscard]] const SummaryPyramid& pyramid() const noexcept { return m_pyramid; }
    /// The two halves may stem from neighbouring tasks: good enough to draw, not to count.
    [[nodiscard]] RunningNow running() const noexcept
    {
        return {m_runningTask.load(std::memory_order_relaxed),
                m_runningStartNs.load(std::memory_order_relaxed)};
    }
    /// \return how far the task that runs says it is; nothing when it says nothing.
    [[nodiscard]] std::optional<Progress> progressNow() const
    {
        return running().startNs >= 0 ? m_progress.read() : std::nullopt;
    }
    /// As running(): good enough to draw.
    [[nodiscard]] BlockedNow blockedNow() const noexcept
    {
        return {m_blockedOn.load(std::memory_order_relaxed),
                m_blockedSinceNs.load(std::memory_order_relaxed)};
    }
    /// Stretches in which tasks were blocked, by time; those of a record are there before it is.
    [[nodiscard]] std::uint64_t blockedCount() const noexcept
    {
        return m_blockedPublished.load(std::memory_order_acquire); // pairs with appendBlocked()
    }
    [[nodiscard]] const BlockedSpan& blocked(std::uint64_t index) const { return m_blocked[index]; }
    [[nodiscard]] std::shared_ptr<const std::vector<LaneLife>> lives() const PS_EXCLUDES(m_mutex);
    /// \return what its workers used, never null; of runs that were not watched it is empty.
    [[nodiscard]] UsageList usage() const PS_EXCLUDES(m_mutex);
    /// \return how many records were lost because append() found no room.
    [[nodiscard]] std::uint64_t droppedCount() const noexcept
    {
        return m_dropped.load(std::memory_order_relaxed);
    }
    /// \return bytes of records, results, costs and summaries, without the store's spare
    /// ones. Only while nobody writes or summarises.
    [[nodiscard]] std::size_t allocatedBytes() const;

private:
    using CostColumn = StableVector<TaskCost, 12>;
    using BlockedColumn = StableVector<BlockedSpan, 8>;

    LaneInfo m_info;
    const std::shared_ptr<SlabStore> m_store; ///< outlives the columns
    LaneRecords m_records;
    ResultColumn m_results;
    const std::unique_ptr<CostColumn> m_costs; ///< null: nothing is measured
    BlockedColumn m_blocked;
    std::atomic<std::uint64_t> m_published{0};
    std::atomic<std::uint64_t> m_blockedPublished{0};
    std::atomic<std::uint64_t> m_dropped{0};
    std::atomic<std::uint64_t> m_runningTask{0};
    std::atomic<Nanos> m_runningStartNs{-1};
    ProgressNote m_progress;
    std::atomic<std::uint32_t> m_blockedOn{0};
    std::atomic<Nanos> m_blockedSinceNs{-1};
    SummaryPyramid m_pyramid;
    LetGo m_letGo; ///< the collector's
    std::uint64_t m_firstBlocked = 0; ///< the collector's
    mutable Mutex m_mutex;
    std::shared_ptr<const std::vector<LaneLife>>
        m_lives PS_GUARDED_BY(m_mutex) = std::make_shared<const std::vector<LaneLife>>();
    UsageList m_usage PS_GUARDED_BY(m_mutex) = std::make_shared<const std::vector<UsageSample>>();
};

} // namespace poolscope
