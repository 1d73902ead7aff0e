// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/queue_sampler.h"

namespace poolscope {

namespace {

QueueSample sampleOf(Nanos timeNs, const ExecutorTotals& totals)
{
    return {timeNs, totals.submitted, totals.endedCount(), totals.running, totals.workers};
}

} // namespace

void QueueSampler::sample(Nanos nowNs, const ExecutorTotals& totals)
{
    if (nowNs < m_dueNs) {
        return;
    }
    if (m_samples.size() == kMaxSamples) {
        thinOut();
    }
    m_samples.push_back(sampleOf(nowNs, totals));
    m_dueNs = nowNs + m_periodNs;
    m_shared = nullptr;
}

void QueueSampler::sampleLast(Nanos endNs, const ExecutorTotals& totals)
{
    while (!m_samples.empty() && m_samples.back().timeNs >= endNs) {
        m_samples.pop_back();
    }
    m_dueNs = endNs;
    sample(endNs, totals);
}

std::shared_ptr<const std::vector<QueueSample>> QueueSampler::share()
{
    if (!m_shared) {
        m_shared = std::make_shared<const std::vector<QueueSample>>(m_samples);
    }
    return m_shared;
}

void QueueSampler::thinOut()
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_samples.size(); i += 2) {
        m_samples[kept++] = m_samples[i];
    }
    m_samples.resize(kept);
    m_periodNs *= 2;
}

} // namespace poolscope
