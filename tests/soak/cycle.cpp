// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/soak/cycle.h"

#include "core/trace/collector.h"
#include "core/workload/catalogue.h"
#include "tests/soak/submitter.h"
#include "tests/soak/violation.h"

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <utility>

namespace poolscope::soak {

namespace {

constexpr Nanos kPatienceNs = 60 * kNanosPerSecond; ///< for what shall end soon
constexpr Nanos kLookEveryNs = 100 * kNanosPerMilli;

/// One executor, whoever submits to it, and what it did.
struct Patient
{
    const ExecutorKind* kind = nullptr;
    std::uint64_t capacity = 0;
    std::unique_ptr<Submitter> submitter; ///< goes after the executor, which tells its batches
    std::unique_ptr<Executor> executor;
    Account account;
    std::uint64_t endedBefore = 0;
};

/// What differs between the cycles of one seed.
ExecutorOptions randomOptions(const Settings& settings, const ExecutorKind& kind, int cycle,
                              Random& random)
{
    constexpr std::array kPolicies{WhenFull::Block, WhenFull::Reject, WhenFull::DropOldest,
                                   WhenFull::CallerRuns};
    const std::size_t policies = kPolicies.size() - (kind.takesCalls ? 0 : 1);
    ExecutorOptions options;
    options.workers = 1 + static_cast<int>(draw(random, 3));
    options.chunk = draw(random, 2) == 0 ? 1 : 1 + static_cast<int>(draw(random, 64));
    options.queueCapacity = 50 + draw(random, 2000);
    options.whenFull = kPolicies[static_cast<std::size_t>(cycle) % policies];
    options.isLazy = draw(random, 2) == 0;
    options.keepAliveNs =
        draw(random, 2) == 0 ? 0 : static_cast<Nanos>(1 + draw(random, 20)) * kNanosPerMilli;
    options.hasInterpreterLock = draw(random, 4) == 0;
    options.prefetchedChunks = static_cast<int>(draw(random, 3));
    options.recycleAfterTasks = draw(random, 2) == 0 ? 0 : 500 + draw(random, 5000);
    options.workerProgram = settings.workerProgram;
    options.catalogueHash = catalogueHash();
    return options;
}

std::uint64_t tasksPerSecond(const ExecutorKind& kind)
{
    return kind.id == std::string("thread_per_task") ? 8'000 : 40'000;
}

std::shared_ptr<const TraceMeta> metaOf(const std::vector<Patient>& patients)
{
    auto meta = std::make_shared<TraceMeta>();
    for (const Patient& patient : patients) {
        meta->executors.push_back({patient.kind->id, patient.kind->title, 1});
    }
    return meta;
}

/// What holds at any moment.
void checkNow(Patient& patient, const Recorder& recorder, int index)
{
    const std::string name = patient.kind->id;
    const ExecutorCounts counts = patient.executor->counts();
    const std::uint64_t submitted = recorder.submitted(index);
    if (counts.ended < patient.endedBefore) {
        violated(name + ": fewer tasks have ended than before");
    }
    if (counts.ended > submitted) {
        violated(name + ": more tasks have ended than were submitted");
    }
    // What workers give back comes on top.
    const std::uint64_t most = patient.capacity + std::uint64_t{kMaxWorkers} * kMaxChunk;
    if (counts.waiting > most) {
        violated(name + ": " + std::to_string(counts.waiting) + " tasks wait, the queue holds " +
                 std::to_string(patient.capacity));
    }
    patient.endedBefore = counts.ended;
}

void disturb(std::vector<Patient>& patients, const Recorder& recorder, std::uint64_t seed,
             Nanos durationNs)
{
    const Nanos deadlineNs = monotonicNow() + durationNs;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < patients.size(); ++i) {
        Patient& patient = patients[i];
        const Ward ward{*patient.executor, *patient.submitter, recorder, static_cast<int>(i),
                        !patient.kind->takesCalls};
        threads.emplace_back([&patient, deadlineNs] { patient.submitter->runUntil(deadlineNs); });
        threads.emplace_back([&patient, ward, ownSeed = seed + i, deadlineNs] {
            patient.account.orders = giveOrders(ward, ownSeed, deadlineNs);
        });
    }
    const StopFlag never;
    while (monotonicNow() < deadlineNs) {
        never.waitFor(std::min(kLookEveryNs, deadlineNs - monotonicNow()));
        for (std::size_t i = 0; i < patients.size(); ++i) {
            checkNow(patients[i], recorder, static_cast<int>(i));
        }
    }
}

void drain(Patient& patient)
{
    const std::string name = patient.kind->id;
    if (!patient.executor->drainFor(kPatienceNs)) {
        const ExecutorCounts counts = patient.executor->counts();
        violated(name + ": " + std::to_string(counts.waiting) + " tasks wait and " +
                 std::to_string(counts.handedOver) + " are with workers after " +
                 std::to_string(kPatienceNs / kNanosPerSecond) + " s of draining");
    }
    patient.account.taken = patient.submitter->settle(patient.account.ended);
    patient.account.refused = patient.submitter->refused();
    const ExecutorCounts counts = patient.executor->counts();
    expectEqual(counts.waiting, 0, name + ": tasks that wait after draining");
    expectEqual(counts.handedOver, 0, name + ": tasks with workers after draining");
    expectEqual(counts.ended, patient.account.taken, name + ": tasks that the executor ended");
    patient.executor->shutdown();
    patient.executor.reset();
}

/// On a lane records are in order; each task has one that is not followed by another attempt.
void checkLane(const Lane& lane, const std::string& name)
{
    Nanos lastEndNs = 0;
    for (std::uint64_t i = 0; i < lane.recordCount(); ++i) {
        const TaskRecord& record = lane.record(i);
        if (record.submitNs > record.startNs || record.startNs > record.endNs ||
            record.startNs < lastEndNs) {
            violated(name + ": record " + std::to_string(i) + " of lane " +
                     std::to_string(lane.info().index) + ": submitted " +
                     std::to_string(record.submitNs) + ", started " +
                     std::to_string(record.startNs) + ", ended " + std::to_string(record.endNs) +
                     ", the one before ended " + std::to_string(lastEndNs));
        }
        lastEndNs = record.endNs;
    }
    const auto lives = lane.lives();
    if (!lives->empty() && lives->back().closedNs < 0) {
        violated(name + ": lane " + std::to_string(lane.info().index) + " is still open");
    }
}

void checkTrace(std::vector<Patient>& patients, const Snapshot& snapshot)
{
    expectEqual(snapshot.droppedEvents, 0, "records that found no room");
    for (const LaneView& view : snapshot.lanes) {
        checkLane(*view.lane, patients[static_cast<std::size_t>(view.info().executor)].kind->id);
    }
    for (std::size_t i = 0; i < patients.size(); ++i) {
        const std::string name = patients[i].kind->id;
        Account& account = patients[i].account;
        const ExecutorTotals& totals = snapshot.totals[i];
        expectEqual(totals.submitted, account.taken, name + ": tasks submitted, by the trace");
        for (int state = 0; state < kTaskStateCount; ++state) {
            const auto at = static_cast<std::size_t>(state);
            expectEqual(totals.ended[at], account.ended[at],
                        name + ": tasks that ended as " +
                            std::string(poolscope::toText(static_cast<TaskState>(state))) +
                            ", by the trace");
        }
        account.lostAttempts = totals.lostAttempts;
    }
}

} // namespace

void Account::add(const Account& other)
{
    taken += other.taken;
    refused += other.refused;
    lostAttempts += other.lostAttempts;
    for (std::size_t i = 0; i < ended.size(); ++i) {
        ended[i] += other.ended[i];
    }
    for (std::size_t i = 0; i < orders.size(); ++i) {
        orders[i] += other.orders[i];
    }
}

std::vector<Account> runCycle(const Settings& settings, int number, Nanos durationNs)
{
    Random random(settings.seed * 1'000'003 + static_cast<std::uint64_t>(number));
    std::jthread watchdog([durationNs](const std::stop_token& stop) {
        StopFlag wake;
        const std::stop_callback waker(stop, [&wake] { wake.request(); });
        if (!wake.waitFor(durationNs + 3 * kPatienceNs)) {
            violated("the cycle does not end");
        }
    });
    const auto recorder =
        std::make_shared<Recorder>(monotonicNow(), static_cast<int>(settings.kinds.size()),
                                   number % 2 == 0 ? CostLevel::Wall : CostLevel::Totals);
    std::vector<Patient> patients;
    for (const std::string& id : settings.kinds) {
        Patient patient;
        patient.kind = findExecutorKind(id);
        const ExecutorOptions options = randomOptions(settings, *patient.kind, number, random);
        patient.capacity = options.queueCapacity;
        auto created = patient.kind->create(options, {recorder, static_cast<int>(patients.size())});
        if (!created) {
            violated(created.error().message);
        }
        patient.executor = std::move(created).value();
        patient.submitter = std::make_unique<Submitter>(*patient.executor, *patient.kind, random(),
                                                        tasksPerSecond(*patient.kind));
        patients.push_back(std::move(patient));
    }
    Collector collector(recorder, metaOf(patients));
    disturb(patients, *recorder, random(), durationNs);
    std::vector<Account> accounts;
    std::for_each(patients.begin(), patients.end(), drain);
    collector.finish();
    checkTrace(patients, *collector.latest());
    for (const Patient& patient : patients) {
        accounts.push_back(patient.account);
    }
    return accounts;
}

} // namespace poolscope::soak
