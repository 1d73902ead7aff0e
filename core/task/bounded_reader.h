// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/codec.h"

#include <concepts>
#include <limits>

namespace poolscope {

/// Reads numbers off a ByteReader and remembers whether each was within its bounds; one that was not
/// is given as 0, so that what is made of it overflows nothing. One thread at a time.
class BoundedReader
{
public:
    /// \p in must outlive it.
    explicit BoundedReader(ByteReader& in)
        : m_in(in)
    {}

    std::uint64_t readUpTo(std::uint64_t most)
    {
        const std::uint64_t value = m_in.readUnsigned();
        const bool isWithin = value <= most;
        m_isGood = m_isGood && isWithin;
        return isWithin ? value : 0;
    }
    /// Bounded by what an \p Integer holds.
    template <std::unsigned_integral Integer>
    void read(Integer& value)
    {
        value = static_cast<Integer>(readUpTo(std::numeric_limits<Integer>::max()));
    }
    [[nodiscard]] bool isGood() const { return m_isGood && !m_in.hasFailed(); }

private:
    ByteReader& m_in;
    bool m_isGood = true;
};

} // namespace poolscope
