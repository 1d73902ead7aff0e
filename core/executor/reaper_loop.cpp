// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/reaper_loop.h"

#include "core/base/thread_name.h"
#include "core/base/time.h"
#include "core/base/unique_fd.h"
#include "core/executor/fd_message.h"
#include "core/executor/reaper_protocol.h"
#include "core/executor/spawn_child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

/// Of processes that cannot be killed: another user's, or stuck in the kernel.
constexpr Nanos kLastPatience = 5 * kNanosPerSecond;

bool isSocket(int fd)
{
    struct stat status
    {};
    return ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

/// \return a descriptor that becomes readable when a child changes its state. Nothing but SIGKILL and
/// SIGSTOP disturbs the reaper from here on: it ends with its pool.
UniqueFd blockSignals()
{
    sigset_t all;
    sigset_t childSignals;
    ::sigfillset(&all);
    ::sigemptyset(&childSignals);
    ::sigaddset(&childSignals, SIGCHLD);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    return UniqueFd(::signalfd(-1, &childSignals, SFD_CLOEXEC | SFD_NONBLOCK));
}

/// \return the children of this process, dead ones that were not waited for included.
std::vector<pid_t> listChildren()
{
    std::string text;
    // Opened anew each time: the file is made up when it is read from its beginning.
    const UniqueFd file(::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> piece;
    ssize_t count = 0;
    while ((count = ::read(file.get(), piece.data(), piece.size())) > 0) {
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
    std::vector<pid_t> children; // "12 34 "
    for (const char* at = text.c_str(); *at != '\0';) {
        char* end = nullptr;
        children.push_back(static_cast<pid_t>(std::strtol(at, &end, 10)));
        at = *end == ' ' ? end + 1 : end;
    }
    return children;
}

WorkerExit exitOf(int status, const rusage& usage)
{
    constexpr std::int64_t kBytesPerUnit = 1024;
    WorkerExit exit;
    exit.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    exit.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    exit.peakBytes = usage.ru_maxrss * kBytesPerUnit;
    return exit;
}

class Reaper
{
public:
    Reaper(const std::string& workerProgram, std::vector<std::string> workerWords,
           UniqueFd childSignals)
        : m_workerProgram(workerProgram)
        , m_workerWords(std::move(workerWords))
        , m_childSignals(std::move(childSignals))
    {}

    void run();

private:
    [[nodiscard]] bool obey();
    void startWorker(const ReaperRequest& request, const std::vector<UniqueFd>& fds);
    void collect();
    void childChanged(pid_t processId, int status, const rusage& usage);
    void killStrays();
    void killEverything();
    void tell(const ReaperNotice& notice, int fd = -1);

    const std::string m_workerProgram;
    const std::vector<std::string> m_workerWords;
    const UniqueFd m_childSignals;
    std::map<pid_t, std::uint64_t> m_workers; ///< process id → the pool's number
    bool m_isPoolGone = false;
};

void Reaper::run()
{
    std::array<pollfd, 2> sources{pollfd{kReaperSocketFd, POLLIN, 0},
                                  pollfd{m_childSignals.get(), POLLIN, 0}};
    while (!m_isPoolGone) {
        ::poll(sources.data(), sources.size(), -1);
        if (sources[1].revents != 0) {
            collect();
        }
        if (sources[0].revents != 0 && !obey()) {
            break;
        }
    }
    killEverything();
}

/// \return false when the pool is gone.
bool Reaper::obey()
{
    ReaperRequest request;
    std::vector<UniqueFd> fds;
    switch (receivePacket(kReaperSocketFd, &request, sizeof(request), fds)) {
    case PacketOutcome::Closed:
        return false;
    case PacketOutcome::Nothing:
        return true;
    case PacketOutcome::Received:
        break;
    }
    startWorker(request, fds);
    return true;
}

void Reaper::startWorker(const ReaperRequest& request, const std::vector<UniqueFd>& fds)
{
    ReaperNotice notice;
    notice.worker = request.worker;
    notice.kind = ReaperNotice::Kind::StartFailed;
    notice.error = EPROTO;
    pid_t processId = 0;
    if (fds.size() == kReaperRequestFds) {
        SpawnSetup setup;
        setup.program = m_workerProgram;
        setup.arguments = {"poolscope-worker", "--pool", std::to_string(::getpid())};
        setup.arguments.insert(setup.arguments.end(), m_workerWords.begin(), m_workerWords.end());
        setup.fds = {fds[0].get(), fds[1].get()};
        setup.outputFd = fds[2].get();
        notice.error = spawnChild(setup, processId);
    }
    UniqueFd process;
    if (notice.error == 0) {
        m_workers[processId] = request.worker;
        notice.kind = ReaperNotice::Kind::Started;
        notice.processId = processId;
        process = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, processId, 0)));
    }
    tell(notice, process.get());
}

void Reaper::collect()
{
    std::array<signalfd_siginfo, 16> signals; // they say no more than "look"
    while (::read(m_childSignals.get(), signals.data(), sizeof(signals)) > 0) {
    }
    for (;;) {
        int status = 0;
        rusage usage{};
        const pid_t processId = ::wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED, &usage);
        if (processId <= 0) {
            break;
        }
        childChanged(processId, status, usage);
    }
    // What a worker that has just gone leaves behind is ours now. Its own children come when it dies,
    // with another signal.
    killStrays();
}

void Reaper::childChanged(pid_t processId, int status, const rusage& usage)
{
    const auto worker = m_workers.find(processId);
    if (worker == m_workers.end()) {
        return;
    }
    ReaperNotice notice;
    notice.worker = worker->second;
    notice.processId = processId;
    if (WIFSTOPPED(status)) {
        notice.kind = ReaperNotice::Kind::Stopped;
        notice.error = WSTOPSIG(status);
    } else if (WIFCONTINUED(status)) {
        notice.kind = ReaperNotice::Kind::Continued;
    } else {
        notice.kind = ReaperNotice::Kind::Ended;
        notice.exit = exitOf(status, usage);
        m_workers.erase(worker);
    }
    tell(notice);
}

void Reaper::killStrays()
{
    for (const pid_t child : listChildren()) {
        if (!m_workers.contains(child)) {
            ::kill(child, SIGKILL);
        }
    }
}

void Reaper::killEverything()
{
    m_workers.clear();
    const Nanos patienceEnds = monotonicNow() + kLastPatience;
    pollfd source{m_childSignals.get(), POLLIN, 0};
    for (;;) {
        killStrays();
        std::array<signalfd_siginfo, 16> signals;
        while (::read(m_childSignals.get(), signals.data(), sizeof(signals)) > 0) {
        }
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
        }
        if (ended < 0 || monotonicNow() > patienceEnds) {
            return; // no child is left
        }
        constexpr int kLookAgainMs = 20; // at what came to us since we looked
        ::poll(&source, 1, kLookAgainMs);
    }
}

void Reaper::tell(const ReaperNotice& notice, int fd)
{
    m_isPoolGone = m_isPoolGone || !sendPacket(kReaperSocketFd, &notice, sizeof(notice), {fd});
}

} // namespace

int runReaper(const std::string& workerProgram, std::vector<std::string> workerWords)
{
    UniqueFd childSignals = blockSignals();
    if (!isSocket(kReaperSocketFd) || !childSignals.isOpen()) {
        std::fputs(
            "poolscope-reaper: this program is started by poolscope, for its process pools\n",
            stderr);
        return 2;
    }
    setThreadName("ps-reaper");
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    Reaper(workerProgram, std::move(workerWords), std::move(childSignals)).run();
    return EXIT_SUCCESS;
}

} // namespace poolscope
