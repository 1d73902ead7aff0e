// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sync/wait_point.h"

#include <atomic>
#include <string>

namespace poolscope {

/// A flag that tasks wait for. All members: any thread.
class Event
{
public:
    explicit Event(std::string name = "event")
        : m_point(std::move(name))
    {}

    /// Lets everybody go who waits, and who comes later.
    void set() noexcept
    {
        m_isSet.store(true, std::memory_order_release); // pairs with isSet()
        m_point.wakeAll();
    }
    void clear() noexcept { m_isSet.store(false, std::memory_order_release); }
    [[nodiscard]] bool isSet() const noexcept { return m_isSet.load(std::memory_order_acquire); }
    /// Waits until it is set.
    WaitEnd wait(const WaitLimit& limit = {})
    {
        return m_point.waitUntil(limit, [this] { return isSet(); });
    }

private:
    std::atomic<bool> m_isSet{false};
    WaitPoint m_point;
};

} // namespace poolscope
