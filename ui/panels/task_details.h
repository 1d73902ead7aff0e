// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"
#include "ui/common/theme.h"

#include <QString>

#include <vector>

namespace poolscope {

/// A moment in the life of an attempt.
struct TaskMoment
{
    QString what; ///< e.g. "Started"
    QString when; ///< from the run's beginning
    QString since; ///< how long since the moment before, and with what; may be empty
};

/// \return the moments of \p ref, which exists, in order of time.
[[nodiscard]] std::vector<TaskMoment> taskMoments(const Snapshot& snapshot, const RecordRef& ref);

/// \return everything but result and error of \p ref, which exists, as rich text in two columns: moments and
/// the job with its parameters; place and costs.
[[nodiscard]] QString taskDetailsHtml(const Snapshot& snapshot, const RecordRef& ref,
                                      const Theme& theme);

/// \return one line on one of the times that a task ran, e.g. "Process pool, attempt 1: lost, 12 ms".
[[nodiscard]] QString timeRunText(const Snapshot& snapshot, const RecordRef& ref);

} // namespace poolscope
