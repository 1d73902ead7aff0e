// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace poolscope::bench {

/// Waits for tasks on pools that cannot tell when all have ended, at the price of one shared count.
class Counted
{
public:
    template <class F>
    auto wrap(F task)
    {
        ++m_posted;
        return [this, task = std::move(task)] {
            task();
            m_ended.fetch_add(1, std::memory_order_release);
            m_ended.notify_one();
        };
    }
    void wait()
    {
        for (std::uint64_t ended = m_ended.load(); ended < m_posted; ended = m_ended.load()) {
            m_ended.wait(ended);
        }
    }

private:
    std::uint64_t m_posted = 0; ///< by the one thread that posts and waits
    std::atomic<std::uint64_t> m_ended{0};
};

} // namespace poolscope::bench
