// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/task_search.h"
#include "ui/common/newest_job.h"
#include "ui/common/snapshot_mark.h"
#include "ui/timeline/view_state.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace poolscope {

/// Keeps the answer to one query up to date with the run that is shown. Searches on another thread and in
/// slices of some 50 ms, so that a newer query never waits for an older one; while a run goes on it searches
/// again, so seldom that this takes at most a twentieth of a processor. GUI thread.
class SnapshotSearch : public QObject
{
    Q_OBJECT

public:
    /// \p state must outlive the search.
    explicit SnapshotSearch(ViewState& state, QObject* parent = nullptr);

    /// Nothing: do not search. The same query again changes nothing.
    void setQuery(std::optional<TaskQuery> query);
    [[nodiscard]] const std::optional<TaskQuery>& query() const { return m_query; }
    /// What was made of an answer took so long: the pause until it is searched again counts that, too.
    void countWork(Nanos tookNs);
    /// \return whether found() is still to come with the rest.
    [[nodiscard]] bool isSearching() const { return m_search != nullptr; }

signals:
    /// What there is so far, never null: first as soon as something is found, then now and then, and at last
    /// complete. While a run goes on there is one such answer, complete, for each time it is searched again.
    void found(const std::shared_ptr<const poolscope::TaskHits>& hits);

private:
    struct Search;
    void onSnapshotChanged();
    void start();
    void pause();
    void askForSlice();
    void onSlice(const std::shared_ptr<Search>& search,
                 const std::shared_ptr<const TaskHits>& hits);

    ViewState& m_state;
    std::optional<TaskQuery> m_query;
    std::shared_ptr<Search> m_search; ///< its contents belong to the job while that works
    SnapshotMark m_answered; ///< what the last complete answer is of
    Nanos m_workedNs = 0; ///< for the last complete answer
    QTimer m_pause; ///< until it may be searched again
    NewestJob m_job;
};

} // namespace poolscope
