// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/reaper_process.h"

#include "core/executor/fd_message.h"
#include "core/executor/spawn_child.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

/// Longer than the reaper takes for what cannot be killed.
constexpr int kEndPatienceMs = 10'000;

Error spawnError(const std::string& program, int number)
{
    return Error{
        "The helper program " + program +
        " cannot be started: " + std::generic_category().message(number) +
        ". It is installed beside poolscope and poolscope-worker; name another place with the "
        "setting for the reaper program."};
}

} // namespace

Result<std::unique_ptr<ReaperProcess>> ReaperProcess::spawn(Programs programs)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return spawnError(programs.reaper, errno);
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    SpawnSetup setup;
    setup.program = programs.reaper;
    setup.arguments = {"poolscope-reaper", "--pool", std::to_string(kReaperProtocol),
                       programs.worker};
    setup.arguments.insert(setup.arguments.end(), programs.workerWords.begin(),
                           programs.workerWords.end());
    setup.fds = {theirs.get()};
    pid_t processId = 0;
    if (const int failure = spawnChild(setup, processId); failure != 0) {
        return spawnError(programs.reaper, failure);
    }
    return std::unique_ptr<ReaperProcess>(
        new ReaperProcess(std::move(programs), processId, std::move(ours)));
}

ReaperProcess::ReaperProcess(Programs programs, int processId, UniqueFd socket)
    : m_programs(std::move(programs))
    , m_processId(processId)
    , m_socket(std::move(socket))
{}

ReaperProcess::~ReaperProcess()
{
    m_socket.reset(); // it takes everything down with it
    const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, m_processId, 0)));
    pollfd end{process.get(), POLLIN, 0};
    int ready = 0;
    while ((ready = ::poll(&end, 1, kEndPatienceMs)) < 0 && errno == EINTR) {
    }
    if (ready == 0) {
        ::kill(m_processId, SIGKILL);
    }
    while (::waitpid(m_processId, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<void> ReaperProcess::requestWorker(std::uint64_t number, int socketFd, int pageFd,
                                          int outputFd)
{
    ReaperRequest request;
    request.worker = number;
    if (!sendPacket(m_socket.get(), &request, sizeof(request), {socketFd, pageFd, outputFd})) {
        m_isGone = true;
        return Error{"The helper program " + m_programs.reaper + " (process " +
                     std::to_string(m_processId) +
                     ") is gone. Check that it is the poolscope-reaper of this version."};
    }
    return {};
}

std::optional<ReaperProcess::Notice> ReaperProcess::nextNotice()
{
    ReaperNotice what;
    std::vector<UniqueFd> fds;
    switch (receivePacket(m_socket.get(), &what, sizeof(what), fds)) {
    case PacketOutcome::Nothing:
        return std::nullopt;
    case PacketOutcome::Closed:
        m_isGone = true;
        return std::nullopt;
    case PacketOutcome::Received:
        break;
    }
    return Notice{what, fds.empty() ? UniqueFd() : std::move(fds.front())};
}

std::optional<ReaperProcess::Notice> ReaperProcess::awaitNotice(Nanos patience)
{
    const Nanos until = monotonicNow() + patience;
    for (;;) {
        std::optional<Notice> notice = nextNotice();
        const Nanos left = until - monotonicNow();
        if (notice || m_isGone || left <= 0) {
            return notice;
        }
        pollfd source{m_socket.get(), POLLIN, 0};
        ::poll(&source, 1, static_cast<int>(left / kNanosPerMilli) + 1);
    }
}

} // namespace poolscope
