// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace poolscope {

/// How much memory the trace of a run may take; then its oldest detail goes.
struct MemoryCap
{
    std::uint64_t bytes = 0; ///< 0: the percentage counts
    int percent = 25; ///< of the memory that this process may use; 0: no cap

    friend bool operator==(const MemoryCap&, const MemoryCap&) = default;
};

inline constexpr std::uint64_t kLeastMemoryCap =
    std::uint64_t{1} << 20U; ///< less would hold no chunk of a few lanes

/// Reads "512M", "2G", "65536K", a number of bytes, "25%" or "off"; letters of any case. Error: says what is allowed,
/// without the text.
[[nodiscard]] Result<MemoryCap> parseMemoryCap(std::string_view text);
/// \return the shortest text that parseMemoryCap() turns into \p cap.
[[nodiscard]] std::string toText(const MemoryCap& cap);
/// \return the cap in bytes on this machine, at least kLeastMemoryCap; 0: none, or a share of a memory that is unknown.
[[nodiscard]] std::uint64_t capInBytes(const MemoryCap& cap);

} // namespace poolscope
