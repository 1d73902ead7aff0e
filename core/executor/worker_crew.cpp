// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_crew.h"

#include "core/base/signal_text.h"

#include <system_error>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace poolscope {

namespace {

constexpr Nanos kLeavePatience = 2 * kNanosPerSecond; ///< of a worker that has nothing to do
constexpr Nanos kDeathPatience = 200 * kNanosPerMilli; ///< of one that seems to be dying

/// \return how many processes the kernel has killed since it started because a memory limit, or the
/// memory, was used up; 0 when it does not say.
std::int64_t countOutOfMemoryKills()
{
    std::ifstream file("/proc/vmstat");
    std::string name;
    std::int64_t value = 0;
    while (file >> name >> value) {
        if (name == "oom_kill") {
            return value;
        }
    }
    return 0;
}

std::string inSeconds(Nanos nanos)
{
    const Nanos tenths = nanos / (kNanosPerSecond / 10);
    const std::string fraction = tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10);
    return std::to_string(tenths / 10) + fraction + " s";
}

} // namespace

WorkerCrew::WorkerCrew(const ExecutorOptions& options, ReaperProcess::Programs programs,
                       ProcessQueue& queue, ProcessTrace& trace)
    : m_options(options)
    , m_programs(std::move(programs))
    , m_queue(queue)
    , m_trace(trace)
    , m_recycling(options)
    , m_demand(options)
    , m_outOfMemoryKills(countOutOfMemoryKills())
{}

void WorkerCrew::adjust(int wantedWorkers)
{
    if (std::exchange(m_wanted, wantedWorkers) != wantedWorkers) {
        while (std::ssize(m_slots) < wanted()) {
            m_slots.push_back(std::make_unique<WorkerSlot>(static_cast<int>(m_slots.size())));
        }
        m_demand.setWanted(m_slots, wanted());
    }
    startMissing();
    if (m_demand.isOn()) {
        m_demand.dismissIdle(m_slots, m_queue.waitingChunks() > 0);
    }
    for (const auto& slot : m_slots) {
        m_recycling.look(*slot);
        if (slot->index() >= wanted() || !slot->retireReason.empty()) {
            sendAway(*slot);
        }
        killOverdue(*slot);
        giveBackValues(*slot);
    }
    const auto living =
        static_cast<int>(std::count_if(m_slots.begin(), m_slots.end(), [](const auto& slot) {
            return slot->phase != Phase::Empty;
        }));
    if (std::exchange(m_living, living) != living) {
        m_queue.setLivingWorkers(living);
    }
}

std::optional<ReaperProcess::Notice> WorkerCrew::nextNotice()
{
    return m_reaper ? m_reaper->nextNotice() : std::nullopt;
}

WorkerSlot* WorkerCrew::findWorker(std::uint64_t number) const
{
    const auto found = std::find_if(m_slots.begin(), m_slots.end(), [number](const auto& slot) {
        return slot->phase != Phase::Empty && slot->process().number() == number;
    });
    return found == m_slots.end() ? nullptr : found->get();
}

void WorkerCrew::cutOff(WorkerSlot& slot)
{
    slot.isCutOff = true;
    slot.killAtNs = std::min(slot.killAtNs, monotonicNow() + kDeathPatience);
}

std::string WorkerCrew::guessKiller()
{
    const std::int64_t before = std::exchange(m_outOfMemoryKills, countOutOfMemoryKills());
    return m_outOfMemoryKills > before ? ", most likely by the kernel, which ran out of memory"
                                       : std::string{};
}

void WorkerCrew::succeeded(WorkerSlot& slot)
{
    slot.failedStarts = 0;
    m_failedStarts = 0;
}

void WorkerCrew::sendAway(WorkerSlot& slot)
{
    if (slot.phase != Phase::Starting && slot.phase != Phase::Ready) {
        return;
    }
    m_queue.putBack(slot.takeBackUnbegun());
    if (!slot.holdsWork()) {
        if (slot.isInitializing()) {
            slot.process().page().stop.request();
        }
        slot.phase = Phase::Leaving;
        slot.killAtNs = monotonicNow() + kLeavePatience;
        slot.process().postStop();
        slot.process().flush();
    }
}

void WorkerCrew::killOverdue(WorkerSlot& slot)
{
    const Nanos now = monotonicNow();
    if (slot.phase == Phase::Empty || now < std::min(slot.killAtNs, slot.stoppedKillAtNs)) {
        return;
    }
    if (now >= slot.stoppedKillAtNs) {
        slot.killReason = "was stopped by " + signalText(slot.stoppedBy) + ", did not go on for " +
                          inSeconds(m_options.stoppedPatienceNs) + " and was killed";
    } else if (slot.isCutOff) {
        slot.killReason = "closed its connection and was killed";
    } else if (slot.isStopping()) {
        slot.killReason = "was killed because its task did not stop";
    } else if (slot.phase == Phase::Starting) {
        breakDown("The worker program " + m_programs.worker + " did not report within " +
                  inSeconds(kHelloPatience) +
                  " after its start. Check that it is the poolscope-worker of this version.");
    } else if (slot.phase == Phase::Leaving) {
        slot.killReason = "did not leave within " + inSeconds(kLeavePatience) + " and was killed";
    }
    slot.killAtNs = WorkerSlot::kNever;
    slot.stoppedKillAtNs = WorkerSlot::kNever;
    slot.process().kill();
}

/// Of large values, which were the last for a while.
void WorkerCrew::giveBackValues(WorkerSlot& slot)
{
    const Nanos restNs = slot.valuesRestNs();
    if (restNs != WorkerSlot::kNever && restNs <= monotonicNow()) {
        slot.process().giveBackValues();
    }
}

void WorkerCrew::bury(WorkerSlot& slot, const std::string& why, bool hasFailedToStart)
{
    const bool wasInitializing = slot.isInitializing();
    slot.vacate();
    if (!hasFailedToStart || isBroken()) {
        return;
    }
    if (wasInitializing) {
        initializerFailed(slot, why);
    } else {
        startFailed(slot, "Worker processes of " + m_programs.worker +
                              " end before they do anything: " + why +
                              ". Check that it is the poolscope-worker of this version.");
    }
}

void WorkerCrew::breakDown(const std::string& reason)
{
    if (isBroken()) {
        return;
    }
    m_brokenReason = reason;
    m_trace.note(ControlKind::Error, -1, 0, reason);
    m_queue.breakDown(reason);
    for (const auto& slot : m_slots) {
        m_queue.putBack(slot->takeBackUnbegun()); // comes out again with what waited
        if (slot->phase != Phase::Empty) {
            slot->process().kill();
        }
    }
}

Nanos WorkerCrew::nextDeadline() const
{
    Nanos next = m_hasMoreToStart ? 0 : m_demand.nextLook();
    for (const auto& slot : m_slots) {
        next = std::min({next, slot->killAtNs, slot->stoppedKillAtNs, m_recycling.nextLook(*slot),
                         slot->valuesRestNs()});
        if (slot->phase == Phase::Empty && slot->index() < wanted() &&
            (!slot->comesOnDemand || m_isAskedForMore)) {
            next = std::min(next, slot->notBeforeNs);
        }
    }
    return next;
}

bool WorkerCrew::isUsable(const WorkerSlot& slot) const
{
    return slot.phase == Phase::Ready && !slot.isStopping() && !slot.isCutOff &&
           slot.retireReason.empty() && slot.index() < wanted();
}

bool WorkerCrew::isEmpty() const
{
    return std::all_of(m_slots.begin(), m_slots.end(),
                       [](const auto& slot) { return slot->phase == Phase::Empty; });
}

} // namespace poolscope
