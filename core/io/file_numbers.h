// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/run_file_format.h"
#include "core/task/codec.h"

#include <limits>

namespace poolscope {

// What every part of a run file is checked by.

[[nodiscard]] inline bool isFileTime(Nanos time)
{
    return time >= -kMaxTimeNs && time <= kMaxTimeNs;
}

/// \return a number that fits an int, or -2, which is right nowhere.
[[nodiscard]] inline int readInt(ByteReader& in)
{
    const std::int64_t value = in.readSigned();
    return value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max()
               ? static_cast<int>(value)
               : -2;
}

} // namespace poolscope
