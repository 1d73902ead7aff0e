// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/task_node.h"

#include "core/base/mutex.h"
#include "core/executor/current_worker.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace poolscope {

namespace {

std::string readableName(const std::type_info* type)
{
    if (type == nullptr) {
        return "unknown";
    }
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free);
    return text ? text.get() : type->name();
}

} // namespace

TaskError describeCurrentException()
{
    TaskError error;
    error.type = readableName(abi::__cxa_current_exception_type());
    error.exception = std::current_exception();
    try {
        throw;
    } catch (const std::exception& exception) {
        error.text = exception.what();
    } catch (...) {
        error.text = "unknown exception of type " + error.type;
    }
    return error;
}

/// Who wants to be told of the end of one task.
class FutureListeners
{
public:
    using Listener = std::shared_ptr<FutureListener>;

    void add(const Listener& listener) PS_EXCLUDES(m_mutex)
    {
        const MutexLock lock(m_mutex);
        m_all.push_back(listener);
    }
    /// \return false when it is not there (any more).
    bool remove(const FutureListener* listener) PS_EXCLUDES(m_mutex)
    {
        const MutexLock lock(m_mutex);
        const auto found =
            std::find_if(m_all.begin(), m_all.end(),
                         [listener](const Listener& each) { return each.get() == listener; });
        if (found == m_all.end()) {
            return false;
        }
        m_all.erase(found);
        return true;
    }
    [[nodiscard]] std::vector<Listener> takeAll() PS_EXCLUDES(m_mutex)
    {
        const MutexLock lock(m_mutex);
        return std::exchange(m_all, {});
    }

private:
    Mutex m_mutex;
    std::vector<Listener> m_all PS_GUARDED_BY(m_mutex);
};

TaskNode::~TaskNode()
{
    delete m_listeners.load(std::memory_order_relaxed); // nobody else is left
}

bool TaskNode::wait(Nanos untilNs)
{
    if (untilNs == kNever && CurrentWorker::get() != nullptr && !hasEnded(state())) {
        CurrentWorker::get()->wait(*this);
        return true;
    }
    if (!hasEnded(state())) {
        attend(untilNs);
    }
    return sleepUntilEnd(untilNs);
}

bool TaskNode::sleepUntilEnd(Nanos untilNs) const noexcept
{
    std::uint32_t word = m_word.load(std::memory_order_acquire); // pairs with end()
    while (!hasEnded(stateOf(word))) {
        if ((word & kHasSleepers) == 0 &&
            !m_word.compare_exchange_weak(word, word | kHasSleepers, std::memory_order_acquire)) {
            continue;
        }
        if (untilNs != kNever && monotonicNow() >= untilNs) {
            return false;
        }
        futexWait(m_word, word | kHasSleepers, untilNs);
        word = m_word.load(std::memory_order_acquire);
    }
    return true;
}

bool TaskNode::cancel(CancelMode /*mode*/) noexcept
{
    if (claim()) {
        setError({"cancelled before it began", {}, {}});
        end(TaskState::Cancelled, 0);
        return true;
    }
    if (hasEnded(state())) {
        return false;
    }
    requestStop();
    return true;
}

bool TaskNode::addListener(const std::shared_ptr<FutureListener>& listener)
{
    FutureListeners& all = listeners();
    all.add(listener);
    // Released with the list's address; acquires an end that came before.
    const std::uint32_t word = m_word.fetch_or(kHasListeners, std::memory_order_acq_rel);
    // Who ended the task before may have found it in the list nevertheless, and then tells it.
    return !(hasEnded(stateOf(word)) && all.remove(listener.get()));
}

void TaskNode::removeListener(const FutureListener* listener) noexcept
{
    listeners().remove(listener);
}

void TaskNode::moveTo(TaskState state) noexcept
{
    std::uint32_t word = m_word.load(std::memory_order_relaxed);
    while (!hasEnded(stateOf(word)) &&
           !m_word.compare_exchange_weak(word,
                                         (word & ~kStateMask) | static_cast<std::uint32_t>(state),
                                         std::memory_order_relaxed)) { // carries no data
    }
}

void TaskNode::end(TaskState state, int attempts) noexcept
{
    dropWork();
    m_attempts = attempts;
    // Releases value and error; acquires the list of a listener that came before.
    std::uint32_t word = m_word.load(std::memory_order_relaxed);
    while (!m_word.compare_exchange_weak(
        word, (word & (kHasListeners | kIsOutOfTurn)) | static_cast<std::uint32_t>(state),
        std::memory_order_acq_rel)) {
    }
    if ((word & kHasSleepers) != 0) {
        futexWakeAll(m_word);
    }
    if ((word & kHasListeners) != 0) {
        for (const auto& listener : listeners().takeAll()) {
            listener->futureEnded(*this);
        }
    }
}

bool TaskNode::claimAs(std::optional<TaskState> state, std::uint32_t flags) noexcept
{
    std::uint32_t word = m_word.load(std::memory_order_relaxed);
    std::uint32_t claimed = 0;
    do {
        if ((word & kClaimed) != 0 || hasEnded(stateOf(word))) {
            return false;
        }
        claimed = word | kClaimed | flags;
        if (state) {
            claimed = (claimed & ~kStateMask) | static_cast<std::uint32_t>(*state);
        }
    } while (!m_word.compare_exchange_weak(word, claimed, std::memory_order_acquire));
    return true;
}

FutureListeners& TaskNode::listeners()
{
    FutureListeners* all = m_listeners.load(std::memory_order_acquire);
    if (all == nullptr) {
        auto made = std::make_unique<FutureListeners>();
        // Releases the new list to whoever finds it; acquires one that was faster.
        if (m_listeners.compare_exchange_strong(all, made.get(), std::memory_order_acq_rel)) {
            all = made.release();
        }
    }
    return *all;
}

} // namespace poolscope
