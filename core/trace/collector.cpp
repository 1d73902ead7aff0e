// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"

#include "core/base/thread_name.h"
#include "core/trace/queue_sampler.h"
#include "core/trace/snapshot_builder.h"
#include "core/trace/usage_sampler.h"

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <utility>

namespace poolscope {

namespace {

/// Slept between two collections, so there are fewer than 60 a second, and none starves the others
/// however much there is to collect.
constexpr std::chrono::nanoseconds kPeriod{kNanosPerSecond / 60};

} // namespace

struct Collector::State
{
    State(std::shared_ptr<Recorder> recorder, std::shared_ptr<const TraceMeta> meta)
        : builder(std::move(recorder), std::move(meta))
        , samplers(builder.totals().size(), QueueSampler(kPeriod.count()))
        , usage(builder.shareRecorder())
    {}

    SnapshotBuilder builder;
    std::vector<QueueSampler> samplers; ///< one an executor
    UsageSampler usage;
    Mutex sleepMutex;
    ConditionVariable wakeUp;
};

Collector::Collector(std::shared_ptr<Recorder> recorder, std::shared_ptr<const TraceMeta> meta)
    : m_state(std::make_unique<State>(std::move(recorder), std::move(meta)))
{
    collect(false);
    m_thread = std::jthread([this](const std::stop_token& stop) { collectUntil(stop); });
}

Collector::~Collector() = default;

SnapshotPtr Collector::latest() const
{
    MutexLock lock(m_mutex);
    return m_latest;
}

void Collector::finish()
{
    if (!m_thread.joinable()) {
        return;
    }
    m_thread.request_stop();
    m_thread.join();
    collect(true);
}

void Collector::collectUntil(const std::stop_token& stop)
{
    setThreadName("collector");
    const std::stop_callback wake(stop, [this] {
        m_state->builder.recorder().endRest();
        MutexLock lock(m_state->sleepMutex); // not between the check below and the wait
        m_state->wakeUp.notifyAll();
    });
    BusyLog busy(m_state->builder.shareRecorder(), -1, "Collector");
    MutexLock lock(m_state->sleepMutex);
    while (!stop.stop_requested()) {
        m_state->wakeUp.waitFor(lock, kPeriod);
        lock.unlock();
        if (!stop.stop_requested()) {
            busy.begin();
            collect(false);
            busy.end();
            restWhileNothingHappens(stop);
        }
        lock.lock();
    }
}

void Collector::restWhileNothingHappens(const std::stop_token& stop)
{
    SnapshotBuilder& builder = m_state->builder;
    Recorder& recorder = builder.recorder();
    const auto isOver = [](const ExecutorTotals& totals) {
        return totals.submitted > 0 && totals.submitted == totals.endedCount() &&
               totals.running == 0;
    };
    const auto& all = builder.totals();
    if (!std::all_of(all.begin(), all.end(), isOver)) {
        return;
    }
    recorder.beginRest();
    if (!builder.isUpToDate() || stop.stop_requested()) {
        recorder.endRest();
        return;
    }
    recorder.rest();
    recorder.endRest();
    // The queues were as they are until this moment.
    const Nanos now = recorder.now();
    for (std::size_t i = 0; i < all.size(); ++i) {
        m_state->samplers[i].sample(now, all[i]);
    }
}

void Collector::collect(bool isLast)
{
    SnapshotBuilder& builder = m_state->builder;
    if (!isLast) { // else the workers are gone
        m_state->usage.sample(builder.recorder().now());
    }
    builder.update();
    builder.letGo();
    auto snapshot = std::make_shared<Snapshot>(builder.build());
    // Now is later than everything that was just collected.
    snapshot->nowNs = isLast ? builder.lastMomentNs() : builder.recorder().now();
    snapshot->isLive = !isLast;
    for (std::size_t i = 0; i < m_state->samplers.size(); ++i) {
        QueueSampler& sampler = m_state->samplers[i];
        if (isLast) {
            sampler.sampleLast(snapshot->nowNs, builder.totals()[i]);
        } else {
            sampler.sample(snapshot->nowNs, builder.totals()[i]);
        }
        snapshot->queueSamples.push_back(sampler.share());
    }
    SnapshotPtr before = std::move(snapshot);
    {
        MutexLock lock(m_mutex);
        m_latest.swap(before);
    }
    // Here ends what was before: with it may go what was let go.
}

SnapshotPtr makeFinishedSnapshot(std::shared_ptr<Recorder> recorder,
                                 std::shared_ptr<const TraceMeta> meta,
                                 std::vector<std::vector<QueueSample>> samples, Nanos nowNs)
{
    SnapshotBuilder builder(std::move(recorder), std::move(meta));
    builder.update();
    auto snapshot = std::make_shared<Snapshot>(builder.build());
    snapshot->nowNs = nowNs;
    samples.resize(builder.totals().size());
    for (std::vector<QueueSample>& list : samples) {
        snapshot->queueSamples.push_back(
            std::make_shared<const std::vector<QueueSample>>(std::move(list)));
    }
    return snapshot;
}

} // namespace poolscope
