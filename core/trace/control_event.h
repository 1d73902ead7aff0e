// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace poolscope {

enum class ControlKind : std::uint8_t {
    Resize, ///< value: new number of workers; text: the old one
    Pause,
    Resume,
    Cancel,
    Kill,
    WorkerStarted,
    WorkerRetired, ///< after a resize, at the end, or for a reason that the text gives
    WorkerDied, ///< text: why, e.g. "killed by signal 9 (Killed)"
    TaskRetried, ///< value: the task
    Error, ///< text: what went wrong
};

inline constexpr int kControlKindCount = static_cast<int>(ControlKind::Error) + 1;

/// What happens rarely. lane is an index in Recorder::lanes() (LaneView::laneIndex), -1 for the whole
/// executor.
struct ControlEvent
{
    Nanos timeNs = 0; ///< from the trace's origin
    ControlKind kind = ControlKind::Error;
    int executor = 0;
    int lane = -1;
    std::int64_t value = 0;
    std::string text;

    friend bool operator==(const ControlEvent&, const ControlEvent&) = default;
};

/// \return the kind's stable word in files, e.g. "worker_died".
[[nodiscard]] std::string_view toText(ControlKind kind) noexcept;

} // namespace poolscope
