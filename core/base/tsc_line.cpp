// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tsc_line.h"

#include <algorithm>

namespace poolscope {

namespace {

constexpr double kFixedPoint = 4294967296.0; // 2^32

} // namespace

TscLine nextLine(const TscLine& old, const TscPair& before, const TscPair& now) noexcept
{
    const double nanosPerTick =
        static_cast<double>(now.ns - before.ns) / static_cast<double>(now.ticks - before.ticks);
    const double lifetime = static_cast<double>(TscLine::kLifetime) / nanosPerTick;
    TscLine line;
    line.baseTicks = now.ticks;
    line.endTicks = now.ticks + static_cast<std::uint64_t>(lifetime);
    // Nobody read the old line beyond its end.
    line.baseNs = std::max(now.ns, old.at(std::min(now.ticks, old.endTicks)));
    const auto ahead = static_cast<double>(line.baseNs - now.ns);
    // However far ahead, the clock goes on, at a tenth of its speed in the worst case.
    const double gain = std::max(static_cast<double>(TscLine::kLifetime) - ahead,
                                 static_cast<double>(TscLine::kLifetime) / 10);
    line.nanosPerTick = static_cast<std::uint64_t>(gain / lifetime * kFixedPoint);
    return line;
}

} // namespace poolscope
