// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/range_job.h"

#include <QWidget>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kShortestPauseMs = 500;
constexpr int kFirstDelayMs = 120; ///< a selection that is being drawn changes at each move
constexpr int kPauseFactor = 50; ///< of the time the last figures took

std::vector<RangeFigures> figuresOf(const Snapshot& snapshot, std::optional<TimeRange> range)
{
    std::vector<RangeFigures> figures;
    for (std::size_t i = 0; i < snapshot.meta->executors.size(); ++i) {
        figures.push_back(rangeFigures(snapshot, static_cast<int>(i), range));
    }
    return figures;
}

} // namespace

RangeJob::RangeJob(ViewState& state, QWidget* viewer)
    : QObject(viewer)
    , m_state(state)
    , m_viewer(viewer)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &RangeJob::request);
    connect(&state, &ViewState::snapshotChanged, this, &RangeJob::onSnapshotChanged);
    connect(&state, &ViewState::selectionChanged, this, [this] { m_timer.start(kFirstDelayMs); });
}

void RangeJob::repeat()
{
    m_asked = {};
    request();
}

void RangeJob::onSnapshotChanged()
{
    const SnapshotPtr& now = m_state.snapshot();
    const bool isOtherRun = !m_asked.isOfRun(now);
    if (isOtherRun || !now->isMoving()) {
        request();
    } else if (!m_isWaiting && !m_timer.isActive()) {
        m_timer.start(kShortestPauseMs);
    }
}

void RangeJob::request()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot) {
        m_job.forget();
        m_asked = {};
        m_isWaiting = false;
    } else if (m_viewer->isVisible()) {
        m_asked = SnapshotMark(snapshot);
        m_isWaiting = true;
        m_job.ask([this, snapshot, range = m_state.selection()]() -> NewestJob::Deliver {
            const Nanos start = monotonicNow();
            std::vector<RangeFigures> figures = figuresOf(*snapshot, range);
            const Nanos tookNs = monotonicNow() - start;
            return [this, snapshot, figures = std::move(figures), tookNs] {
                deliver(snapshot, figures, tookNs);
            };
        });
    }
    emit asked();
}

void RangeJob::deliver(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures,
                       Nanos tookNs)
{
    m_isWaiting = false;
    emit ready(snapshot, figures);
    if (snapshot->isLive || snapshot != m_state.snapshot()) {
        const Nanos pauseMs = tookNs * kPauseFactor / kNanosPerMilli;
        m_timer.start(static_cast<int>(std::clamp<Nanos>(pauseMs, kShortestPauseMs, 60'000)));
    }
}

} // namespace poolscope
