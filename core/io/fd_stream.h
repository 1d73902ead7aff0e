// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <streambuf>

namespace poolscope {

/// An output stream buffer over a file descriptor that keeps the first error it met: std::ofstream
/// says that something failed, this says what. Does not own the descriptor. One thread.
class FdStreamBuf : public std::streambuf
{
public:
    explicit FdStreamBuf(int fd);
    FdStreamBuf(const FdStreamBuf&) = delete;
    FdStreamBuf& operator=(const FdStreamBuf&) = delete;

    /// Hands everything to the system. \return false when not every byte was taken, now or before.
    bool flush();
    /// \return errno of the first write that failed, 0 when all went well.
    [[nodiscard]] int errorNumber() const { return m_errorNumber; }

protected:
    int_type overflow(int_type character) override;
    std::streamsize xsputn(const char* bytes, std::streamsize count) override;
    int sync() override { return flush() ? 0 : -1; }

private:
    bool writeAll(const char* bytes, std::size_t count);

    int m_fd;
    int m_errorNumber = 0;
    std::array<char, 65536> m_buffer;
};

} // namespace poolscope
