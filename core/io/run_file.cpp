// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/run_file.h"

#include "core/io/file_format.h"

#include <sys/stat.h>
#include <system_error>

#include <cerrno>
#include <fstream>

namespace poolscope {

Result<SnapshotPtr> readRunFile(const std::string& path)
{
    const std::string cannot = "Cannot read \"" + path + "\": ";
    struct stat facts
    {};
    if (::stat(path.c_str(), &facts) != 0) {
        return Error{cannot + std::generic_category().message(errno) + '.'};
    }
    if (S_ISDIR(facts.st_mode)) {
        return Error{cannot + "it is a folder."};
    }
    if (!S_ISREG(facts.st_mode)) {
        return Error{cannot + "it is not a file."};
    }
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return Error{cannot + std::generic_category().message(errno) + '.'};
    }
    Result<SnapshotPtr> read = readRun(in, static_cast<std::uint64_t>(facts.st_size));
    if (!read) {
        return Error{cannot + read.error().message + '.'};
    }
    return read;
}

} // namespace poolscope
