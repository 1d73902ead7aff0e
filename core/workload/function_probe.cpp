// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/function_probe.h"

#include "core/base/unique_fd.h"
#include "core/workload/function_library.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

namespace poolscope {

namespace {

/// A status that no library ends a process with by chance.
constexpr int kProbedStatus = 73;
constexpr int kPatienceMs = 10'000;

/// \return the process, or 0.
pid_t spawnProbe(const std::string& workerProgram, const std::string& path)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    }
    std::string name = "poolscope-worker";
    std::string option = "--probe";
    std::string file = path;
    const std::array<char*, 4> arguments{name.data(), option.data(), file.data(), nullptr};
    pid_t process = 0;
    const int failure = ::posix_spawn(&process, workerProgram.c_str(), &actions, nullptr,
                                      arguments.data(), ::environ);
    ::posix_spawn_file_actions_destroy(&actions);
    return failure == 0 ? process : 0;
}

/// Waits for the end of \p process, and brings it about when that takes too long.
/// \return its status as waitpid() gives it, or nothing when it had to be killed.
std::optional<int> waitForEnd(pid_t process)
{
    const UniqueFd exit(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    pollfd event{exit.get(), POLLIN, 0};
    int ready = 0;
    do {
        ready = exit.isOpen() ? ::poll(&event, 1, kPatienceMs) : 1;
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
        ::kill(process, SIGKILL);
    }
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return ready == 0 ? std::nullopt : std::optional(status);
}

std::string howItEnded(std::optional<int> status)
{
    if (!status) {
        return "did not come back within " + std::to_string(kPatienceMs / 1000) + " seconds";
    }
    if (WIFSIGNALED(*status)) {
        const char* name = ::sigdescr_np(WTERMSIG(*status));
        return "crashed: signal " + std::to_string(WTERMSIG(*status)) + " (" +
               (name != nullptr ? name : "unknown") + ')';
    }
    return "ended the process, with status " + std::to_string(WEXITSTATUS(*status));
}

} // namespace

Result<void> probeFunctionLibrary(const std::string& workerProgram, const std::string& path)
{
    const pid_t process = spawnProbe(workerProgram, path);
    if (process == 0) {
        return {};
    }
    const std::optional<int> status = waitForEnd(process);
    if (status && WIFEXITED(*status) && WEXITSTATUS(*status) == kProbedStatus) {
        return {};
    }
    return Error{"The functions in " + path +
                 " cannot be used: a process that opened the file to try it " + howItEnded(status) +
                 ". Build or copy it again, in case it was cut short; else look at what the "
                 "library does as soon as it is opened: its global objects, and "
                 "poolscope_functions()."};
}

void endProbe(const std::string& path)
{
    // What is wrong with it otherwise the program finds out itself.
    [[maybe_unused]] const bool isGood = openFunctionLibrary(path).isOk();
    ::_exit(kProbedStatus);
}

} // namespace poolscope
