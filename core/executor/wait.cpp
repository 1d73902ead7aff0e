// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/wait.h"

#include "core/executor/current_worker.h"

#include <atomic>
#include <memory>

namespace poolscope {

namespace {

/// Opens when what is waited for has happened.
class Latch final : public FutureListener
{
public:
    Latch(WaitMode mode, std::size_t count)
        : m_mode(mode)
        , m_left(count)
    {}

    void futureEnded(TaskNode& node) noexcept override
    {
        const bool isWanted = m_mode == WaitMode::First ||
                              (m_mode == WaitMode::FirstError && node.state() != TaskState::Done);
        // Relaxed: the states of the futures carry the data, the word only wakes.
        if (m_left.fetch_sub(1, std::memory_order_relaxed) == 1 || isWanted) {
            m_isOpen.store(1, std::memory_order_release);
            futexWakeAll(m_isOpen);
        }
    }
    /// A worker that waits runs what still waits in its executor, until it need not wait.
    void help(std::span<const TaskNodePtr> nodes) const
    {
        CurrentWorker* worker = CurrentWorker::get();
        for (std::size_t i = 0; worker != nullptr && i < nodes.size() && !isOpen(); ++i) {
            worker->help(*nodes[i]);
        }
    }
    void wait(Nanos untilNs) const noexcept
    {
        while (m_isOpen.load(std::memory_order_acquire) == 0 && monotonicNow() < untilNs) {
            futexWait(m_isOpen, 0, untilNs);
        }
    }
    [[nodiscard]] bool isOpen() const noexcept
    {
        return m_isOpen.load(std::memory_order_acquire) != 0;
    }

private:
    const WaitMode m_mode;
    std::atomic<std::size_t> m_left;
    std::atomic<std::uint32_t> m_isOpen{0};
};

} // namespace

WaitResult waitForNodes(std::span<const TaskNodePtr> nodes, WaitMode mode, Nanos timeout)
{
    const Nanos untilNs = deadlineAfter(timeout);
    const auto latch = std::make_shared<Latch>(mode, nodes.size());
    for (const TaskNodePtr& node : nodes) {
        if (!node->addListener(latch)) {
            latch->futureEnded(*node);
        }
    }
    if (!nodes.empty()) {
        latch->help(nodes);
        latch->wait(untilNs);
    }
    WaitResult result;
    result.isMet = nodes.empty() || latch->isOpen();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (hasEnded(nodes[i]->state())) {
            result.ended.push_back(i);
        } else {
            nodes[i]->removeListener(latch.get());
            result.pending.push_back(i);
        }
    }
    return result;
}

} // namespace poolscope
