// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_poll.h"

#include <sys/epoll.h>
#include <system_error>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <string>

namespace poolscope {

namespace {

constexpr std::uint64_t kQueueToken = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kReaperToken = kQueueToken - 1;

std::uint64_t messageToken(int worker)
{
    return 2 * static_cast<std::uint64_t>(worker);
}

bool control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t token)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = token;
    return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

WorkerPoll::Event toEvent(std::uint64_t token)
{
    if (token == kQueueToken) {
        return {WorkerPoll::Kind::Queue, 0};
    }
    if (token == kReaperToken) {
        return {WorkerPoll::Kind::Reaper, 0};
    }
    return {token % 2 == 0 ? WorkerPoll::Kind::Message : WorkerPoll::Kind::Output,
            static_cast<int>(token / 2)};
}

int timeoutMs(Nanos until)
{
    if (until == WorkerPoll::kForever) {
        return -1;
    }
    const Nanos left = std::max<Nanos>(until - monotonicNow(), 0);
    return static_cast<int>((left + kNanosPerMilli - 1) / kNanosPerMilli);
}

} // namespace

Result<void> WorkerPoll::open(int queueFd)
{
    m_epoll = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    if (!m_epoll.isOpen() ||
        !control(m_epoll.get(), EPOLL_CTL_ADD, queueFd, EPOLLIN, kQueueToken)) {
        return Error{
            "The process pool gets no descriptor: " + std::generic_category().message(errno) +
            ". Raise the limit on open files (ulimit -n)."};
    }
    return {};
}

Result<void> WorkerPoll::watchReaper(int fd)
{
    if (!control(m_epoll.get(), EPOLL_CTL_ADD, fd, EPOLLIN, kReaperToken)) {
        return Error{"The reaper of the worker processes cannot be watched: " +
                     std::generic_category().message(errno)};
    }
    return {};
}

Result<void> WorkerPoll::watch(const WorkerProcess& process, int worker)
{
    const std::uint64_t token = messageToken(worker);
    if (!control(m_epoll.get(), EPOLL_CTL_ADD, process.socketFd(), EPOLLIN, token) ||
        !control(m_epoll.get(), EPOLL_CTL_ADD, process.outputFd(), EPOLLIN, token + 1)) {
        return Error{"A worker process cannot be watched: " +
                     std::generic_category().message(errno)};
    }
    const auto index = static_cast<std::size_t>(worker);
    m_isWriteWatched.resize(std::max(m_isWriteWatched.size(), index + 1));
    m_isWriteWatched[index] = false;
    return {};
}

void WorkerPoll::watchWrites(const WorkerProcess& process, int worker)
{
    const auto index = static_cast<std::size_t>(worker);
    if (index >= m_isWriteWatched.size()) {
        return; // its process has not started yet: nothing was sent to it
    }
    const bool isWanted = process.hasUnsent();
    if (m_isWriteWatched[index] != isWanted) {
        m_isWriteWatched[index] = isWanted;
        const std::uint32_t events = isWanted ? EPOLLIN | EPOLLOUT : EPOLLIN;
        control(m_epoll.get(), EPOLL_CTL_MOD, process.socketFd(), events, messageToken(worker));
    }
}

void WorkerPoll::ignoreSocket(const WorkerProcess& process)
{
    control(m_epoll.get(), EPOLL_CTL_DEL, process.socketFd(), 0, 0);
}

void WorkerPoll::ignoreOutput(const WorkerProcess& process)
{
    control(m_epoll.get(), EPOLL_CTL_DEL, process.outputFd(), 0, 0);
}

const std::vector<WorkerPoll::Event>& WorkerPoll::wait(Nanos until)
{
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()),
                                   timeoutMs(until));
    m_events.clear();
    for (int i = 0; i < count; ++i) { // below 0 when a signal came: nothing happened
        m_events.push_back(toEvent(events[static_cast<std::size_t>(i)].data.u64));
    }
    return m_events;
}

} // namespace poolscope
