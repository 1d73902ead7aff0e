// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/standard_input.h"

#include "app/command_line_text.h"
#include "core/base/unique_fd.h"

#include <QCoreApplication>

#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace poolscope {

namespace {

Error cannotRead(int number)
{
    return Error{CommandLine::tr("Cannot read items from standard input: %1.")
                     .arg(QString::fromStdString(std::generic_category().message(number)))
                     .toStdString()};
}

bool writeAll(int fd, const char* bytes, ssize_t count)
{
    while (count > 0) {
        const ssize_t written = ::write(fd, bytes, static_cast<std::size_t>(count));
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? written : 0;
    }
    return true;
}

} // namespace

Result<void> holdStandardInput()
{
    struct stat status = {};
    if (::fstat(STDIN_FILENO, &status) != 0) {
        return cannotRead(errno);
    }
    if (S_ISREG(status.st_mode)) {
        return {};
    }
    if (::isatty(STDIN_FILENO) == 1) {
        std::fputs(qPrintable(CommandLine::tr("Type the items, one a line; Ctrl-D ends them.\n")),
                   stderr);
    }
    const UniqueFd copy(::memfd_create("poolscope-items", MFD_CLOEXEC));
    if (!copy.isOpen()) {
        return cannotRead(errno);
    }
    std::array<char, 65536> bytes;
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (count == 0) {
            break;
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 || !writeAll(copy.get(), bytes.data(), count)) {
            return cannotRead(errno);
        }
    }
    if (::lseek(copy.get(), 0, SEEK_SET) != 0 || ::dup2(copy.get(), STDIN_FILENO) < 0) {
        return cannotRead(errno);
    }
    return {};
}

} // namespace poolscope
