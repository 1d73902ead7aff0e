// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/snapshot_search.h"

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr Nanos kSliceNs = 50 * kNanosPerMilli;
constexpr Nanos kReportNs = 200 * kNanosPerMilli;
constexpr int kShortestPauseMs = 500;
constexpr int kLongestPauseMs = 60'000;
constexpr int kPauseFactor = 20; ///< of the time the last search took

} // namespace

struct SnapshotSearch::Search
{
    TaskSearch search;
    bool isRefresh; ///< of an answer there is already: a part of the new one would be less
    RecordList hits{};
    Nanos workedNs = 0;
    Nanos reportedNs = 0; ///< when, CLOCK_MONOTONIC; 0: never
    std::size_t reportedHits = 0;
    bool isDone = false;

    /// Goes on for a slice. \return what to show now, or nothing. The job's thread.
    std::shared_ptr<const TaskHits> workOn();
};

std::shared_ptr<const TaskHits> SnapshotSearch::Search::workOn()
{
    const Nanos begin = monotonicNow();
    Nanos now = begin;
    const bool isFirstReport = reportedNs == 0;
    while (!isDone && now - begin < kSliceNs && !(isFirstReport && !isRefresh && !hits.isEmpty())) {
        isDone = !search.step(hits);
        now = monotonicNow();
    }
    workedNs += now - begin;
    if (isDone) {
        return std::make_shared<const TaskHits>(
            TaskHits{search.snapshot(), std::move(hits), true, search.running()});
    }
    // Each report copies all hits: twice as many each time, so that all copies together cost little.
    const bool isDue = isFirstReport
                           ? !hits.isEmpty()
                           : now - reportedNs >= kReportNs && hits.size() >= 2 * reportedHits;
    if (isRefresh || !isDue) {
        return nullptr;
    }
    reportedNs = now;
    reportedHits = hits.size();
    return std::make_shared<const TaskHits>(TaskHits{search.snapshot(), hits, false});
}

SnapshotSearch::SnapshotSearch(ViewState& state, QObject* parent)
    : QObject(parent)
    , m_state(state)
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &SnapshotSearch::onSnapshotChanged);
    connect(&state, &ViewState::snapshotChanged, this, &SnapshotSearch::onSnapshotChanged);
}

void SnapshotSearch::setQuery(std::optional<TaskQuery> query)
{
    if (m_query == query) {
        return;
    }
    m_query = std::move(query);
    m_answered = {};
    m_search.reset();
    m_job.forget();
    m_pause.stop();
    onSnapshotChanged();
}

void SnapshotSearch::onSnapshotChanged()
{
    const SnapshotPtr& now = m_state.snapshot();
    if (!m_query || !now) {
        m_search.reset();
        m_answered = {};
        m_job.forget();
        m_pause.stop();
        return;
    }
    const bool isOtherRun =
        !(m_search ? SnapshotMark(m_search->search.snapshot()) : m_answered).isOfRun(now);
    if (isOtherRun) {
        m_pause.stop();
        m_answered = {};
        start();
    } else if (!m_search && !m_answered.isOf(now) && (!m_pause.isActive() || !now->isMoving())) {
        m_pause.stop();
        start();
    }
}

void SnapshotSearch::start()
{
    m_search = std::make_shared<Search>(
        Search{TaskSearch(m_state.snapshot(), *m_query), m_answered.isOfRun(m_state.snapshot())});
    if (m_query->isEmpty()) {
        m_search->hits.reserve(m_state.snapshot()->keptCount()); // it finds everything
    }
    askForSlice();
}

void SnapshotSearch::askForSlice()
{
    m_job.ask([this, search = m_search]() -> NewestJob::Deliver {
        const std::shared_ptr<const TaskHits> hits = search->workOn();
        return [this, search, hits] { onSlice(search, hits); };
    });
}

void SnapshotSearch::countWork(Nanos tookNs)
{
    m_workedNs += tookNs;
    if (m_pause.isActive()) {
        pause();
    }
}

void SnapshotSearch::pause()
{
    const Nanos pauseMs = m_workedNs * kPauseFactor / kNanosPerMilli;
    m_pause.start(static_cast<int>(std::clamp<Nanos>(pauseMs, kShortestPauseMs, kLongestPauseMs)));
}

void SnapshotSearch::onSlice(const std::shared_ptr<Search>& search,
                             const std::shared_ptr<const TaskHits>& hits)
{
    if (search != m_search) {
        return;
    }
    if (!search->isDone) {
        askForSlice();
        if (hits) {
            emit found(hits);
        }
        return;
    }
    m_answered = SnapshotMark(search->search.snapshot());
    m_search.reset();
    m_workedNs = search->workedNs;
    pause();
    emit found(hits);
    onSnapshotChanged(); // the run may have ended meanwhile
}

} // namespace poolscope
