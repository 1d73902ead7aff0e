// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace poolscope {

/// \return the shortest text that reads back as exactly \p number, whatever the locale.
inline std::string realToText(double number)
{
    std::array<char, 32> buffer; // the longest shortest form of a double has 24 characters
    const std::to_chars_result end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), end.ptr};
}

} // namespace poolscope
