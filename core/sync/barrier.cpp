// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/barrier.h"

#include <algorithm>
#include <utility>

namespace poolscope {

Barrier::Barrier(int parties, std::string name, std::function<void()> action)
    : m_parties(parties)
    , m_action(std::move(action))
    , m_point(std::move(name))
{
    if (parties < 1) {
        throw SyncError("The barrier \"" + m_point.name() + "\" cannot have " +
                        std::to_string(parties) + " parties: it needs 1 at least.");
    }
}

Result<int> Barrier::wait(const WaitLimit& limit)
{
    RoundPtr round;
    int place = 0;
    {
        const MutexLock lock(m_mutex);
        round = m_round;
        if (!round->broken.empty()) {
            return brokenError(*round);
        }
        place = round->arrived++;
        if (round->arrived == m_parties) {
            m_round = std::make_shared<Round>(); // whoever comes now waits for the next time
        }
    }
    return place + 1 == m_parties ? letAllPass(*round, place) : waitForOthers(*round, place, limit);
}

Result<int> Barrier::letAllPass(Round& round, int place)
{
    try {
        if (m_action) {
            m_action();
        }
    } catch (...) {
        {
            const MutexLock lock(m_mutex);
            breakRound(round, "its action failed");
        }
        m_point.wakeAll();
        throw;
    }
    const MutexLock lock(m_mutex);
    if (!round.broken.empty()) {
        return brokenError(round);
    }
    round.hasPassed = true;
    m_point.wakeAll();
    return place;
}

Result<int> Barrier::waitForOthers(Round& round, int place, const WaitLimit& limit)
{
    const WaitEnd end = m_point.waitUntil(limit, [&] { return isOver(round); });
    const MutexLock lock(m_mutex);
    if (round.hasPassed) {
        return place;
    }
    if (round.broken.empty()) {
        breakRound(round, end == WaitEnd::TimedOut ? "a party had waited too long"
                                                   : "a party was asked to stop");
        m_point.wakeAll();
    }
    return brokenError(round);
}

bool Barrier::isOver(const Round& round) const
{
    const MutexLock lock(m_mutex);
    return round.hasPassed || !round.broken.empty();
}

/// The next round cannot begin either.
void Barrier::breakRound(Round& round, const std::string& reason)
{
    round.broken = reason;
    m_round->broken = reason;
}

void Barrier::abort(const std::string& reason)
{
    const MutexLock lock(m_mutex);
    breakRound(*m_round, reason);
    m_point.wakeAll();
}

void Barrier::reset()
{
    const MutexLock lock(m_mutex);
    if (m_round->arrived > 0) {
        m_round->broken = "it was reset";
    }
    m_round = std::make_shared<Round>();
    m_point.wakeAll();
}

int Barrier::waiting() const
{
    const MutexLock lock(m_mutex);
    return m_round->broken.empty() ? m_round->arrived : 0;
}

bool Barrier::isBroken() const
{
    const MutexLock lock(m_mutex);
    return !m_round->broken.empty();
}

Error Barrier::brokenError(const Round& round) const
{
    return Error{"The barrier \"" + m_point.name() + "\" is broken: " + round.broken +
                 ". Nobody passes until it is reset."};
}

} // namespace poolscope
