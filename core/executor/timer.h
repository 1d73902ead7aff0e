// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/thread.h"

#include <string>
#include <utility>

namespace poolscope {

/// Calls something once, after a while, on a thread of its own, unless it is cancelled before. When it goes, it
/// cancels and waits for a call that has begun. All members: any thread.
class Timer
{
public:
    /// \p function: called without arguments; what it throws is kept in the future.
    template <class Function>
    requires TaskCallable<Function> Timer(std::string name, Nanos delayNs, Function&& function)
        : m_thread(std::move(name), waiting(delayNs, std::forward<Function>(function)))
    {}
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    /// The time runs from here. Error: it was started before, or no thread is to be had.
    Result<void> start() { return m_thread.start(); }
    /// What has not begun never will; what has goes on.
    void cancel() const noexcept { m_thread.requestStop(); }
    /// \return to come: whether it was called; false when it was cancelled in time.
    [[nodiscard]] Future<bool> future() const { return m_thread.future(); }

private:
    template <class Function>
    static auto waiting(Nanos delayNs, Function&& function)
    {
        return
            [delayNs, function = std::forward<Function>(function)](const StopFlag& stop) mutable {
                const bool isCancelled = stop.waitFor(delayNs);
                if (!isCancelled) {
                    function();
                }
                return !isCancelled;
            };
    }

    Thread<bool> m_thread;
};

} // namespace poolscope
