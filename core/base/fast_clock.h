// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

namespace poolscope {

/// \return CLOCK_MONOTONIC in nanoseconds, for those who read it for every task: about 12 ns where the
/// processor's time stamp counter can be used, else as monotonicNow(). In the 5 ms after the first call of the
/// process it takes some more than that.
///
/// With the counter, it is off by less than a microsecond and never steps back between two calls of
/// one thread; all threads read the same line. Nothing runs in the background: whoever comes first
/// when the line is 10 ms old makes the next one. Any thread.
[[nodiscard]] Nanos fastNow() noexcept;

/// Waits until fastNow() is as fast as it gets: 5 ms after its first call it knows the counter's speed. Any thread.
void awaitFastClock() noexcept;

/// \return whether fastNow() reads the counter: the processor has one that always runs at one speed,
/// and the kernel trusts it (its clocksource is tsc).
[[nodiscard]] bool fastClockUsesCounter() noexcept;

} // namespace poolscope
