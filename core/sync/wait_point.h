// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/futex.h"
#include "core/task/stop_flag.h"
#include "core/trace/blocked.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace poolscope {

/// How long a wait may last.
struct WaitLimit
{
    Nanos timeoutNs = kNever; ///< 0: it does not sleep at all
    const StopFlag* stop =
        nullptr; ///< a wait ends when this is requested, a task's for example; may be null
};

/// Why a wait ended.
enum class WaitEnd {
    Ready, ///< what was waited for is there
    TimedOut,
    Stopped,
};

/// Thrown for what cannot be meant: a semaphore that is released too often, a lock that is unlocked by
/// somebody who does not hold it, or locked again by its holder.
class SyncError : public std::logic_error
{
public:
    using std::logic_error::logic_error;
};

/// Where threads sleep until something may have changed; what that is belongs to who uses it. Waits of tasks
/// are recorded, once they really sleep, on the lane of the worker, under this name. All members: any thread.
/// Cost: waiting and waking are one system call each, and waking none when nobody sleeps.
class WaitPoint
{
public:
    explicit WaitPoint(std::string name)
        : m_name(std::move(name))
    {}

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }

    /// Waits until \p tryTake() gives true, which it is asked once more after each wake-up, and before a
    /// wait is given up: so no wake-up is lost with somebody who leaves.
    template <class TryTake>
    WaitEnd waitUntil(const WaitLimit& limit, const TryTake& tryTake)
    {
        const Nanos untilNs = limit.timeoutNs == kNever ? kNever : deadlineAfter(limit.timeoutNs);
        std::optional<Blocked> blocked;
        for (;;) {
            const std::uint32_t ticket = m_changes.load(std::memory_order_seq_cst);
            if (tryTake()) {
                return WaitEnd::Ready;
            }
            if (limit.stop != nullptr && limit.stop->isRequested()) {
                return WaitEnd::Stopped;
            }
            if (limit.timeoutNs <= 0 || (untilNs != kNever && monotonicNow() >= untilNs)) {
                return WaitEnd::TimedOut;
            }
            if (!blocked) {
                blocked.emplace(m_name);
            }
            sleep(ticket, untilNs, limit.stop);
        }
    }

    /// Something has changed that \p waiters may take. To be called after the change.
    void wake(int waiters) noexcept;
    void wakeAll() noexcept;

private:
    void sleep(std::uint32_t ticket, Nanos untilNs, const StopFlag* stop) noexcept;

    const std::string m_name;
    // Both sequentially consistent: either the waker sees the sleeper, or the sleeper the change.
    std::atomic<std::uint32_t> m_changes{0};
    std::atomic<std::uint32_t> m_sleepers{0};
};

} // namespace poolscope
