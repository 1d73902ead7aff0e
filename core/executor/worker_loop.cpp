// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_loop.h"

#include "core/base/fast_clock.h"
#include "core/base/shared_memory.h"
#include "core/base/thread_name.h"
#include "core/executor/cost_meter.h"
#include "core/executor/message.h"
#include "core/executor/run_items.h"
#include "core/executor/run_kernel.h"
#include "core/executor/worker_channel.h"
#include "core/executor/worker_page.h"

#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

namespace poolscope {

namespace {

/// Between two looks for dead children.
constexpr Nanos kBurialPause = 100 * kNanosPerMilli;

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
    Worker(const WorkerEnvironment& environment, WorkerPage& page, int memoryFd)
        : m_environment(environment)
        , m_page(page)
        , m_channel(page, memoryFd)
    {}

    int run();

private:
    void buryAdopted();
    void setJob(JobMessage job);
    void runTasks(const TasksMessage& tasks);
    [[nodiscard]] Nanos runTask(const TaskContext& context, Nanos startNs);
    [[nodiscard]] Result<Value> call(const TaskContext& context) const;
    void setOutcome(Result<Value> outcome, const StopFlag& stop);

    const WorkerEnvironment& m_environment;
    WorkerPage& m_page;
    WorkerChannel m_channel;
    JobMessage m_job;
    const Workload* m_workload = nullptr;
    std::optional<CostMeter> m_costs; ///< none: the job does not ask for costs
    ResultMessage m_result; ///< of the last task
    std::uint64_t m_epoch = 0;
    std::uint64_t m_begun = 0; ///< tasks of m_epoch
    Nanos m_touchNs = 0; ///< end of the last task, and begin of the next when nothing is between
    Nanos m_nextBurialNs = 0;
};

int Worker::run()
{
    while (std::optional<WorkerChannel::Request> request = m_channel.next()) {
        if (std::holds_alternative<WorkerChannel::Stop>(*request)) {
            return EXIT_SUCCESS;
        }
        if (auto* job = std::get_if<JobMessage>(&*request)) {
            setJob(std::move(*job));
        } else {
            runTasks(*std::get<const TasksMessage*>(*request));
        }
    }
    std::fputs("poolscope-worker: was sent a malformed message\n", stderr);
    return EXIT_FAILURE;
}

void Worker::setJob(JobMessage job)
{
    m_job = std::move(job);
    m_workload = m_environment.findWorkload(m_job.workload);
    if (m_job.costLevel == CostLevel::Wall) {
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
        // Where two tasks touch, the end of one is the begin of the next.
        if (m_channel.takeHasPaused() || m_costs) {
            m_touchNs = fastNow();
        }
        m_page.progress.clear();
        m_page.startNs.store(m_touchNs, std::memory_order_relaxed); // both released by beginNext()
        if (!m_page.claim.beginNext(m_epoch, m_begun)) {
            m_channel.skipped(); // taken back, with all that follows in this epoch
            break;
        }
        ++m_begun;
        const std::string_view item = tasks.items.empty() ? std::string_view{} : tasks.items[i];
        m_touchNs =
            runTask({m_job.params, m_job.seed, tasks.first + i, item, m_page.stop}, m_touchNs);
    }
    m_channel.chunkEnded(m_touchNs);
    buryAdopted();
}

/// Waits for dead children between tasks: this process is the parent of what its tasks' children leave
/// behind. A task waits for its own children while it runs.
void Worker::buryAdopted()
{
    if (m_touchNs < m_nextBurialNs) {
        return;
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    m_touchNs = fastNow();
    m_nextBurialNs = m_touchNs + kBurialPause;
}

/// \return the end of the task.
Nanos Worker::runTask(const TaskContext& context, Nanos startNs)
{
    if (m_costs) {
        m_costs->begin(startNs);
    }
    setOutcome(call(context), context.stop);
    m_result.index = context.index;
    m_result.startNs = startNs;
    m_result.endNs = std::max(fastNow(), startNs);
    m_result.cost.reset();
    if (m_costs) {
        m_result.cost = m_costs->end(m_result.endNs);
    }
    m_result.core = currentCore();
    m_channel.put(m_result);
    return m_result.endNs;
}

Result<Value> Worker::call(const TaskContext& context) const
{
    if (m_workload == nullptr) {
        return Error{"the worker does not know the workload " + m_job.workload};
    }
    if (!m_job.isOfChunks) {
        return callKernel(m_workload->kernel, context);
    }
    const std::optional<ChunkRequest> chunk = readChunkRequest(context.item);
    if (!chunk) {
        return Error{"the worker was sent a chunk that makes no sense"};
    }
    return runItems({*m_workload, context.params, context.seed, context.stop}, *chunk);
}

void Worker::setOutcome(Result<Value> outcome, const StopFlag& stop)
{
    m_result.error.clear();
    if (!outcome) {
        m_result.state = stateAfter(outcome.error(), stop);
        m_result.error = outcome.error().message.substr(0, kMaxTaskBytes);
        m_result.value = Value{};
        return;
    }
    m_result.state = TaskState::Done;
    m_result.value = std::move(outcome).value();
    const auto* text = std::get_if<std::string>(&m_result.value);
    if (text != nullptr && text->size() > kMaxTaskBytes) {
        m_result.state = TaskState::Failed;
        m_result.error = "the result has " + std::to_string(text->size()) + " bytes, at most " +
                         std::to_string(kMaxTaskBytes) + " can be returned by a worker process";
        m_result.value = Value{};
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
    return Worker(environment, page, memory.value().fd()).run();
}

} // namespace poolscope
