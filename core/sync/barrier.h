// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/sync/wait_point.h"

#include <functional>
#include <memory>
#include <string>

namespace poolscope {

/// Where so many tasks wait for each other, again and again. All members: any thread.
class Barrier
{
public:
    /// \p parties: how many, at least 1 (else SyncError). \p action: what the last one to come does before all
    /// go on; may be null, must not use the barrier.
    explicit Barrier(int parties, std::string name = "barrier", std::function<void()> action = {});
    Barrier(const Barrier&) = delete;
    Barrier& operator=(const Barrier&) = delete;

    /// Waits until all have come. \return in which place, 0 to parties - 1. Error: it is broken, since a
    /// party gave up, its action threw, or somebody said so; then nobody passes until reset(). Throws what
    /// the action throws.
    [[nodiscard]] Result<int> wait(const WaitLimit& limit = {}) PS_EXCLUDES(m_mutex);
    /// Breaks it: who waits gets an error with \p reason.
    void abort(const std::string& reason) PS_EXCLUDES(m_mutex);
    /// Makes it whole and empty; who still waits gets an error.
    void reset() PS_EXCLUDES(m_mutex);

    [[nodiscard]] int parties() const noexcept { return m_parties; }
    /// \return how many wait now.
    [[nodiscard]] int waiting() const PS_EXCLUDES(m_mutex);
    [[nodiscard]] bool isBroken() const PS_EXCLUDES(m_mutex);

private:
    /// One meeting; the next one begins when all have come. Guarded by m_mutex.
    struct Round
    {
        int arrived = 0;
        bool hasPassed = false;
        std::string broken; ///< why; empty: it is whole
    };
    using RoundPtr = std::shared_ptr<Round>;

    [[nodiscard]] bool isOver(const Round& round) const PS_EXCLUDES(m_mutex);
    Result<int> waitForOthers(Round& round, int place, const WaitLimit& limit) PS_EXCLUDES(m_mutex);
    Result<int> letAllPass(Round& round, int place) PS_EXCLUDES(m_mutex);
    void breakRound(Round& round, const std::string& reason) PS_REQUIRES(m_mutex);
    [[nodiscard]] Error brokenError(const Round& round) const;

    const int m_parties;
    const std::function<void()> m_action;
    mutable Mutex m_mutex;
    RoundPtr m_round PS_GUARDED_BY(m_mutex) = std::make_shared<Round>();
    WaitPoint m_point;
};

} // namespace poolscope
