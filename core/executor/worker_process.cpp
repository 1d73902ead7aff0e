// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_process.h"

#include "core/executor/reaper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <utility>

namespace poolscope {

namespace {

Error noDescriptor(const std::string& program, int number)
{
    return Error{"The worker program " + program +
                 " cannot be started: " + std::generic_category().message(number) +
                 ". Raise the limit on open files (ulimit -n)."};
}

struct Pair
{
    UniqueFd ours;
    UniqueFd theirs;
};

/// Both ends close-on-exec; a failure leaves them closed and errno set.
Pair makeSocketPair()
{
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Pair makeOutputPipe()
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK); // our end only: theirs is a worker's standard output
    }
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

} // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::spawn(ReaperProcess& reaper,
                                                            std::uint64_t number)
{
    Pair sockets = makeSocketPair();
    Pair output = makeOutputPipe();
    if (!sockets.ours.isOpen() || !output.ours.isOpen()) {
        return noDescriptor(reaper.workerProgram(), errno);
    }
    const std::size_t bytes = ValueArea::isAllowed(sizeof(WorkerPage))
                                  ? ValueArea::memoryBytes(sizeof(WorkerPage))
                                  : sizeof(WorkerPage);
    Result<SharedMemory> memory =
        SharedMemory::create("poolscope-worker", bytes, sizeof(WorkerPage));
    if (!memory) {
        return Error{"A worker process cannot be started: " + memory.error().message};
    }
    auto* page = new (memory.value().data()) WorkerPage;
    if (const Result<void> asked = reaper.requestWorker(number, sockets.theirs.get(),
                                                        memory.value().fd(), output.theirs.get());
        !asked) {
        return asked.error();
    }
    return std::unique_ptr<WorkerProcess>(new WorkerProcess(
        number, std::move(sockets.ours), std::move(output.ours), std::move(memory).value(), page));
}

WorkerProcess::WorkerProcess(std::uint64_t number, UniqueFd socket, UniqueFd outputPipe,
                             SharedMemory memory, WorkerPage* page)
    : m_number(number)
    , m_socket(std::move(socket))
    , m_outputPipe(std::move(outputPipe))
    , m_memory(std::move(memory))
    , m_page(page)
    , m_requests(page->requests)
    , m_results(page->results)
    , m_requestValues(m_memory.fd(), sizeof(WorkerPage), ValueWay::ToWorker)
    , m_resultValues(m_memory.fd(), sizeof(WorkerPage), ValueWay::FromWorker)
{}

WorkerProcess::~WorkerProcess()
{
    kill();
}

void WorkerProcess::started(int processId, UniqueFd process) noexcept
{
    m_processId = processId;
    m_process = std::move(process);
    if (m_isToBeKilled) {
        kill();
    }
}

void WorkerProcess::postJob(std::string_view message)
{
    m_requests.add().kind = static_cast<std::uint8_t>(RequestKind::Message);
    m_outbox += message;
}

void WorkerProcess::postTasks(const TasksMessage& tasks, MessageWriter& writer)
{
    RequestCell& cell = m_requests.add();
    if (!putRequest(tasks, cell) && !store(tasks, writer, cell)) {
        m_outbox += writer.tasks(tasks);
    }
}

/// \return false when the items are not large enough, or there is no room for them.
bool WorkerProcess::store(const TasksMessage& tasks, MessageWriter& writer, RequestCell& cell)
{
    std::size_t bytes = 0;
    for (const std::string_view item : tasks.items) {
        bytes += item.size();
    }
    if (bytes < kLargeValueBytes) {
        return false;
    }
    dropDoneRequests();
    // One item is not copied more often than it must be.
    const bool isOne = tasks.items.size() == 1;
    const std::array<std::string_view, 2> pieces{
        isOne ? writer.tasksBefore(tasks, tasks.items.front()) : writer.tasksBody(tasks),
        isOne ? tasks.items.front() : std::string_view{}};
    const std::optional<ValuePlace> place = m_requestRoom.take(pieces[0].size() + pieces[1].size());
    if (!place) {
        return false;
    }
    if (!m_requestValues.write(pieces, place->offset)) {
        m_requestRoom.dropLast();
        return false;
    }
    m_requestsEnd = std::max(m_requestsEnd, place->offset + place->bytes);
    m_valuesUsedNs = monotonicNow();
    putPlace(*place, cell);
    return true;
}

void WorkerProcess::postStop()
{
    m_requests.add().kind = static_cast<std::uint8_t>(RequestKind::Stop);
}

void WorkerProcess::setMaySpin(bool maySpin) noexcept
{
    const std::uint32_t wanted = maySpin ? 1 : 0;
    if (m_page->maySpin.load(std::memory_order_relaxed) != wanted) {
        m_page->maySpin.store(wanted, std::memory_order_relaxed);
    }
}

bool WorkerProcess::flush()
{
    bool hasSlept = false;
    if (m_published != m_requests.count()) {
        m_published = m_requests.count();
        m_requests.publish();
        hasSlept = m_requests.wakeReader();
    }
    while (hasUnsent()) {
        const ssize_t count = ::send(m_socket.get(), m_outbox.data() + m_sent,
                                     m_outbox.size() - m_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return hasSlept; // full for now, or the worker is gone, which its exit tells
        }
        m_sent += static_cast<std::size_t>(count);
    }
    m_outbox.clear();
    m_sent = 0;
    return hasSlept;
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
            m_hasHungUp = count == 0 || errno != EAGAIN;
            break;
        }
        m_socketMessages.append({bytes.data(), static_cast<std::size_t>(count)});
        if (static_cast<std::size_t>(count) < bytes.size()) {
            break;
        }
    }
}

std::optional<Message> WorkerProcess::nextMessage()
{
    return m_isRefused ? std::nullopt : m_socketMessages.next();
}

bool WorkerProcess::nextResult(ResultMessage& result)
{
    const std::uint32_t waiting = m_results.waiting();
    if (waiting == 0 || m_isRefused) {
        return false;
    }
    if (waiting > ResultRing::kCount) {
        refuse();
        return false;
    }
    const ResultCell cell = m_results.take();
    const bool isSound = cell.holds == ResultCell::Message  ? nextLongResult(result)
                         : cell.holds == ResultCell::Stored ? readStored(cell, result)
                                                            : readResult(cell, result);
    if (!isSound) {
        refuse();
    }
    return isSound;
}

/// The process says when it is done with a stretch. What it says is never believed beyond what there is; if it
/// lies, it is its own items that are written over.
void WorkerProcess::dropDoneRequests() noexcept
{
    const std::uint32_t done = m_page->valuesDone.load(std::memory_order_acquire);
    for (; m_valuesDone != done && m_requestRoom.count() > 0; ++m_valuesDone) {
        m_requestRoom.dropFirst();
    }
}

bool WorkerProcess::readStored(const ResultCell& cell, ResultMessage& result)
{
    const std::optional<ValuePlace> place = readPlace(cell);
    if (!place || !m_resultValues.exists() || !readResult(cell, result)) {
        return false;
    }
    const auto text = m_resultValues.read(*place);
    if (text) {
        result.value.emplace<std::string>(
            *text); // a copy, whatever the process does to the original
        m_resultsEnd = std::max(m_resultsEnd, place->offset + place->bytes);
        m_valuesUsedNs = monotonicNow();
    }
    return text.has_value();
}

void WorkerProcess::giveBackValues() noexcept
{
    dropDoneRequests();
    if (m_requestRoom.count() > 0) {
        m_valuesUsedNs = monotonicNow(); // it has not passed over what was taken back: later
        return;
    }
    m_requestValues.giveBack(std::exchange(m_requestsEnd, 0));
    m_resultValues.giveBack(std::exchange(m_resultsEnd, 0));
    m_valuesUsedNs = 0;
}

/// A worker puts the whole message into the ring before the cell that says so.
bool WorkerProcess::nextLongResult(ResultMessage& result)
{
    std::optional<Message> message = m_longResults.next();
    if (!message) {
        takeInLongResults();
        message = m_longResults.next();
    }
    if (!message || message->kind != MessageKind::Result) {
        return false;
    }
    std::optional<ResultMessage> decoded = decodeResult(message->body);
    if (decoded) {
        result = std::move(*decoded);
    }
    return decoded.has_value();
}

void WorkerProcess::takeInLongResults()
{
    if (m_longResults.bufferedBytes() > kMaxMessageBytes) {
        return; // for whom a cell never comes, memory has an end
    }
    m_inbox.clear();
    if (!m_page->longResults.read(m_inbox)) {
        refuse();
    }
    m_longResults.append(m_inbox);
}

void WorkerProcess::endResults()
{
    m_results.release();
    takeInLongResults(); // one that is longer than the ring has no cell yet
}

bool WorkerProcess::isMalformed() const
{
    return m_isRefused || m_socketMessages.hasFailed() || m_longResults.hasFailed();
}

bool WorkerProcess::receiveOutput()
{
    return m_output.readFrom(m_outputPipe.get());
}

void WorkerProcess::kill() noexcept
{
    m_isToBeKilled = true;
    if (m_process.isOpen()) {
        // Through the descriptor: whoever has its number by now is not meant.
        ::syscall(SYS_pidfd_send_signal, m_process.get(), SIGKILL, nullptr, 0);
    }
}

void WorkerProcess::awaitDeath() noexcept
{
    constexpr int kPatienceMs = 1'000;
    pollfd end{m_process.get(), POLLIN, 0};
    while (m_process.isOpen() && ::poll(&end, 1, kPatienceMs) < 0 && errno == EINTR) {
    }
}

} // namespace poolscope
