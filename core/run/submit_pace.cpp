// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/submit_pace.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace poolscope {

namespace {

constexpr Nanos kLongestWait = kNanosPerSecond / 20;

} // namespace

SubmitPace::SubmitPace(Nanos gapNs)
    : m_gapNs(gapNs)
    , m_startNs(monotonicNow())
{}

std::uint64_t SubmitPace::waitForDue(std::uint64_t most)
{
    if (m_gapNs <= 0) {
        return most;
    }
    const Nanos dueNs = m_startNs + static_cast<Nanos>(m_given) * m_gapNs;
    const Nanos waitNs = std::min(dueNs - monotonicNow(), kLongestWait);
    if (waitNs > 0) {
        std::this_thread::sleep_for(std::chrono::nanoseconds(waitNs));
    }
    const Nanos elapsed = monotonicNow() - m_startNs;
    const auto dueCount = static_cast<std::uint64_t>(elapsed / m_gapNs) + 1;
    const std::uint64_t count = std::min(most, dueCount - std::min(dueCount, m_given));
    m_given += count;
    return count;
}

} // namespace poolscope
