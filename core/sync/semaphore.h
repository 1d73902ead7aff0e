// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/sync/wait_point.h"

#include <cstdint>
#include <limits>
#include <string>

namespace poolscope {

/// So many may pass at a time. Not fair: who comes just when it is released may be first. All members: any
/// thread.
class Semaphore
{
public:
    explicit Semaphore(std::int64_t count, std::string name = "semaphore")
        : Semaphore(count, std::numeric_limits<std::int64_t>::max(), std::move(name))
    {}
    virtual ~Semaphore() = default;
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    /// Takes one, waiting for it.
    WaitEnd acquire(const WaitLimit& limit = {});
    /// \return whether there was one.
    [[nodiscard]] bool tryAcquire() { return acquire({0, nullptr}) == WaitEnd::Ready; }
    /// Gives \p count (at least 1) back, taken by whomever. Throws SyncError for more than there can be.
    void release(std::int64_t count = 1) PS_EXCLUDES(m_mutex);
    /// \return how many there are now.
    [[nodiscard]] std::int64_t available() const PS_EXCLUDES(m_mutex);

protected:
    Semaphore(std::int64_t count, std::int64_t most, std::string name);

private:
    [[nodiscard]] bool takeOne() PS_EXCLUDES(m_mutex);

    const std::int64_t m_most;
    mutable Mutex m_mutex;
    std::int64_t m_available PS_GUARDED_BY(m_mutex);
    WaitPoint m_point;
};

/// One that never has more than it began with: to release it too often is an error that shows at once.
class BoundedSemaphore final : public Semaphore
{
public:
    explicit BoundedSemaphore(std::int64_t count, std::string name = "semaphore")
        : Semaphore(count, count, std::move(name))
    {}
};

/// One of a semaphore, for a scope.
class SemaphorePermit
{
public:
    explicit SemaphorePermit(Semaphore& semaphore, const WaitLimit& limit = {})
        : m_semaphore(semaphore)
        , m_end(semaphore.acquire(limit))
    {}
    ~SemaphorePermit()
    {
        if (m_end == WaitEnd::Ready) {
            m_semaphore.release();
        }
    }
    SemaphorePermit(const SemaphorePermit&) = delete;
    SemaphorePermit& operator=(const SemaphorePermit&) = delete;

    /// \return Ready when it is held.
    [[nodiscard]] WaitEnd end() const noexcept { return m_end; }
    explicit operator bool() const noexcept { return m_end == WaitEnd::Ready; }

private:
    Semaphore& m_semaphore;
    const WaitEnd m_end;
};

} // namespace poolscope
