// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/view_glide.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

ViewGlide::ViewGlide(ViewState& state, QObject* parent)
    : QObject(parent)
    , m_state(state)
{
    connect(&state, &ViewState::visibleChanged, this, &ViewGlide::onVisibleChanged);
}

void ViewGlide::setClock(FrameClock* clock)
{
    m_clock = clock;
    if (clock != nullptr) {
        connect(clock, &FrameClock::tick, this, &ViewGlide::onTick);
    }
}

void ViewGlide::zoomAt(Nanos anchorNs, double factor)
{
    showRange(m_state.zoomed(target(), anchorNs, factor));
}

void ViewGlide::panBy(Nanos offset)
{
    const TimeRange range = target();
    showRange({range.beginNs + offset, range.endNs + offset});
}

void ViewGlide::showRange(TimeRange range)
{
    range = m_state.clamped(range);
    if (range == target()) {
        return;
    }
    if (!m_isEnabled || m_clock == nullptr) {
        m_state.setVisible(range);
        return;
    }
    m_from = m_state.visible();
    m_target = range;
    m_sinceStart.start();
    m_clock->requestTick();
}

void ViewGlide::onTick()
{
    if (!m_target) {
        return;
    }
    const double passed =
        std::min(1.0, static_cast<double>(m_sinceStart.nsecsElapsed()) / (kDurationMs * 1e6));
    const double part = 1 - std::pow(1 - passed, 3); // fast at first, then it comes to rest
    const auto between = [part](Nanos from, Nanos to) {
        return from + std::llround(static_cast<double>(to - from) * part);
    };
    m_isSetting = true;
    m_state.setVisible(passed < 1 ? TimeRange{between(m_from.beginNs, m_target->beginNs),
                                              between(m_from.endNs, m_target->endNs)}
                                  : *m_target);
    m_isSetting = false;
    if (passed < 1) {
        m_clock->requestTick();
    } else {
        m_target.reset();
    }
}

void ViewGlide::onVisibleChanged()
{
    if (!m_isSetting) {
        m_target.reset();
    }
}

} // namespace poolscope
