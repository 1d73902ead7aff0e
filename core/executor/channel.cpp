// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/channel.h"

#include "core/base/futex.h"

#include <algorithm>
#include <cstring>

namespace poolscope {

namespace {

static_assert((ByteRing::kCapacity & (ByteRing::kCapacity - 1)) == 0);

} // namespace

std::size_t ByteRing::write(std::string_view bytes) noexcept
{
    const std::uint32_t written = m_written.load(std::memory_order_relaxed);
    const std::uint32_t used =
        written - m_read.load(std::memory_order_acquire); // pairs with read()
    const std::size_t count =
        std::min<std::size_t>(bytes.size(), used <= kCapacity ? kCapacity - used : 0);
    const std::size_t place = written % kCapacity;
    const std::size_t upToEnd = std::min<std::size_t>(count, kCapacity - place);
    std::memcpy(m_bytes.data() + place, bytes.data(), upToEnd);
    std::memcpy(m_bytes.data(), bytes.data() + upToEnd, count - upToEnd);
    m_written.store(written + static_cast<std::uint32_t>(count),
                    std::memory_order_release); // pairs with read()
    return count;
}

void ByteRing::waitForRoom(Nanos timeout) noexcept
{
    const std::uint32_t read = m_read.load(std::memory_order_relaxed);
    m_isWriterWaiting.store(1, std::memory_order_seq_cst); // before the check: pairs with read()
    if (m_written.load(std::memory_order_relaxed) - m_read.load(std::memory_order_seq_cst) >=
        kCapacity) {
        sharedFutexWait(m_read, read, deadlineAfter(timeout));
    }
    m_isWriterWaiting.store(0, std::memory_order_relaxed);
}

bool ByteRing::read(std::string& bytes)
{
    const std::uint32_t read = m_read.load(std::memory_order_relaxed);
    const std::uint32_t count =
        m_written.load(std::memory_order_acquire) - read; // pairs with write()
    if (count > kCapacity) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    const std::size_t place = read % kCapacity;
    const std::size_t upToEnd = std::min<std::size_t>(count, kCapacity - place);
    bytes.append(m_bytes.data() + place, upToEnd);
    bytes.append(m_bytes.data(), count - upToEnd);
    m_read.store(read + count, std::memory_order_seq_cst); // before the look at the waiter
    if (m_isWriterWaiting.load(std::memory_order_seq_cst) != 0) {
        sharedFutexWakeAll(m_read);
    }
    return true;
}

} // namespace poolscope
