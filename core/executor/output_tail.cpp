// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/output_tail.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace poolscope {

void OutputTail::append(std::string_view bytes)
{
    if (bytes.size() > kMostBytes) {
        bytes.remove_prefix(bytes.size() - kMostBytes);
    }
    if (m_bytes.size() + bytes.size() > 2 * kMostBytes) {
        m_bytes.erase(0, m_bytes.size() + bytes.size() - kMostBytes);
    }
    m_bytes += bytes;
}

bool OutputTail::readFrom(int fd)
{
    constexpr int kMostReads = 8;
    std::array<char, kMostBytes> piece;
    for (int i = 0; i < kMostReads; ++i) {
        const ssize_t count = ::read(fd, piece.data(), piece.size());
        if (count < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        if (count == 0) {
            return false;
        }
        append({piece.data(), static_cast<std::size_t>(count)});
        if (static_cast<std::size_t>(count) < piece.size()) {
            break;
        }
    }
    return true;
}

std::string OutputTail::lastLines(std::size_t lines, std::size_t bytes) const
{
    std::string_view text = m_bytes;
    while (!text.empty() && text.back() == '\n') {
        text.remove_suffix(1);
    }
    std::size_t from = text.size();
    for (std::size_t i = 0; i < lines && from != 0; ++i) {
        const std::size_t end =
            text.substr(0, from).rfind('\n', from == text.size() ? from : from - 1);
        from = end == std::string_view::npos ? 0 : end;
    }
    text.remove_prefix(from);
    if (text.size() > bytes) {
        text.remove_prefix(text.size() - bytes);
    }
    if (!text.empty() && text.front() == '\n') {
        text.remove_prefix(1);
    }
    std::string shown(text);
    std::replace_if(
        shown.begin(), shown.end(),
        [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t'; }, '?');
    return shown;
}

} // namespace poolscope
