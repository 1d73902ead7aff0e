// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/recorded_value.h"

#include <string_view>

namespace poolscope {

namespace {

/// \return \p text without the beginning of a character of UTF-8 whose rest was cut off.
std::string_view withoutBrokenEnd(std::string_view text)
{
    constexpr std::size_t kMostFollowing = 3;
    for (std::size_t end = text.size(); end > 0 && text.size() - end <= kMostFollowing; --end) {
        const auto byte = static_cast<unsigned char>(text[end - 1]);
        if ((byte & 0xc0U) != 0x80U) { // the first byte of a character
            const std::size_t bytes = byte >= 0xf0U ? 4 : byte >= 0xe0U ? 3 : byte >= 0xc0U ? 2 : 1;
            return end - 1 + bytes > text.size() ? text.substr(0, end - 1) : text;
        }
    }
    return text; // it is no UTF-8
}

} // namespace

Value recordedValue(const ItemChunks* chunks, std::uint64_t task, const Value& value)
{
    if (chunks != nullptr) {
        return chunks->recordedValue(task);
    }
    const std::string_view text = std::get<std::string>(value);
    constexpr std::size_t kMostAppended = 64;
    std::string kept;
    kept.reserve(kMostRecordedBytes + kMostAppended); // so that it is not copied once more
    kept.append(withoutBrokenEnd(text.substr(0, kMostRecordedBytes)));
    return kept.append("… (").append(std::to_string(text.size())).append(" bytes in all)");
}

} // namespace poolscope
