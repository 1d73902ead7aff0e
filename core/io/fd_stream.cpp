// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/fd_stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace poolscope {

FdStreamBuf::FdStreamBuf(int fd)
    : m_fd(fd)
{
    setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
}

bool FdStreamBuf::flush()
{
    const bool isWritten = writeAll(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    setp(m_buffer.data(), m_buffer.data() + m_buffer.size());
    return isWritten;
}

FdStreamBuf::int_type FdStreamBuf::overflow(int_type character)
{
    if (!flush()) {
        return traits_type::eof();
    }
    if (!traits_type::eq_int_type(character, traits_type::eof())) {
        *pptr() = traits_type::to_char_type(character);
        pbump(1);
    }
    return traits_type::not_eof(character);
}

std::streamsize FdStreamBuf::xsputn(const char* bytes, std::streamsize count)
{
    if (count > epptr() - pptr() && !flush()) {
        return 0;
    }
    const auto size = static_cast<std::size_t>(count);
    if (size >= m_buffer.size()) {
        return writeAll(bytes, size) ? count : 0;
    }
    std::copy_n(bytes, size, pptr()); // nothing may be at no address
    pbump(static_cast<int>(size));
    return count;
}

bool FdStreamBuf::writeAll(const char* bytes, std::size_t count)
{
    while (count > 0 && m_errorNumber == 0) {
        const ssize_t written = ::write(m_fd, bytes, count);
        if (written > 0) {
            bytes += written;
            count -= static_cast<std::size_t>(written);
        } else if (written < 0 && errno != EINTR) {
            m_errorNumber = errno;
        } else if (written == 0) {
            m_errorNumber = ENOSPC; // no error, no progress: nothing better is known of it
        }
    }
    return m_errorNumber == 0;
}

} // namespace poolscope
