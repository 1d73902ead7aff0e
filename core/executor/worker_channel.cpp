// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_channel.h"

#include "core/base/fast_clock.h"
#include "core/base/pause_briefly.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace poolscope {

namespace {

/// Results of quick tasks are announced together, but none is held back longer than this while
/// further tasks of its chunk run, and while further chunks run.
constexpr Nanos kLongestHold = kNanosPerMilli;
constexpr Nanos kLongestHoldOfChunk = 50 * kNanosPerMicro;
constexpr std::uint32_t kMostHeld = ResultRing::kCount / 4; ///< results
constexpr int kMostHeldChunks = kMostHeld; ///< or the pool would have to wait for the next ones
constexpr std::uint32_t kReleasedTogether = 64; ///< requests
/// A worker that waits awake leaves the pool so long to look by itself.
constexpr Nanos kBellPause = 2 * kNanosPerMicro;

} // namespace

void dieWithGroup()
{
    if (::getpgrp() == ::getpid()) {
        ::kill(0, SIGKILL);
    }
    ::_exit(EXIT_FAILURE);
}

WorkerChannel::WorkerChannel(WorkerPage& page, int memoryFd)
    : m_page(page)
    , m_requests(page.requests)
    , m_results(page.results)
    , m_requestValues(memoryFd, sizeof(WorkerPage), ValueWay::ToWorker)
    , m_resultValues(memoryFd, sizeof(WorkerPage), ValueWay::FromWorker)
{}

std::optional<WorkerChannel::Request> WorkerChannel::next()
{
    if (std::exchange(m_holdsValue, false)) {
        m_page.valuesDone.fetch_add(1, std::memory_order_release); // what was read was read before
    }
    if (m_requests.waiting() == 0) {
        awaitCell();
    }
    m_cell = m_requests.take();
    if (m_requests.count() % kReleasedTogether == 0) {
        m_requests.release();
    }
    switch (static_cast<RequestKind>(m_cell.kind)) {
    case RequestKind::Tasks:
        return readRequest(m_cell, m_tasks) ? std::optional<Request>(&m_tasks) : std::nullopt;
    case RequestKind::Message:
        return nextMessage();
    case RequestKind::Stored:
        return nextStored();
    case RequestKind::Stop:
        announce();
        return Stop{};
    }
    return std::nullopt;
}

/// Waits awake as long as that is likely to be quicker, then asleep.
void WorkerChannel::awaitCell()
{
    m_hasPaused = true;
    m_requests.release();
    const Nanos idleSinceNs = fastNow();
    while (m_requests.waiting() == 0) {
        const Nanos now = fastNow();
        const bool maySpin =
            m_page.maySpin.load(std::memory_order_relaxed) != 0 && m_spin.maySpin(idleSinceNs, now);
        if ((m_held > 0 || m_hasSkipped) && (!maySpin || now - idleSinceNs >= kBellPause)) {
            announce();
        }
        if (maySpin) {
            pauseBriefly();
        } else {
            m_requests.sleep(kNever);
        }
    }
    m_spin.foundAfter(fastNow() - idleSinceNs);
}

std::optional<WorkerChannel::Request> WorkerChannel::nextMessage()
{
    m_hasPaused = true;
    std::optional<Message> message = m_messages.next();
    while (!message) {
        if (m_messages.hasFailed() || !receiveMore()) {
            return std::nullopt;
        }
        message = m_messages.next();
    }
    if (message->kind == MessageKind::Job) {
        std::optional<JobMessage> job = decodeJob(message->body);
        return job ? std::optional<Request>(std::move(*job)) : std::nullopt;
    }
    if (message->kind == MessageKind::Tasks) {
        std::optional<TasksMessage> tasks = decodeTasks(message->body);
        if (tasks) {
            m_tasks = std::move(*tasks); // valid until the parser is asked again
            return &m_tasks;
        }
    }
    return std::nullopt;
}

std::optional<WorkerChannel::Request> WorkerChannel::nextStored()
{
    m_hasPaused = true;
    m_holdsValue = true;
    const std::optional<ValuePlace> place = readPlace(m_cell);
    const auto body = place ? m_requestValues.read(*place) : std::nullopt;
    std::optional<TasksMessage> tasks = body ? decodeTasks(*body) : std::nullopt;
    if (!tasks) {
        return std::nullopt;
    }
    m_tasks = std::move(*tasks);
    return &m_tasks;
}

bool WorkerChannel::receiveMore()
{
    constexpr std::size_t kAtOnce = 65536;
    std::array<char, kAtOnce> bytes;
    for (;;) {
        const ssize_t count = ::recv(kWorkerSocketFd, bytes.data(), bytes.size(), 0);
        if (count > 0) {
            m_messages.append({bytes.data(), static_cast<std::size_t>(count)});
            return true;
        }
        if (count == 0) {
            dieWithGroup();
        }
        if (errno != EINTR) {
            return false;
        }
    }
}

void WorkerChannel::put(const ResultMessage& result)
{
    while (m_results.room() == 0) {
        announce();
        m_results.sleep(deadlineAfter(kNanosPerSecond));
    }
    ResultCell& cell = m_results.add();
    if (!putResult(result, cell) && !store(result, cell)) {
        putMessage(result);
    }
    m_results.publish();
    if (m_held++ == 0) {
        m_heldSinceNs = result.endNs;
    }
    if (m_held >= kMostHeld || result.endNs - m_heldSinceNs >= kLongestHold) {
        announce();
    }
}

/// \return false when the result is none for the area, or there is no room for it.
bool WorkerChannel::store(const ResultMessage& result, ResultCell& cell)
{
    const auto* text = std::get_if<std::string>(&result.value);
    if (text == nullptr || text->size() < kLargeValueBytes || !result.error.empty() ||
        result.cost) {
        return false;
    }
    const std::uint32_t read = m_results.readCount();
    while (!m_storedResults.empty() &&
           static_cast<std::int32_t>(read - m_storedResults.front()) >= 0) {
        m_storedResults.pop_front();
        m_resultRoom.dropFirst();
    }
    const std::optional<ValuePlace> place = m_resultRoom.take(text->size());
    if (!place) {
        return false;
    }
    const std::string_view piece = *text;
    if (!m_resultValues.write({&piece, 1}, place->offset)) {
        m_resultRoom.dropLast();
        return false;
    }
    m_storedResults.push_back(m_results.count());
    putPlace(result, *place, cell);
    return true;
}

void WorkerChannel::putMessage(const ResultMessage& result)
{
    std::string_view rest = m_writer.result(result);
    rest.remove_prefix(m_page.longResults.write(rest));
    while (!rest.empty()) {
        ring();
        m_page.longResults.waitForRoom(kNanosPerSecond);
        rest.remove_prefix(m_page.longResults.write(rest));
    }
}

void WorkerChannel::chunkEnded(Nanos now)
{
    ++m_heldChunks;
    if (m_held > 0 &&
        (m_heldChunks >= kMostHeldChunks || now - m_heldSinceNs >= kLongestHoldOfChunk)) {
        announce();
    }
}

void WorkerChannel::announce()
{
    m_held = 0;
    m_hasSkipped = false;
    m_heldChunks = 0;
    ring();
}

void WorkerChannel::ring()
{
    m_hasPaused = true;
    if (!m_page.announcement.announce(++m_announcements)) {
        return;
    }
    std::string_view bytes = m_bell.doorbell();
    while (!bytes.empty()) {
        const ssize_t count = ::send(kWorkerSocketFd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            dieWithGroup();
        }
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

} // namespace poolscope
