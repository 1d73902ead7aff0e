// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/control_event.h"

namespace poolscope {

std::string_view toText(ControlKind kind) noexcept
{
    switch (kind) {
    case ControlKind::Resize:
        return "resize";
    case ControlKind::Pause:
        return "pause";
    case ControlKind::Resume:
        return "resume";
    case ControlKind::Cancel:
        return "cancel";
    case ControlKind::Kill:
        return "kill";
    case ControlKind::WorkerStarted:
        return "worker_started";
    case ControlKind::WorkerRetired:
        return "worker_retired";
    case ControlKind::WorkerDied:
        return "worker_died";
    case ControlKind::TaskRetried:
        return "task_retried";
    case ControlKind::Error:
        return "error";
    }
    return "";
}

} // namespace poolscope
