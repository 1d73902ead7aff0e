// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/frame_clock.h"
#include "ui/timeline/view_state.h"

#include <QElapsedTimer>
#include <QObject>

#include <optional>

namespace poolscope {

/// Moves the visible range in some frames instead of one, so that the eye can follow. Without a clock, or when
/// it is turned off, ranges are set at once. Whoever sets the range meanwhile ends the movement.
/// GUI thread.
class ViewGlide : public QObject
{
    Q_OBJECT

public:
    static constexpr int kDurationMs = 110;

    /// \p state must outlive the object.
    explicit ViewGlide(ViewState& state, QObject* parent = nullptr);

    /// \p clock must outlive the object; null: no movement.
    void setClock(FrameClock* clock);
    void setEnabled(bool isEnabled) { m_isEnabled = isEnabled; }
    [[nodiscard]] bool isMoving() const { return m_target.has_value(); }
    /// \return where the movement ends, or what is visible.
    [[nodiscard]] TimeRange target() const { return m_target.value_or(m_state.visible()); }

    /// As the functions of ViewState, from where the movement ends: keys and wheel notches add up.
    void zoomAt(Nanos anchorNs, double factor);
    void panBy(Nanos offset);
    void showRange(TimeRange range);

private:
    void onTick();
    void onVisibleChanged();

    ViewState& m_state;
    FrameClock* m_clock = nullptr;
    bool m_isEnabled = true;
    bool m_isSetting = false; ///< the change of the range is ours
    TimeRange m_from;
    std::optional<TimeRange> m_target;
    QElapsedTimer m_sinceStart;
};

} // namespace poolscope
