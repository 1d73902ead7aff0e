// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/child_process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

// What runs in the child runs in our memory, on the parent's thread state: a sanitizer must not take
// notes there.
#define PS_IN_CHILD __attribute__((no_sanitize("address"), no_sanitize("thread"), noinline))

// ThreadSanitizer takes every clone() for a fork() and then refuses new threads; this is the same
// function under the name that it leaves alone.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" int __clone(int (*function)(void*), void* stack, int flags, void* argument, ...);

namespace poolscope {
namespace {

enum class Step : std::uint8_t { Streams, Folder, Program };

/// All the child needs, laid out before it exists: between clone and exec it shares our memory and may
/// neither allocate nor take a lock.
struct Start
{
    const char* const* programs; ///< candidates in the order of PATH, then nullptr
    char* const* arguments;
    char* const* environment;
    const char* folder; ///< nullptr: stays
    int outputFd;
    int errorFd;
    pid_t parent;
    // What the child says when it fails.
    Step step = Step::Streams;
    int error = 0;
};

PS_IN_CHILD bool setStreams(const Start& start)
{
    const long null = ::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
    if (null < 0) {
        return false;
    }
    const long output = start.outputFd >= 0 ? start.outputFd : null;
    const long error = start.errorFd >= 0 ? start.errorFd : null;
    // Ours are above the three, so none is overwritten before it is copied; /dev/null may be one of
    // them already, and dup3() onto itself would fail.
    const bool isSet = (null == 0 || ::syscall(SYS_dup3, null, 0, 0) == 0) &&
                       (output == 1 || ::syscall(SYS_dup3, output, 1, 0) == 1) &&
                       (error == 2 || ::syscall(SYS_dup3, error, 2, 0) == 2);
    return isSet && ::syscall(SYS_close_range, 3U, ~0U, 0U) == 0;
}

/// Handlers are ours and run in our memory; exec() takes them away, but a signal may come before it.
PS_IN_CHILD void resetSignals()
{
    struct KernelAction
    {
        void (*handler)(int);
        unsigned long flags;
        void (*restorer)();
        unsigned long mask;
    };
    const KernelAction usual{SIG_DFL, 0, nullptr, 0};
    unsigned long pending = 0;
    ::syscall(SYS_rt_sigpending, &pending, sizeof pending);
    for (int signal = 1; pending != 0; ++signal, pending >>= 1U) {
        if ((pending & 1U) != 0) {
            ::syscall(SYS_rt_sigaction, signal, &usual, nullptr, sizeof pending);
        }
    }
    // Ignored signals stay ignored over exec(). SIGPIPE is the one that programs ignore for their own
    // sake; the others (SIGHUP under nohup) were meant for all that is started.
    ::syscall(SYS_rt_sigaction, SIGPIPE, &usual, nullptr, sizeof pending);
    const unsigned long none = 0;
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

/// Goes through the candidates as a shell does: one that may not be executed is remembered, not final.
PS_IN_CHILD int execute(const Start& start)
{
    int error = ENOENT;
    for (const char* const* program = start.programs; *program != nullptr; ++program) {
        ::syscall(SYS_execve, *program, start.arguments, start.environment);
        if (errno == EACCES) {
            error = EACCES;
        } else if (errno != ENOENT && (errno != ENOTDIR || start.programs[1] == nullptr)) {
            return errno;
        }
    }
    return error;
}

/// \return why it did not.
PS_IN_CHILD int becomeProgram(Start& start)
{
    if (!setStreams(start)) {
        return errno;
    }
    start.step = Step::Folder;
    if (start.folder != nullptr && ::syscall(SYS_chdir, start.folder) != 0) {
        return errno;
    }
    start.step = Step::Program;
    resetSignals();
    return execute(start);
}

PS_IN_CHILD int runChild(void* argument)
{
    Start& start = *static_cast<Start*>(argument);
    ::syscall(SYS_setpgid, 0, 0);
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::syscall(SYS_getppid) != start.parent) {
        ::syscall(SYS_exit_group, EXIT_FAILURE); // it died before it could be noticed
    }
    start.error = becomeProgram(start);
    ::syscall(SYS_exit_group, EXIT_FAILURE);
    return EXIT_FAILURE;
}

/// \return the environment's value of \p name among \p entries, the last one first, then ours.
std::string_view lookUp(const std::vector<std::string>& entries, std::string_view name,
                        std::string_view otherwise)
{
    const auto found = std::find_if(entries.rbegin(), entries.rend(), [name](const auto& entry) {
        return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
    });
    if (found != entries.rend()) {
        return std::string_view(*found).substr(name.size() + 1);
    }
    const char* ours = std::getenv(std::string(name).c_str()); // NOLINT(concurrency-mt-unsafe)
    return ours != nullptr ? ours : otherwise;
}

/// \return where \p program may lie, in the order of PATH.
std::vector<std::string> candidates(const std::string& program, std::string_view path)
{
    if (program.find('/') != std::string::npos) {
        return {program};
    }
    std::vector<std::string> all;
    for (std::size_t begin = 0; begin <= path.size() && !program.empty();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const std::string_view folder = path.substr(begin, end - begin);
        all.push_back(std::string(folder.empty() ? "." : folder) + '/' + program);
        begin = end + 1;
    }
    return all;
}

std::vector<char*> pointersTo(const std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const std::string& text : texts) {
        pointers.push_back(const_cast<char*>(text.c_str())); // exec() does not write there
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// \return our environment with \p entries in place of what they name.
std::vector<char*> mergedEnvironment(const std::vector<std::string>& entries)
{
    std::vector<char*> merged = pointersTo(entries);
    merged.pop_back();
    for (char** ours = ::environ; *ours != nullptr; ++ours) {
        const std::string_view entry = *ours;
        const std::string_view name = entry.substr(0, entry.find('=') + 1);
        const bool isReplaced =
            std::any_of(entries.begin(), entries.end(),
                        [name](const auto& own) { return own.starts_with(name); });
        if (!isReplaced) {
            merged.push_back(*ours);
        }
    }
    merged.push_back(nullptr);
    return merged;
}

std::string reason(int number)
{
    return std::generic_category().message(number);
}

Error cannotStart(int number)
{
    const char* advice =
        number == EMFILE || number == ENFILE ? "; close some files or raise the limit (ulimit -n)"
        : number == EAGAIN ? "; use fewer workers or raise the limit on processes (ulimit -u)"
                           : "";
    return Error{"cannot be started: " + reason(number) + advice};
}

Error programError(const std::string& program, const std::string& path, int number)
{
    const bool hasFolder = program.find('/') != std::string::npos;
    if (number == E2BIG) {
        return Error{"cannot be started: its arguments and environment are longer than the system "
                     "allows (" +
                     reason(number) + ")"};
    }
    if (number == ENOENT && !hasFolder) {
        return Error{"cannot be started: there is no program '" + program + "' in PATH (" + path +
                     ")"};
    }
    if (number == ENOENT && ::access(program.c_str(), F_OK) == 0) {
        return Error{"cannot be started: the interpreter that the first line of '" + program +
                     "' names does not exist"};
    }
    if (number == ENOEXEC) {
        return Error{"cannot be started: '" + program +
                     "' is no program of this machine; a script needs a first line like #!/bin/sh"};
    }
    if (number == EACCES) {
        return Error{"cannot be started: '" + program + "' may not be executed (" + reason(number) +
                     "); chmod +x makes a file a program"};
    }
    return Error{"cannot be started: '" + program + "': " + reason(number)};
}

Error startError(const ChildSetup& setup, const std::string& path, const Start& start)
{
    switch (start.step) {
    case Step::Streams:
        return cannotStart(start.error);
    case Step::Folder:
        return Error{"cannot be started: the folder '" + setup.folder +
                     "' cannot be entered: " + reason(start.error)};
    case Step::Program:
        break;
    }
    return programError(setup.arguments.front(), path, start.error);
}

/// clone(), with every signal blocked meanwhile. \return the child's id, or -1 with errno.
int cloneChild(Start& start, int& exitFd)
{
    constexpr std::size_t kStackBytes = 16384; // for a few calls into the kernel
    alignas(16) std::array<char, kStackBytes> stack;
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    // Shares our memory, and this thread waits until it has become another program.
    const int id = ::__clone(runChild, stack.data() + stack.size(),
                             CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &start, &exitFd);
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return id;
}

Nanos toNanos(const timeval& time)
{
    return time.tv_sec * kNanosPerSecond + time.tv_usec * kNanosPerMicro;
}

ChildEnd endOf(int status, const rusage& used)
{
    ChildEnd end;
    end.how = WIFEXITED(status) ? ChildEnd::How::Exited : ChildEnd::How::Signalled;
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    end.hasDumpedCore = WIFSIGNALED(status) && WCOREDUMP(status);
    end.userNs = toNanos(used.ru_utime);
    end.systemNs = toNanos(used.ru_stime);
    rusage ours{};
    ::getrusage(RUSAGE_SELF, &ours);
    constexpr std::uint64_t kUnit = 1024;
    end.peakBytes = static_cast<std::uint64_t>(used.ru_maxrss) * kUnit;
    end.isPeakOwn = used.ru_maxrss > ours.ru_maxrss;
    return end;
}

} // namespace

Result<ChildProcess> ChildProcess::start(const ChildSetup& setup)
{
    if (setup.arguments.empty()) {
        return Error{"cannot be started: the command is empty"};
    }
    const std::string path(lookUp(setup.environment, "PATH", "/usr/local/bin:/usr/bin:/bin"));
    const std::vector<std::string> programs = candidates(setup.arguments.front(), path);
    const std::vector<char*> programPointers = pointersTo(programs);
    const std::vector<char*> arguments = pointersTo(setup.arguments);
    const std::vector<char*> environment = mergedEnvironment(setup.environment);
    Start start{.programs = programPointers.data(),
                .arguments = arguments.data(),
                .environment = environment.data(),
                .folder = setup.folder.empty() ? nullptr : setup.folder.c_str(),
                .outputFd = setup.outputFd,
                .errorFd = setup.errorFd,
                .parent = ::getpid()};
    int exitFd = -1;
    const int id = cloneChild(start, exitFd);
    if (id < 0) {
        return cannotStart(errno);
    }
    ChildProcess child(id, UniqueFd(exitFd));
    if (start.error != 0) {
        return startError(setup, path, start); // the child is waited for on the way out
    }
    return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : m_id(std::exchange(other.m_id, 0))
    , m_exitFd(std::move(other.m_exitFd))
{}

ChildProcess::~ChildProcess()
{
    if (m_id != 0) {
        signalGroup(SIGKILL);
        static_cast<void>(reap());
    }
}

void ChildProcess::signalGroup(int signal) const noexcept
{
    if (m_id != 0) {
        ::kill(-m_id, signal);
    }
}

int ChildProcess::stoppedBy() const noexcept
{
    siginfo_t info{};
    const int failure =
        ::waitid(P_PIDFD, static_cast<id_t>(m_exitFd.get()), &info, WSTOPPED | WNOHANG | WNOWAIT);
    return failure == 0 && info.si_pid != 0 && info.si_code == CLD_STOPPED ? info.si_status : 0;
}

ChildEnd ChildProcess::reap()
{
    siginfo_t info{};
    int failure = 0;
    do {
        failure = ::waitid(P_PIDFD, static_cast<id_t>(m_exitFd.get()), &info, WEXITED | WNOWAIT);
    } while (failure != 0 && errno == EINTR);
    if (failure == 0) {
        signalGroup(SIGKILL); // while the dead one still holds the group's number
    }
    int status = 0;
    rusage used{};
    pid_t reaped = 0;
    while ((reaped = ::wait4(m_id, &status, 0, &used)) < 0 && errno == EINTR) {
    }
    const bool isOurs = reaped == std::exchange(m_id, 0);
    return isOurs ? endOf(status, used) : ChildEnd{};
}

} // namespace poolscope
