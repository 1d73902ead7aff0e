// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

namespace poolscope {

/// What this thread wrote before is visible to others before it reads what comes after. For the cases
/// where each of two threads writes and then looks at what the other has written, and one must see.
inline void fullFence() noexcept
{
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// ThreadSanitizer knows no fences and says so; no data is handed over by them here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif
    std::atomic_thread_fence(std::memory_order_seq_cst);
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
}

} // namespace poolscope
