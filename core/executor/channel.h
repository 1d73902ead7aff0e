// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace poolscope {

/// A stream of bytes from one writer to one reader through memory that two processes share, which must have been zeroed. What the
/// writer put in stays readable when it dies. Neither side trusts the other: whatever the counters
/// say, nothing outside the ring is touched.
class ByteRing
{
public:
    static constexpr std::uint32_t kCapacity = 128u << 10;

    // Writer.
    /// Puts in as many of \p bytes as there is room for. \return how many.
    std::size_t write(std::string_view bytes) noexcept;
    /// Sleeps until the reader has read something, at most \p timeout; returns at once when there is
    /// room.
    void waitForRoom(Nanos timeout) noexcept;

    // Reader.
    /// Appends everything readable to \p bytes. \return false when the counters make no sense.
    bool read(std::string& bytes);

private:
    // Counted up for ever, modulo 2^32; the ring's capacity divides that.
    std::atomic<std::uint32_t> m_written{0};
    std::atomic<std::uint32_t> m_read{0};
    std::atomic<std::uint32_t> m_isWriterWaiting{0};
    std::array<char, kCapacity> m_bytes; // not initialised: would touch every page
};

static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

} // namespace poolscope
