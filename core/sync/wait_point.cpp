// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/wait_point.h"

#include <limits>

namespace poolscope {

void WaitPoint::wake(int waiters) noexcept
{
    m_changes.fetch_add(1, std::memory_order_seq_cst);
    if (m_sleepers.load(std::memory_order_seq_cst) > 0) {
        futexWake(m_changes, waiters);
    }
}

void WaitPoint::wakeAll() noexcept
{
    wake(std::numeric_limits<int>::max());
}

void WaitPoint::sleep(std::uint32_t ticket, Nanos untilNs, const StopFlag* stop) noexcept
{
    m_sleepers.fetch_add(1, std::memory_order_seq_cst);
    if (stop != nullptr) {
        stop->waitWith(m_changes, ticket, untilNs);
    } else {
        futexWait(m_changes, ticket, untilNs);
    }
    m_sleepers.fetch_sub(1, std::memory_order_seq_cst);
}

} // namespace poolscope
