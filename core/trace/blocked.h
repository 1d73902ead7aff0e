// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <string_view>

namespace poolscope {

class Lane;
class Recorder;

/// A stretch of a task's run time in which it slept until another task let it go on: on a semaphore, say.
/// Times count from the trace's origin.
struct BlockedSpan
{
    Nanos startNs = 0;
    Nanos endNs = 0;
    std::uint32_t task = 0; ///< index in the job
    std::uint32_t on = 0; ///< index in Recorder::blockers()

    friend bool operator==(const BlockedSpan&, const BlockedSpan&) = default;
};

static_assert(sizeof(BlockedSpan) == 24, "memory a wait is a promise");

/// What the task that runs now is blocked on. sinceNs < 0: nothing.
struct BlockedNow
{
    std::uint32_t on = 0;
    Nanos sinceNs = -1;
};

/// For as long as this lives, what blocks the calling thread is written to the lane. One at a time writes
/// there, as records are.
class BlockingScope
{
public:
    /// \p lane: null: nothing is written.
    BlockingScope(Recorder* recorder, Lane* lane) noexcept;
    ~BlockingScope();
    BlockingScope(const BlockingScope&) = delete;
    BlockingScope& operator=(const BlockingScope&) = delete;

private:
    Recorder* const m_outerRecorder;
    Lane* const m_outerLane;
};

/// The calling thread is blocked for as long as this lives. On a thread without a BlockingScope, or of a task
/// that is not recorded, nothing happens. Costs a few hundred nanoseconds: for who is about to sleep.
class Blocked
{
public:
    /// \p on: the name of what it waits for.
    explicit Blocked(std::string_view on) noexcept;
    ~Blocked();
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;

private:
    Recorder* const m_recorder;
    Lane* const m_lane;
    BlockedSpan m_span;
};

} // namespace poolscope
