// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/exact_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>

namespace poolscope {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// \return how many bytes the sequence that \p lead begins has, 0 when none begins with it.
std::size_t sequenceLength(unsigned char lead) noexcept
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xc2 && lead < 0xe0) {
        return 2;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
        return 3;
    }
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/// Refuses what is longer than it needs to be, surrogates and what lies beyond U+10FFFF.
bool isSecondByteAllowed(unsigned char lead, unsigned char second) noexcept
{
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

std::optional<std::string> bytesOfHex(const std::string& hex)
{
    if (hex.size() % 2 != 0 || hex.find_first_not_of(kDigits) != std::string::npos) {
        return std::nullopt;
    }
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes += static_cast<char>(kDigits.find(hex[i]) << 4 | kDigits.find(hex[i + 1]));
    }
    return bytes;
}

} // namespace

bool isUtf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto lead = static_cast<unsigned char>(text.front());
        const std::size_t length = sequenceLength(lead);
        if (length == 0 || length > text.size()) {
            return false;
        }
        for (std::size_t i = 1; i < length; ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            if ((byte & 0xc0) != 0x80 || (i == 1 && !isSecondByteAllowed(lead, byte))) {
                return false;
            }
        }
        text.remove_prefix(length);
    }
    return true;
}

nlohmann::json exactTextAsJson(const std::string& text)
{
    if (isUtf8(text)) {
        return text;
    }
    std::string hex;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        hex += {kDigits[byte >> 4], kDigits[byte & 0xf]};
    }
    return {{"hex", hex}};
}

std::optional<std::string> exactTextOf(const nlohmann::json& json)
{
    if (json.is_string()) {
        return json.get<std::string>();
    }
    if (json.is_object() && json.size() == 1 && json.contains("hex") && json["hex"].is_string()) {
        return bytesOfHex(json["hex"].get<std::string>());
    }
    return std::nullopt;
}

} // namespace poolscope
