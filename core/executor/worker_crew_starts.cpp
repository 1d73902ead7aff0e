// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the workers of a process pool come: started, welcomed, initialized.
#include "core/base/signal_text.h"
#include "core/executor/end_reasons.h"
#include "core/executor/worker_crew.h"

#include <system_error>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

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

/// How long to wait before the next start after \p failures in a row: 10 ms to about a second.
Nanos backOff(int failures)
{
    constexpr int kMostDoublings = 7;
    return (10 * kNanosPerMilli) << std::min(failures - 1, kMostDoublings);
}

} // namespace

Result<void> WorkerCrew::start()
{
    if (const Result<void> opened = m_poll.open(m_queue.wakeFd()); !opened) {
        return opened;
    }
    if (const Result<void> made = makeInitializer(); !made) {
        return made;
    }
    if (m_options.isLazy) {
        return startReaper();
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

bool WorkerCrew::hasRoomToStart() const
{
    return std::any_of(m_slots.begin(), m_slots.end(), [this](const auto& slot) {
        return slot->phase == Phase::Empty && slot->index() < wanted();
    });
}

void WorkerCrew::startMissing()
{
    const Nanos now = monotonicNow();
    int starts = 0;
    m_hasMoreToStart = false;
    std::uint64_t asked = 0;
    if (m_demand.isOn() && hasRoomToStart()) {
        m_queue.awaitPush(); // before the look
        asked = m_demand.starts(m_slots, m_queue.waitingChunks());
    }
    for (const auto& slot : m_slots) {
        m_isAskedForMore = asked > 0;
        if (slot->index() >= wanted()) {
            return;
        }
        if (slot->phase != Phase::Empty || slot->notBeforeNs > now ||
            (slot->comesOnDemand && asked == 0)) {
            continue;
        }
        asked -= asked > 0 ? 1 : 0;
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
    if (!hello || slot.phase == Phase::Ready || slot.isInitializing()) {
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
        slot.killAtNs = WorkerSlot::kNever;
        if (m_initializer) {
            slot.initialize(*m_initializer, m_writer); // as long as that takes
        } else {
            slot.phase = Phase::Ready;
        }
    }
    return true;
}

/// Error: the initializer cannot be sent.
Result<void> WorkerCrew::makeInitializer()
{
    if (!m_options.processInitializer) {
        return {};
    }
    if (const Result<void> fits = checkItems({m_options.processInitializer, 0, 1}); !fits) {
        return Error{"The initializer: " + fits.error().message};
    }
    const Result<std::shared_ptr<const ProcessJob>> job =
        ProcessJob::encode(m_options.processInitializer, CostLevel::Wall);
    if (!job) {
        return Error{"The initializer: " + job.error().message};
    }
    m_initializer.emplace();
    m_initializer->job = job.value();
    m_initializer->end = 1;
    return {};
}

bool WorkerCrew::acceptInitializer(WorkerSlot& slot, const ResultMessage& result)
{
    if (result.index != m_initializer->begin) {
        return false;
    }
    slot.initialized();
    if (slot.phase != Phase::Starting) {
        return true; // it was sent away meanwhile
    }
    if (result.state == TaskState::Done) {
        slot.phase = Phase::Ready;
        slot.failedInitializers = 0;
    } else {
        initializerFailed(slot, result.error);
        sendAway(slot);
    }
    return true;
}

void WorkerCrew::initializerFailed(WorkerSlot& slot, const std::string& why)
{
    ++slot.failedInitializers;
    slot.notBeforeNs = monotonicNow() + backOff(slot.failedInitializers);
    if (slot.failedInitializers >= m_options.initializerAttempts) {
        breakDown(initializerReason(slot.index(), slot.failedInitializers, why));
    }
}

} // namespace poolscope
