// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_loop.h"

#include "core/base/shared_memory.h"
#include "core/base/thread_name.h"
#include "core/executor/cost_meter.h"
#include "core/executor/message.h"
#include "core/executor/run_kernel.h"
#include "core/executor/worker_page.h"

#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

namespace poolscope {

namespace {

/// Results of quick tasks are announced together, but none is held back longer than this while
/// further tasks of its chunk run, and while further chunks run.
constexpr Nanos kLongestHold = kNanosPerMilli;
constexpr Nanos kLongestHoldOfChunk = 50 * kNanosPerMicro;
constexpr int kMostHeldChunks = 64; ///< or the pool would have to wait for the next ones to come

/// Between two looks for dead children.
constexpr Nanos kBurialPause = 100 * kNanosPerMilli;

/// The pool is gone: nobody is left who wants anything of this worker, or of what it started.
[[noreturn]] void dieWithGroup()
{
    if (::getpgrp() == ::getpid()) {
        ::kill(0, SIGKILL);
    }
    ::_exit(EXIT_FAILURE);
}

/// Lines of defence against outliving the pool. The first is the reaper; the others are the kernel's
/// signal when that dies, and a thread that sleeps until the other end of the socket closes. What tasks
/// start stays below this process, whatever it does to get away, so that all of it goes with it.
void tieToPool(int parentProcessId)
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parentProcessId) {
        dieWithGroup();
    }
}

void watchSocket()
{
    setThreadName("ps-watch");
    pollfd socket{kWorkerSocketFd, POLLRDHUP, 0};
    while (::poll(&socket, 1, -1) < 0 && errno == EINTR) {
    }
    dieWithGroup();
}

bool isSocket(int fd)
{
    struct stat status
    {};
    return ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

std::uint16_t currentCore()
{
    return static_cast<std::uint16_t>(::sched_getcpu());
}

class Worker
{
public:
    Worker(const WorkerEnvironment& environment, WorkerPage& page)
        : m_environment(environment)
        , m_page(page)
    {}

    int run();

private:
    std::optional<Message> nextMessage();
    bool receiveMore();
    void buryAdopted(Nanos now);
    void setJob(const JobMessage& job);
    void runTasks(const TasksMessage& tasks);
    void runTask(const TaskContext& context, Nanos startNs);
    void putResult(const ResultMessage& result);
    void announceResults();
    void ring();
    void send(std::string_view bytes);

    const WorkerEnvironment& m_environment;
    WorkerPage& m_page;
    MessageParser m_messages;
    MessageWriter m_writer;
    MessageWriter m_bell; ///< apart: rung while m_writer holds the rest of a result
    JobMessage m_job;
    const Workload* m_workload = nullptr;
    std::optional<CostMeter> m_costs; ///< none: the job does not ask for costs
    std::uint64_t m_epoch = 0;
    std::uint64_t m_begun = 0; ///< tasks of m_epoch
    Nanos m_nextBurialNs = 0;
    int m_heldChunks = 0; ///< ended since the last announcement
    Nanos m_heldSinceNs = -1; ///< oldest result that was not announced; -1: all were
};

int Worker::run()
{
    while (const std::optional<Message> message = nextMessage()) {
        if (message->kind == MessageKind::Stop) {
            return EXIT_SUCCESS;
        }
        if (message->kind == MessageKind::Job) {
            if (const std::optional<JobMessage> job = decodeJob(message->body)) {
                setJob(*job);
                continue;
            }
        }
        if (message->kind == MessageKind::Tasks) {
            if (const std::optional<TasksMessage> tasks = decodeTasks(message->body)) {
                runTasks(*tasks);
                continue;
            }
        }
        break;
    }
    std::fputs("poolscope-worker: was sent a malformed message\n", stderr);
    return EXIT_FAILURE;
}

std::optional<Message> Worker::nextMessage()
{
    for (;;) {
        if (std::optional<Message> message = m_messages.next()) {
            return message;
        }
        announceResults(); // nothing to do for now
        if (m_messages.hasFailed() || !receiveMore()) {
            return std::nullopt;
        }
    }
}

bool Worker::receiveMore()
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

void Worker::setJob(const JobMessage& job)
{
    m_job = job;
    m_workload = m_environment.findWorkload(job.workload);
    if (job.costLevel == CostLevel::Wall) {
        m_costs.reset();
    } else if (!m_costs) {
        m_costs.emplace(CostMeter::Memory::OfProcess);
    }
}

void Worker::runTasks(const TasksMessage& tasks)
{
    if (tasks.epoch != m_epoch) {
        m_epoch = tasks.epoch;
        m_begun = 0;
    }
    for (std::uint64_t i = 0; i < tasks.count; ++i) {
        const Nanos startNs = monotonicNow();
        m_page.startNs.store(startNs, std::memory_order_relaxed); // released by beginNext()
        if (!m_page.claim.beginNext(m_epoch, m_begun)) {
            break; // taken back, with all that follows in this epoch
        }
        ++m_begun;
        m_page.progress.clear();
        const std::string_view item = tasks.items.empty() ? std::string_view{} : tasks.items[i];
        runTask({m_job.params, m_job.seed, tasks.first + i, item, m_page.stop}, startNs);
    }
    const Nanos now = monotonicNow();
    ++m_heldChunks;
    if (m_heldSinceNs >= 0 &&
        (m_heldChunks >= kMostHeldChunks || now - m_heldSinceNs >= kLongestHoldOfChunk)) {
        announceResults();
    }
    buryAdopted(now);
}

/// Waits for dead children between tasks: this process is the parent of what its tasks' children leave
/// behind. A task waits for its own children while it runs.
void Worker::buryAdopted(Nanos now)
{
    if (now < m_nextBurialNs) {
        return;
    }
    m_nextBurialNs = now + kBurialPause;
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

void Worker::runTask(const TaskContext& context, Nanos startNs)
{
    if (m_costs) {
        m_costs->begin(startNs);
    }
    Result<Value> outcome = m_workload != nullptr
                                ? callKernel(m_workload->kernel, context)
                                : Error{"the worker does not know the workload " + m_job.workload};
    ResultMessage result;
    result.index = context.index;
    result.startNs = startNs;
    result.endNs = monotonicNow();
    if (m_costs) {
        result.cost = m_costs->end(result.endNs);
    }
    result.core = currentCore();
    if (outcome) {
        result.value = std::move(outcome).value();
    } else {
        result.state = stateAfter(outcome.error(), context.stop);
        result.error = outcome.error().message.substr(0, kMaxTaskBytes);
    }
    const auto* text = std::get_if<std::string>(&result.value);
    if (text != nullptr && text->size() > kMaxTaskBytes) {
        result.state = TaskState::Failed;
        result.error = "the result has " + std::to_string(text->size()) + " bytes, at most " +
                       std::to_string(kMaxTaskBytes) + " can be returned by a worker process";
        result.value = Value{};
    }
    putResult(result);
}

void Worker::putResult(const ResultMessage& result)
{
    std::string_view rest = m_writer.result(result);
    if (m_heldSinceNs < 0) {
        m_heldSinceNs = result.endNs;
    }
    rest.remove_prefix(m_page.results.write(rest));
    while (!rest.empty()) {
        ring();
        m_page.results.waitForRoom(kNanosPerSecond);
        rest.remove_prefix(m_page.results.write(rest));
    }
    if (result.endNs - m_heldSinceNs >= kLongestHold || m_page.results.isHalfFull()) {
        announceResults();
    }
}

void Worker::announceResults()
{
    if (m_heldSinceNs < 0) {
        return;
    }
    m_heldSinceNs = -1;
    m_heldChunks = 0;
    ring();
}

void Worker::ring()
{
    if (m_page.isRung.exchange(1, std::memory_order_seq_cst) == 0) {
        send(m_bell.doorbell());
    }
}

void Worker::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::send(kWorkerSocketFd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            dieWithGroup();
        }
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

bool sendHello(const WorkerEnvironment& environment)
{
    MessageWriter writer;
    const std::string_view hello = writer.hello(
        {kProtocolVersion, environment.catalogueHash, ::getpid(), environment.version});
    return ::send(kWorkerSocketFd, hello.data(), hello.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(hello.size());
}

} // namespace

int runWorker(const WorkerEnvironment& environment)
{
    if (!isSocket(kWorkerSocketFd)) {
        std::fputs(
            "poolscope-worker: this program is started by poolscope, for its process pools\n",
            stderr);
        return 2;
    }
    tieToPool(environment.parentProcessId);
    setThreadName("ps-worker");
    // Before anything whose layout may have changed with the version.
    if (!sendHello(environment)) {
        return EXIT_FAILURE;
    }
    const Result<SharedMemory> memory =
        SharedMemory::map(UniqueFd(kWorkerPageFd), sizeof(WorkerPage));
    if (!memory) {
        std::fprintf(stderr, "poolscope-worker: %s\n", memory.error().message.c_str());
        return EXIT_FAILURE;
    }
    auto& page = *static_cast<WorkerPage*>(memory.value().data());
    noteFaultsIn(page.fault);
    std::thread(watchSocket).detach();
    const ProgressScope progress(&page.progress);
    return Worker(environment, page).run();
}

} // namespace poolscope
