// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/declared_wait.h"
#include "core/base/mutex.h"
#include "core/sync/wait_point.h"

#include <deque>

namespace poolscope {

/// Imitates the one lock of an interpreter, as Python's threads have it: of the tasks that share it one computes
/// at a time, in the order in which they came, and lets go of it while it waits (DeclaredWait) and, when another
/// one wants it, at its next progress after 5 ms. To show what such a lock does; it makes nothing quicker.
/// Waits for it are recorded as blocked on "interpreter lock".
class InterpreterLock
{
public:
    static constexpr Nanos kSwitchAfterNs = 5 * kNanosPerMilli;

    InterpreterLock() = default;
    InterpreterLock(const InterpreterLock&) = delete;
    InterpreterLock& operator=(const InterpreterLock&) = delete;

    /// The calling thread computes under the lock for as long as this lives. Within another of the same lock it
    /// does nothing.
    class Holder final : public WaitHooks
    {
    public:
        /// \p lock: null: there is none.
        explicit Holder(InterpreterLock* lock) noexcept
        {
            if (lock != nullptr) { // seldom: each task asks
                begin(*lock);
            }
        }
        ~Holder()
        {
            if (m_lock != nullptr) {
                end();
            }
        }
        Holder(const Holder&) = delete;
        Holder& operator=(const Holder&) = delete;

        void beginWait() noexcept override;
        void endWait() noexcept override;
        void offerSwitch() noexcept override;

    private:
        void begin(InterpreterLock& lock) noexcept;
        void end() noexcept;

        InterpreterLock* m_lock = nullptr; ///< null: nothing to do
        Holder* m_outer = nullptr; ///< this thread's before
        Nanos m_sinceNs = 0; ///< CLOCK_MONOTONIC
        int m_waits = 0; ///< one within the other
    };

private:
    struct Waiter;

    void acquire() PS_EXCLUDES(m_mutex);
    void release() noexcept PS_EXCLUDES(m_mutex);
    [[nodiscard]] bool isWanted() noexcept PS_EXCLUDES(m_mutex);

    Mutex m_mutex;
    bool m_isHeld PS_GUARDED_BY(m_mutex) = false;
    std::deque<Waiter*> m_waiters PS_GUARDED_BY(m_mutex); ///< the oldest first
};

} // namespace poolscope
