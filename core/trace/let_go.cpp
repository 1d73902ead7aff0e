// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/let_go.h"

#include <algorithm>
#include <numeric>

namespace poolscope {

bool isLostAttempt(const TaskRecord& record) noexcept
{
    return record.wasRetried() || (record.state() == TaskState::Lost && record.attempt > 0);
}

bool ranToAnEnd(const TaskRecord& record) noexcept
{
    return record.attempt > 0 && !record.wasRetried() && record.state() != TaskState::Lost;
}

void LetGo::add(const TaskRecord& record)
{
    firstSubmitNs = records > 0 ? std::min(firstSubmitNs, record.submitNs) : record.submitNs;
    firstStartNs = records > 0 ? firstStartNs : record.startNs; // in order on a lane
    lastEndNs = std::max(lastEndNs, record.endNs);
    ++records;
    busyNs += record.runNs();
    lostAttempts += isLostAttempt(record) ? 1U : 0U;
    if (!record.wasRetried()) {
        ++ended[static_cast<std::size_t>(record.state())];
    }
    if (ranToAnEnd(record)) {
        ++attempts;
        runSumNs += record.runNs();
        waitSumNs += record.waitNs();
        runs.add(record.runNs());
        waits.add(record.waitNs());
    }
}

void LetGo::add(const LetGo& other)
{
    if (other.records == 0) {
        return;
    }
    firstSubmitNs =
        records > 0 ? std::min(firstSubmitNs, other.firstSubmitNs) : other.firstSubmitNs;
    firstStartNs = records > 0 ? std::min(firstStartNs, other.firstStartNs) : other.firstStartNs;
    lastEndNs = std::max(lastEndNs, other.lastEndNs);
    records += other.records;
    busyNs += other.busyNs;
    lostAttempts += other.lostAttempts;
    std::transform(ended.begin(), ended.end(), other.ended.begin(), ended.begin(), std::plus<>());
    attempts += other.attempts;
    runSumNs += other.runSumNs;
    waitSumNs += other.waitSumNs;
    runs.add(other.runs);
    waits.add(other.waits);
}

std::uint64_t LetGo::endedCount() const noexcept
{
    return std::accumulate(ended.begin(), ended.end(), std::uint64_t{0});
}

} // namespace poolscope
