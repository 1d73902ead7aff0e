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

constexpr Nanos kHelloPatience = 10 * kNanosPerSecond;
constexpr Nanos kLeavePatience = 2 * kNanosPerSecond; ///< of a worker that has nothing to do
constexpr Nanos kDeathPatience = 200 * kNanosPerMilli; ///< of one that seems to be dying
constexpr int kMostFailedStarts = 5;
constexpr int kMostStartsAtOnce = 8; ///< then results are looked at before the next ones

Error spawnError(const std::string& program, int number)
{
    return Error{
        "The worker program " + program +
        " cannot be started: " + std::generic_category().message(number) +
        ". It is installed beside poolscope; name another place with the setting for the worker "
        "program."};
}

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

/// How long to wait before the next start after \p failures in a row: 10 ms to about a second.
Nanos backOff(int failures)
{
    constexpr int kMostDoublings = 7;
    return (10 * kNanosPerMilli) << std::min(failures - 1, kMostDoublings);
}

} // namespace

WorkerCrew::WorkerCrew(const ExecutorOptions& options, ReaperProcess::Programs programs,
                       ProcessQueue& queue, ProcessTrace& trace)
    : m_options(options)
    , m_programs(std::move(programs))
    , m_queue(queue)
    , m_trace(trace)
    , m_recycling(options)
    , m_outOfMemoryKills(countOutOfMemoryKills())
{}

Result<void> WorkerCrew::start()
{
    if (const Result<void> opened = m_poll.open(m_queue.wakeFd()); !opened) {
        return opened;
    }
    m_slots.push_back(std::make_unique<WorkerSlot>(0));
    WorkerSlot& first = *m_slots.front();
    if (const Result<void> asked = startWorker(first); !asked) {
        return asked;
    }
    std::optional<ReaperProcess::Notice> notice = m_reaper->awaitNotice(kHelloPatience);
    if (!notice) {
        return Error{"The helper program " + m_programs.reaper +
                     " started no worker. Check that it is the poolscope-reaper of this version."};
    }
    if (notice->what.kind == ReaperNotice::Kind::StartFailed) {
        return spawnError(m_programs.worker, notice->what.error);
    }
    takeNotice(first, std::move(*notice));
    return {};
}

void WorkerCrew::adjust(int wantedWorkers)
{
    m_wanted = wantedWorkers;
    while (std::ssize(m_slots) < wanted()) {
        m_slots.push_back(std::make_unique<WorkerSlot>(static_cast<int>(m_slots.size())));
    }
    startMissing();
    for (const auto& slot : m_slots) {
        m_recycling.look(*slot);
        if (slot->index() >= wanted() || !slot->retireReason.empty()) {
            sendAway(*slot);
        }
        killOverdue(*slot);
    }
}

void WorkerCrew::startMissing()
{
    const Nanos now = monotonicNow();
    int starts = 0;
    m_hasMoreToStart = false;
    for (const auto& slot : m_slots) {
        if (slot->index() >= wanted()) {
            return;
        }
        if (slot->phase != Phase::Empty || slot->notBeforeNs > now) {
            continue;
        }
        if (starts++ == kMostStartsAtOnce) {
            m_hasMoreToStart = true;
            return;
        }
        if (const Result<void> started = startWorker(*slot); !started) {
            startFailed(*slot, started.error().message);
        }
    }
}

Result<void> WorkerCrew::startReaper()
{
    Result<std::unique_ptr<ReaperProcess>> reaper = ReaperProcess::spawn(m_programs);
    if (!reaper) {
        return reaper.error();
    }
    m_reaper = std::move(reaper).value();
    return m_poll.watchReaper(m_reaper->fd());
}

Result<void> WorkerCrew::startWorker(WorkerSlot& slot)
{
    if (!m_reaper) {
        if (const Result<void> started = startReaper(); !started) {
            return started;
        }
    }
    Result<std::unique_ptr<WorkerProcess>> process =
        WorkerProcess::spawn(*m_reaper, ++m_lastNumber);
    if (!process) {
        return process.error();
    }
    slot.occupy(std::move(process).value());
    slot.killAtNs = monotonicNow() + kHelloPatience;
    return {};
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

void WorkerCrew::takeNotice(WorkerSlot& slot, ReaperProcess::Notice notice)
{
    switch (notice.what.kind) {
    case ReaperNotice::Kind::Started:
        workerStarted(slot, std::move(notice));
        break;
    case ReaperNotice::Kind::StartFailed:
        slot.vacate();
        startFailed(slot, spawnError(m_programs.worker, notice.what.error).message);
        break;
    case ReaperNotice::Kind::Stopped:
        slot.stoppedKillAtNs = monotonicNow() + m_options.stoppedPatienceNs;
        slot.stoppedBy = notice.what.error;
        m_trace.noteWorker(slot.index(), "its worker was stopped by " + signalText(slot.stoppedBy) +
                                             "; it is killed unless it goes on");
        break;
    case ReaperNotice::Kind::Continued:
        slot.stoppedKillAtNs = WorkerSlot::kNever;
        break;
    case ReaperNotice::Kind::Ended:
        break;
    }
}

void WorkerCrew::workerStarted(WorkerSlot& slot, ReaperProcess::Notice notice)
{
    slot.process().started(notice.what.processId, std::move(notice.process));
    m_trace.workerStarted(slot.index(), notice.what.processId);
    if (!m_poll.watch(slot.process(), slot.index())) {
        slot.killReason = "could not be watched and was killed";
        slot.process().kill();
    }
}

void WorkerCrew::startFailed(WorkerSlot& slot, const std::string& why)
{
    ++slot.failedStarts;
    slot.notBeforeNs = monotonicNow() + backOff(slot.failedStarts);
    if (++m_failedStarts == 2) { // one may be an accident
        m_trace.note(ControlKind::Error, -1, 0, why);
    }
    const bool isAnyReady = std::any_of(m_slots.begin(), m_slots.end(), [](const auto& other) {
        return other->phase == Phase::Ready;
    });
    if (m_failedStarts >= kMostFailedStarts && !isAnyReady) {
        breakDown(why);
    }
}

bool WorkerCrew::welcome(WorkerSlot& slot, const Message& message)
{
    const std::optional<HelloMessage> hello = decodeHello(message.body);
    if (!hello || slot.phase == Phase::Ready) {
        return false;
    }
    if (hello->protocol != kProtocolVersion || hello->catalogueHash != m_options.catalogueHash) {
        breakDown(
            "The worker program " + m_programs.worker + " (version " + hello->version +
            ") does not fit this program: " +
            (hello->protocol != kProtocolVersion ? "it speaks another protocol"
                                                 : "it has another table of workloads") +
            ". If a library of functions was built again or removed meanwhile, start Poolscope "
            "again; else install poolscope and poolscope-worker from the same build.");
        return true;
    }
    if (slot.phase == Phase::Starting) {
        slot.phase = Phase::Ready;
        slot.killAtNs = WorkerSlot::kNever;
    }
    return true;
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

void WorkerCrew::bury(WorkerSlot& slot, const std::string& why, bool hasFailedToStart)
{
    slot.vacate();
    if (hasFailedToStart && !isBroken()) {
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
    Nanos next = m_hasMoreToStart ? 0 : WorkerPoll::kForever;
    for (const auto& slot : m_slots) {
        next = std::min({next, slot->killAtNs, slot->stoppedKillAtNs, m_recycling.nextLook(*slot)});
        if (slot->phase == Phase::Empty && slot->index() < wanted()) {
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
