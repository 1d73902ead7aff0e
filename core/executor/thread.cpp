// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/thread.h"

#include "core/base/mutex.h"
#include "core/base/thread_name.h"

#include <system_error>

#include <array>
#include <atomic>
#include <cstdio>
#include <latch>
#include <thread>

namespace poolscope {

namespace {

using Hook = std::function<void(const ThreadReport&)>;

struct HookPlace
{
    Mutex mutex;
    Hook hook PS_GUARDED_BY(mutex);
};

HookPlace& hookPlace()
{
    static HookPlace place; // one a process, as the threads' default error handling is
    return place;
}

void report(ThreadReport::Kind kind, const std::string& thread, int nativeId,
            const std::string& what)
{
    const ThreadReport report{kind, thread, nativeId,
                              "Thread '" + thread + "' (" + std::to_string(nativeId) + ") " + what};
    HookPlace& place = hookPlace();
    const MutexLock lock(place.mutex);
    if (place.hook) {
        place.hook(report);
    } else {
        std::fprintf(stderr, "%s\n", report.text.c_str());
    }
}

std::string inSeconds(Nanos patienceNs)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g s", toSeconds(patienceNs));
    return text.data();
}

} // namespace

void setThreadHook(Hook hook)
{
    HookPlace& place = hookPlace();
    const MutexLock lock(place.mutex);
    place.hook = std::move(hook);
}

struct AnyThread::Shared
{
    Shared(std::string itsName, ThreadExit itsExit, TaskNodePtr itsNode)
        : name(std::move(itsName))
        , exit(itsExit)
        , node(std::move(itsNode))
    {}

    const std::string name;
    const ThreadExit exit;
    const TaskNodePtr node;
    std::atomic<bool> isStarted{false};
    std::atomic<int> nativeId{0};
    std::atomic<Nanos> startedNs{0};
    std::atomic<std::thread::id> id;
    Mutex mutex;
    std::thread thread PS_GUARDED_BY(mutex);

    std::latch hasBegun{1};

    void run()
    {
        setThreadName(name);
        nativeId = currentThreadId();
        startedNs = monotonicNow();
        id = std::this_thread::get_id();
        const bool isMine = node->begin(); // not when its future was cancelled before
        hasBegun.count_down();
        if (!isMine) {
            return;
        }
        const TaskState state = node->run();
        if (state == TaskState::Failed) {
            const TaskError& error = *node->error();
            report(ThreadReport::Kind::Failed, name, nativeId,
                   "ended by an exception of type " + error.type + ": " + error.text);
        }
        node->end(state, 1);
    }
    /// The callable has ended; so has the thread, but for its last steps.
    void reap() PS_EXCLUDES(mutex)
    {
        const MutexLock lock(mutex);
        if (thread.joinable()) {
            thread.join();
        }
    }
};

AnyThread::AnyThread(std::string name, ThreadExit exit, TaskNodePtr node)
    : m_shared(std::make_shared<Shared>(std::move(name), exit, std::move(node)))
{}

AnyThread::~AnyThread()
{
    if (!m_shared || !m_shared->isStarted) {
        return;
    }
    Shared& shared = *m_shared;
    shared.node->requestStop();
    const Nanos patienceNs = shared.exit.patienceNs;
    const bool isInside = shared.id.load() == std::this_thread::get_id();
    bool hasEnded = !isInside && shared.node->wait(deadlineAfter(patienceNs));
    if (!hasEnded && !isInside && shared.exit.policy == ThreadExit::Policy::Join) {
        report(ThreadReport::Kind::Blocks, shared.name, shared.nativeId,
               "still runs after " + inSeconds(patienceNs) +
                   " and was asked to stop; the program waits for it.");
        hasEnded = shared.node->wait();
    }
    if (hasEnded) {
        shared.reap();
        return;
    }
    {
        const MutexLock lock(shared.mutex);
        shared.thread.detach();
    }
    report(ThreadReport::Kind::Abandoned, shared.name, shared.nativeId,
           isInside ? "destroys its own handle; it was left behind."
                    : "still runs after " + inSeconds(patienceNs) +
                          " and was asked to stop; it was left behind.");
}

Result<void> AnyThread::start()
{
    Shared& shared = *m_shared;
    if (shared.isStarted.exchange(true)) {
        return Error{"Thread '" + shared.name + "' was started before; make another one."};
    }
    try {
        const MutexLock lock(shared.mutex);
        shared.thread = std::thread([self = m_shared] { self->run(); });
    } catch (const std::system_error& error) {
        shared.isStarted = false;
        return Error{"Thread '" + shared.name + "' could not be started: " + error.what() +
                     ". Raise the limit on threads (ulimit -u)."};
    }
    shared.hasBegun.wait();
    return {};
}

Result<bool> AnyThread::joinFor(Nanos timeout) const
{
    if (!m_shared->isStarted) {
        return Error{"Thread '" + m_shared->name +
                     "' was not started; there is nothing to wait for."};
    }
    if (m_shared->id.load() == std::this_thread::get_id()) {
        return Error{"Thread '" + m_shared->name + "' cannot wait for its own end."};
    }
    if (!m_shared->node->wait(deadlineAfter(timeout))) {
        return false;
    }
    m_shared->reap();
    return true;
}

Result<void> AnyThread::join() const
{
    const Result<bool> joined = joinFor(kNever);
    return joined ? Result<void>() : Result<void>(joined.error());
}

void AnyThread::requestStop() const noexcept
{
    m_shared->node->requestStop();
}

AnyThread::State AnyThread::state() const noexcept
{
    if (!m_shared->isStarted) {
        return State::Initial;
    }
    return hasEnded(m_shared->node->state()) ? State::Ended : State::Running;
}

const std::string& AnyThread::name() const noexcept
{
    return m_shared->name;
}

int AnyThread::nativeId() const noexcept
{
    return m_shared->nativeId;
}

Nanos AnyThread::startedNs() const noexcept
{
    return m_shared->startedNs;
}

const TaskNodePtr& AnyThread::node() const noexcept
{
    return m_shared->node;
}

} // namespace poolscope
