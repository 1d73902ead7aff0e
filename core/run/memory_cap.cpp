// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/memory_cap.h"

#include "core/base/machine_facts.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace poolscope {

namespace {

constexpr std::string_view kUnits = "KMGT"; ///< each 1024 times the one before

Error wrongCap()
{
    return Error{"give 1M or more with K, M, G or T for the unit, as 512M or 2G; a share of the "
                 "memory, as 25%; "
                 "or off for no cap"};
}

/// \return how many bytes a unit has, 0: there is no such unit.
std::uint64_t bytesOfUnit(char letter)
{
    const char upper =
        letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    const std::size_t place = kUnits.find(upper);
    return place == std::string_view::npos ? 0 : std::uint64_t{1} << (10 * (place + 1));
}

} // namespace

Result<MemoryCap> parseMemoryCap(std::string_view text)
{
    if (text == "off" || text == "OFF" || text == "Off") {
        return MemoryCap{0, 0};
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc() || unit.size() > 1) {
        return wrongCap();
    }
    if (unit == "%") {
        return number >= 1 && number <= 100
                   ? Result<MemoryCap>(MemoryCap{0, static_cast<int>(number)})
                   : Result<MemoryCap>(wrongCap());
    }
    const std::uint64_t factor = unit.empty() ? 1 : bytesOfUnit(unit.front());
    constexpr std::uint64_t kMost = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    if (factor == 0 || number > kMost / factor || number * factor < kLeastMemoryCap) {
        return wrongCap();
    }
    return MemoryCap{number * factor, 0};
}

std::string toText(const MemoryCap& cap)
{
    if (cap.bytes == 0) {
        return cap.percent > 0 ? std::to_string(cap.percent) + '%' : "off";
    }
    for (std::size_t i = kUnits.size(); i > 0; --i) {
        const std::uint64_t unit = std::uint64_t{1} << (10 * i);
        if (cap.bytes % unit == 0) {
            return std::to_string(cap.bytes / unit) + kUnits[i - 1];
        }
    }
    return std::to_string(cap.bytes);
}

std::uint64_t capInBytes(const MemoryCap& cap)
{
    if (cap.bytes == 0 && cap.percent == 0) {
        return 0;
    }
    if (cap.bytes > 0) {
        return std::max(cap.bytes, kLeastMemoryCap);
    }
    const std::uint64_t memory = usableMemoryBytes();
    return memory == 0
               ? 0
               : std::max(memory / 100 * static_cast<std::uint64_t>(cap.percent), kLeastMemoryCap);
}

} // namespace poolscope
