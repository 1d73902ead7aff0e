// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/blocked.h"

#include "core/trace/recorder.h"

#include <exception>

namespace poolscope {

namespace {

struct Target
{
    Recorder* recorder = nullptr;
    Lane* lane = nullptr;
};

thread_local Target target;

} // namespace

BlockingScope::BlockingScope(Recorder* recorder, Lane* lane) noexcept
    : m_outerRecorder(target.recorder)
    , m_outerLane(target.lane)
{
    target = {recorder, lane};
}

BlockingScope::~BlockingScope()
{
    target = {m_outerRecorder, m_outerLane};
}

Blocked::Blocked(std::string_view on) noexcept
    : m_recorder(target.recorder)
    , m_lane(target.lane)
{
    const RunningNow running = m_lane != nullptr ? m_lane->running() : RunningNow{};
    if (running.startNs < 0) {
        return;
    }
    try {
        m_span.on = m_recorder->blockerId(on);
    } catch (const std::exception&) {
        return; // no memory for the name: span stays empty
    }
    m_span.task = static_cast<std::uint32_t>(running.task);
    m_span.startNs = std::max(m_recorder->now(), running.startNs);
    m_span.endNs = -1;
    m_lane->setBlocked({m_span.on, m_span.startNs});
}

Blocked::~Blocked()
{
    if (m_span.endNs < 0) {
        m_span.endNs = std::max(m_recorder->now(), m_span.startNs);
        m_lane->appendBlocked(m_span);
        m_lane->setBlocked({});
    }
}

} // namespace poolscope
