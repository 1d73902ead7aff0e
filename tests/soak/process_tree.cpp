// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/soak/process_tree.h"

#include "core/base/huge_pages.h"
#include "core/base/unique_fd.h"

#include <malloc.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace poolscope::soak {

namespace {

namespace fs = std::filesystem;

std::string procOf(pid_t process)
{
    return "/proc/" + std::to_string(process);
}

std::vector<fs::path> entriesOf(const fs::path& folder)
{
    std::vector<fs::path> entries;
    std::error_code gone; // a thread or process may end meanwhile
    for (fs::directory_iterator at(folder, gone), end; !gone && at != end; at.increment(gone)) {
        entries.push_back(at->path());
    }
    return entries;
}

pid_t parentOf(pid_t process)
{
    std::ifstream file(procOf(process) + "/stat");
    std::string text;
    std::getline(file, text);
    const std::size_t nameEnd = text.rfind(')'); // the name in brackets may hold anything
    return nameEnd == std::string::npos || text.size() < nameEnd + 5
               ? -1
               : std::atoi(text.c_str() + nameEnd + 4); // ") S 123"
}

std::uint64_t sharedMappings()
{
    std::ifstream maps("/proc/self/maps");
    std::uint64_t count = 0;
    for (std::string line; std::getline(maps, line);) {
        const bool isShared = line.find("/memfd:") != std::string::npos ||
                              line.find("/dev/shm/") != std::string::npos;
        count += isShared ? 1U : 0U;
    }
    return count;
}

std::uint64_t residentBytes()
{
    ::malloc_trim(0);
    HugePages::trim();
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

Holdings holdings()
{
    Holdings now;
    now.threads = entriesOf("/proc/self/task").size();
    now.descriptors = entriesOf("/proc/self/fd").size();
    now.children = childrenOf(::getpid()).size();
    now.sharedMappings = sharedMappings();
    const struct mallinfo2 account = ::mallinfo2();
    now.allocatedBytes = account.uordblks + account.hblkhd;
    now.residentBytes = residentBytes();
    return now;
}

std::vector<pid_t> childrenOf(pid_t process)
{
    std::vector<pid_t> children;
    for (const fs::path& thread : entriesOf(procOf(process) + "/task")) {
        std::ifstream file(thread / "children");
        for (pid_t child = 0; file >> child;) {
            children.push_back(child);
        }
    }
    return children;
}

bool killChild(pid_t process, pid_t parent)
{
    const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (handle.get() < 0 || parentOf(process) != parent) {
        return false;
    }
    return ::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0) == 0;
}

} // namespace poolscope::soak
