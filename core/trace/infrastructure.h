// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/trace/stable_vector.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace poolscope {

class Recorder;

/// A stretch in which a thread that runs no tasks was awake and worked. Times count from the trace's origin.
struct BusySpan
{
    Nanos beginNs = 0;
    Nanos endNs = 0;

    friend bool operator==(const BusySpan&, const BusySpan&) = default;
};

/// Whose stretches they are.
struct InfrastructureInfo
{
    int executor = -1; ///< index in TraceMeta::executors; -1: the run's as a whole
    std::string name; ///< English, e.g. "Process I/O"
    std::int32_t threadId = 0;

    friend bool operator==(const InfrastructureInfo&, const InfrastructureInfo&) = default;
};

/// What a thread did that lets others run tasks: process I/O, alarm, collector. Kept apart from the lanes of
/// workers, so that nobody takes it for one. Append-only, as a Lane: what lies below spanCount() never changes.
class InfrastructureLane
{
public:
    explicit InfrastructureLane(InfrastructureInfo info)
        : m_info(std::move(info))
    {}

    /// Its thread only. Begins no sooner than the one before ended. What finds no room is counted as dropped.
    void append(const BusySpan& span) noexcept;

    // Any thread.
    [[nodiscard]] const InfrastructureInfo& info() const noexcept { return m_info; }
    [[nodiscard]] std::uint64_t spanCount() const noexcept
    {
        return m_published.load(std::memory_order_acquire); // pairs with append()
    }
    [[nodiscard]] const BusySpan& span(std::uint64_t index) const { return m_spans[index]; }
    [[nodiscard]] std::uint64_t droppedCount() const noexcept
    {
        return m_dropped.load(std::memory_order_relaxed);
    }

private:
    const InfrastructureInfo m_info;
    StableVector<BusySpan, 8> m_spans;
    std::atomic<std::uint64_t> m_published{0};
    std::atomic<std::uint64_t> m_dropped{0};
};

/// One lane as a snapshot sees it: its spans below spanCount.
struct InfrastructureView
{
    const InfrastructureLane* lane = nullptr;
    std::uint64_t spanCount = 0;
};

/// \return the index of the first stretch that ends after \p timeNs, or spanCount. O(log spans). Any thread.
[[nodiscard]] std::uint64_t firstSpanEndingAfter(const InfrastructureView& view, Nanos timeNs);
/// \return how long the thread was busy. O(spans).
[[nodiscard]] Nanos busyNs(const InfrastructureView& view);

/// Writes down when the calling thread works. Costs a test unless the run records infrastructure, and then two
/// looks at the clock a stretch. Stretches with less than 2 us between them become one.
class BusyLog
{
public:
    BusyLog() = default;
    /// On the thread itself. \p recorder may be null. \p name: see InfrastructureInfo.
    BusyLog(const std::shared_ptr<Recorder>& recorder, int executor, const char* name);
    ~BusyLog();
    BusyLog(const BusyLog&) = delete;
    BusyLog& operator=(const BusyLog&) = delete;

    void begin() noexcept
    {
        if (m_lane != nullptr) {
            beginSpan();
        }
    }
    /// After begin(): it is about to sleep.
    void end() noexcept
    {
        if (m_lane != nullptr) {
            endSpan();
        }
    }

    /// The stretch that has ended is over for good: shows it now.
    void flush() noexcept;

private:
    void beginSpan() noexcept;
    void endSpan() noexcept;

    std::shared_ptr<Recorder> m_recorder;
    InfrastructureLane* m_lane = nullptr; ///< null: nothing is written
    BusySpan m_span; ///< not written yet
    bool m_hasSpan = false;
};

} // namespace poolscope
