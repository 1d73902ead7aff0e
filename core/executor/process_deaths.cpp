// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Worker processes that end: what each of them leaves behind is settled.
#include "core/executor/end_reasons.h"
#include "core/executor/process_supervisor.h"

#include <csignal>
#include <utility>

namespace poolscope {

void ProcessSupervisor::receiveNotices()
{
    while (std::optional<ReaperProcess::Notice> notice = m_crew.nextNotice()) {
        WorkerSlot* slot = m_crew.findWorker(notice->what.worker);
        if (slot == nullptr) {
            continue;
        }
        if (notice->what.kind == ReaperNotice::Kind::Ended) {
            workerGone(*slot, notice->what.exit);
        } else {
            m_crew.takeNotice(*slot, std::move(*notice));
        }
    }
    if (m_crew.hasLostReaper()) {
        buryWithReaper();
    }
}

void ProcessSupervisor::buryWithReaper()
{
    bool hasCounted = false; // one accident, however many workers were about to begin
    for (const auto& slot : m_crew.slots()) {
        if (slot->phase != WorkerSlot::Phase::Empty) {
            slot->killReason = "died with its parent, poolscope-reaper";
            slot->process().kill();
            slot->process().awaitDeath();
            hasCounted = workerGone(*slot, {0, SIGKILL, 0}, !hasCounted) || hasCounted;
        }
    }
    m_crew.forgetReaper();
}

/// \p mayCount: whether a worker that has begun nothing counts as one that failed to start. \return whether
/// it did.
bool ProcessSupervisor::workerGone(WorkerSlot& slot, const WorkerExit& exit, bool mayCount)
{
    receiveMessages(slot);
    receiveResults(slot); // what it finished counts
    slot.process().receiveOutput();
    const FaultNote& fault = slot.process().page().fault;
    const bool isClean = exit.signal == 0 && exit.exitCode == 0;
    const bool hasBegun = slot.begunTasks() > 0;
    // It may have died of something else before our signal came.
    Death death{monotonicNow(), exit.signal == SIGKILL ? slot.killReason : std::string{}, {}};
    if (death.reason.empty() && !isClean) {
        death.reason = describeExit(exit, fault);
        if (exit.signal == SIGKILL) {
            death.reason += m_crew.guessKiller();
        }
    } else if (death.reason.empty() && slot.phase != WorkerSlot::Phase::Leaving) {
        death.reason = hasBegun ? "exited with status 0 without giving its task's result"
                                : "exited without being asked to";
    }
    const bool isRegular = death.reason.empty();
    if (!isRegular) {
        death.remains = describeRemains(exit, fault, slot.process().output());
    }
    m_trace.workerGone(slot.index(), slot.process().processId(), death.goneNs,
                       isRegular ? ControlKind::WorkerRetired : ControlKind::WorkerDied,
                       isRegular ? slot.retireReason : death.reason + death.remains);

    const bool hasFailedToStart =
        mayCount && !hasBegun && (slot.phase == WorkerSlot::Phase::Starting || slot.holdsWork());
    m_queue.putBack(slot.takeBackUnbegun());
    if (slot.holdsWork()) {
        giveUpBegunTasks(slot, death);
    }
    releaseCaller(slot);
    m_crew.bury(slot, death.reason + death.remains, hasFailedToStart);
    return hasFailedToStart;
}

void ProcessSupervisor::giveUpBegunTasks(WorkerSlot& slot, const Death& death)
{
    const Nanos limitNs = slot.exceededLimit();
    // All but the first are there only if a dying worker has scribbled over its page.
    std::vector<ProcessWork> rest = slot.takeBackAll();
    ProcessWork task = rest.front().cutFront(1);
    m_queue.putBack(std::move(rest));
    const int attempts = task.attempts + 1;
    const Nanos startNs = slot.process().page().startNs.load(std::memory_order_relaxed);
    const BrokenAttempt attempt{slot.index(), startNs, death.goneNs};
    m_crew.succeeded(slot);
    if (m_crew.isBroken()) {
        m_trace.taskBroken(attempt, task, TaskState::Failed, m_crew.brokenReason());
    } else if (limitNs > 0) {
        m_trace.taskBroken(attempt, task, TaskState::TimedOut,
                           timedOutReason(limitNs) +
                               " and did not stop; its worker: " + death.reason);
    } else if (slot.isStopping()) {
        m_trace.taskBroken(attempt, task, TaskState::Cancelled,
                           "cancelled while it ran; its worker: " + death.reason);
    } else if (attempts < mostAttempts(task)) {
        m_trace.attemptLost(attempt, task, death.reason + death.remains);
        task.attempts = attempts;
        m_queue.putBack({std::move(task)});
    } else {
        m_trace.taskBroken(
            attempt, task, TaskState::Lost,
            "lost with its worker (process " + std::to_string(slot.process().processId()) +
                ", attempt " + std::to_string(attempts) + " of " +
                std::to_string(mostAttempts(task)) + "): " + death.reason + death.remains);
    }
}

} // namespace poolscope
