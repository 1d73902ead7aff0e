// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace poolscope {

/// Some nanoseconds in which a thread that looks at one word again and again leaves the processor's
/// resources to others.
inline void pauseBriefly() noexcept
{
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

} // namespace poolscope
