// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/tail.h"
#include "core/base/time.h"

namespace poolscope {

/// Where an executor's job could have ended, for the timeline. Times of the run.
struct FinishLines
{
    int executor = 0;
    Tail tail;
    Nanos lowerNs = 0; ///< no schedule of these tasks ends before
    Nanos upperNs = 0; ///< no schedule that gives every free worker a task ends after
    Nanos longestFirstNs = 0; ///< the end with the longest tasks first
};

} // namespace poolscope
