// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <utility>

namespace poolscope {

namespace {

Error spawnError(const std::string& program, int number)
{
    return Error{
        "The worker program " + program +
        " cannot be started: " + std::generic_category().message(number) +
        ". It is installed beside poolscope; name another place with the setting for the worker "
        "program."};
}

/// \return a copy of \p fd above every number the child uses, so that moving one descriptor to its
/// place there cannot overwrite the other.
UniqueFd lifted(int fd)
{
    constexpr int kAboveWorkerFds = 16;
    return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, kAboveWorkerFds));
}

class SpawnActions
{
public:
    SpawnActions(int socketFd, int pageFd)
    {
        ::posix_spawn_file_actions_init(&m_actions);
        ::posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        // The program's standard output is for results; what a kernel prints is not one.
        ::posix_spawn_file_actions_adddup2(&m_actions, STDERR_FILENO, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&m_actions, socketFd, kWorkerSocketFd);
        ::posix_spawn_file_actions_adddup2(&m_actions, pageFd, kWorkerPageFd);
        ::posix_spawn_file_actions_addclosefrom_np(&m_actions, kWorkerPageFd + 1);
    }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&m_actions); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions{};
};

/// A process group of its own, and signals as a new program expects them.
class SpawnAttributes
{
public:
    SpawnAttributes()
    {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_init(&m_attributes);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                      POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&m_attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    [[nodiscard]] const posix_spawnattr_t* get() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes{};
};

std::string describe(const siginfo_t& info)
{
    const int status = info.si_status;
    if (info.si_code == CLD_EXITED) {
        return status == 0 ? std::string{} : "exited with status " + std::to_string(status);
    }
    const char* name = ::sigdescr_np(status);
    return "killed by signal " + std::to_string(status) + " (" +
           (name != nullptr ? name : "unknown") + ")";
}

} // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::spawn(const std::string& program)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return spawnError(program, errno);
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    Result<SharedMemory> memory = SharedMemory::create("poolscope-worker", sizeof(WorkerPage));
    if (!memory) {
        return Error{"A worker process cannot be started: " + memory.error().message};
    }
    auto* page = new (memory.value().data()) WorkerPage;
    const UniqueFd socketFd = lifted(theirs.get());
    const UniqueFd pageFd = lifted(memory.value().fd());
    if (!socketFd.isOpen() || !pageFd.isOpen()) {
        return spawnError(program, errno);
    }
    const SpawnActions actions(socketFd.get(), pageFd.get());
    const SpawnAttributes attributes;
    std::string name = "poolscope-worker";
    std::string option = "--pool";
    std::string parent = std::to_string(::getpid());
    std::array<char*, 4> arguments{name.data(), option.data(), parent.data(), nullptr};
    pid_t processId = 0;
    const int failure = ::posix_spawn(&processId, program.c_str(), actions.get(), attributes.get(),
                                      arguments.data(), ::environ);
    if (failure != 0) {
        return spawnError(program, failure);
    }
    std::unique_ptr<WorkerProcess> worker(
        new WorkerProcess(processId, std::move(ours), std::move(memory).value(), page));
    if (!worker->m_exit.isOpen()) {
        return spawnError(program, errno);
    }
    return worker;
}

WorkerProcess::WorkerProcess(int processId, UniqueFd socket, SharedMemory memory, WorkerPage* page)
    : m_processId(processId)
    , m_socket(std::move(socket))
    , m_exit(static_cast<int>(::syscall(SYS_pidfd_open, processId, 0)))
    , m_memory(std::move(memory))
    , m_page(page)
{}

WorkerProcess::~WorkerProcess()
{
    if (!m_isReaped) {
        kill();
        while (::waitpid(m_processId, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

void WorkerProcess::send(std::string_view bytes)
{
    m_outbox += bytes;
    flush();
}

void WorkerProcess::flush()
{
    while (hasUnsent()) {
        const ssize_t count = ::send(m_socket.get(), m_outbox.data() + m_sent,
                                     m_outbox.size() - m_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return; // full for now, or the worker is gone, which its exit tells
        }
        m_sent += static_cast<std::size_t>(count);
    }
    m_outbox.clear();
    m_sent = 0;
}

void WorkerProcess::receive()
{
    constexpr std::size_t kAtOnce = 4096; // hello and doorbells are short
    std::array<char, kAtOnce> bytes;
    for (;;) {
        const ssize_t count = ::recv(m_socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            m_hasHungUp = count == 0;
            break;
        }
        m_socketMessages.append({bytes.data(), static_cast<std::size_t>(count)});
        if (static_cast<std::size_t>(count) < bytes.size()) {
            break;
        }
    }
    m_page->isRung.store(0, std::memory_order_seq_cst); // before the ring is read
    m_inbox.clear();
    m_isRingSound = m_isRingSound && m_page->results.read(m_inbox);
    m_ringMessages.append(m_inbox);
}

std::optional<Message> WorkerProcess::nextMessage()
{
    if (m_isRefused) {
        return std::nullopt;
    }
    // The socket first: its hello comes before any result.
    std::optional<Message> message = m_socketMessages.next();
    return message ? message : m_ringMessages.next();
}

bool WorkerProcess::isMalformed() const
{
    return m_isRefused || !m_isRingSound || m_socketMessages.hasFailed() ||
           m_ringMessages.hasFailed();
}

void WorkerProcess::kill() noexcept
{
    if (!m_isReaped) {
        ::kill(-m_processId, SIGKILL);
        ::kill(m_processId, SIGKILL);
    }
}

std::optional<std::string> WorkerProcess::reap()
{
    siginfo_t info{};
    const int failure =
        ::waitid(P_PIDFD, static_cast<id_t>(m_exit.get()), &info, WEXITED | WNOHANG | WNOWAIT);
    if (failure != 0 && errno == ECHILD) {
        m_isReaped = true; // somebody else in this program waits for every child
        return "ended in an unknown way";
    }
    if (failure != 0 || info.si_pid == 0) {
        return std::nullopt;
    }
    ::kill(-m_processId,
           SIGKILL); // what it started; its group's number is still taken by the dead one
    ::waitid(P_PIDFD, static_cast<id_t>(m_exit.get()), &info, WEXITED | WNOHANG);
    m_isReaped = true;
    return describe(info);
}

} // namespace poolscope
