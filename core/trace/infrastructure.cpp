// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/infrastructure.h"

#include "core/trace/recorder.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace poolscope {

namespace {

constexpr Nanos kShortestSleep = 2 * kNanosPerMicro;

} // namespace

void InfrastructureLane::append(const BusySpan& span) noexcept
{
    const std::uint64_t count = m_published.load(std::memory_order_relaxed); // own value
    try {
        *m_spans.slot(count) = span;
    } catch (const std::exception&) {
        m_dropped.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    m_published.store(count + 1, std::memory_order_release); // pairs with spanCount()
}

std::uint64_t firstSpanEndingAfter(const InfrastructureView& view, Nanos timeNs)
{
    std::uint64_t begin = 0;
    std::uint64_t end = view.spanCount;
    while (begin < end) {
        const std::uint64_t middle = begin + (end - begin) / 2;
        if (view.lane->span(middle).endNs <= timeNs) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

Nanos busyNs(const InfrastructureView& view)
{
    Nanos sum = 0;
    for (std::uint64_t i = 0; i < view.spanCount; ++i) {
        sum += view.lane->span(i).endNs - view.lane->span(i).beginNs;
    }
    return sum;
}

BusyLog::BusyLog(const std::shared_ptr<Recorder>& recorder, int executor, const char* name)
{
    if (recorder && recorder->recordsInfrastructure()) {
        m_recorder = recorder;
        m_lane = &recorder->addInfrastructure({executor, name, ::gettid()});
    }
}

BusyLog::~BusyLog()
{
    flush();
}

void BusyLog::beginSpan() noexcept
{
    const Nanos now = m_recorder->now();
    if (m_hasSpan && now - m_span.endNs < kShortestSleep) {
        return; // it goes on
    }
    flush();
    m_span.beginNs = std::max(now, m_span.endNs);
    m_span.endNs = m_span.beginNs;
    m_hasSpan = true;
}

void BusyLog::endSpan() noexcept
{
    m_span.endNs = std::max(m_recorder->now(), m_span.beginNs);
}

void BusyLog::flush() noexcept
{
    if (std::exchange(m_hasSpan, false)) {
        m_lane->append(m_span);
    }
}

} // namespace poolscope
