// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/trace/recorder.h"
#include "core/trace/snapshot.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace poolscope {

/// Keeps the queue samples of one executor within a bound however long the run: when it is full,
/// every second sample goes and the period doubles. Used by one thread.
class QueueSampler
{
public:
    static constexpr std::size_t kMaxSamples = 8192;

    /// \p periodNs: at first, between two samples.
    explicit QueueSampler(Nanos periodNs)
        : m_periodNs(periodNs)
    {}

    /// Takes a sample when it is due. Times must not decrease.
    void sample(Nanos nowNs, const ExecutorTotals& totals);
    /// Takes the last sample, due or not, and drops those that were taken after \p endNs.
    void sampleLast(Nanos endNs, const ExecutorTotals& totals);
    /// \return the samples so far, shared with earlier callers when nothing was added.
    [[nodiscard]] std::shared_ptr<const std::vector<QueueSample>> share();
    [[nodiscard]] Nanos periodNs() const noexcept { return m_periodNs; }

private:
    void thinOut();

    Nanos m_periodNs;
    Nanos m_dueNs = 0;
    std::vector<QueueSample> m_samples;
    std::shared_ptr<const std::vector<QueueSample>> m_shared;
};

} // namespace poolscope
