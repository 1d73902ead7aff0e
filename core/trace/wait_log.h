// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <bit>
#include <cstdint>

namespace poolscope {

/// \return log2(1 + \p waitNs), 0 for negative ones, to 0.0004. Without a call, so that summaries and
/// columns can afford it for every task.
inline float waitLog2(Nanos waitNs) noexcept
{
    const float one = 1.0F + static_cast<float>(waitNs > 0 ? waitNs : 0);
    const auto bits = std::bit_cast<std::uint32_t>(one);
    const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23U) - 127);
    const float t = std::bit_cast<float>((bits & 0x007fffffU) | 0x3f800000U) - 1.0F;
    // log2(1 + t) on [0, 1), exact at both ends so that the curve has no steps.
    return exponent + t * (1.0F + (1.0F - t) * (0.4407808F + t * (-0.2426695F + t * 0.0816157F)));
}

} // namespace poolscope
