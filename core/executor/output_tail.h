// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace poolscope {

/// The end of what a worker printed; however much that was, no more than twice kMostBytes are held.
class OutputTail
{
public:
    static constexpr std::size_t kMostBytes = 64u << 10;

    void append(std::string_view bytes);
    /// Takes in what a pipe holds now, up to a limit, so that a flood cannot hold the caller.
    /// \return false when the pipe has ended.
    bool readFrom(int fd);
    /// \return the last lines, at most \p lines of them and \p bytes in all; a longer one is cut at its
    /// front. What is not text is shown as '?'.
    [[nodiscard]] std::string lastLines(std::size_t lines, std::size_t bytes) const;

private:
    std::string m_bytes;
};

} // namespace poolscope
