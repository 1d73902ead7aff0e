// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <vector>

namespace poolscope {

/// How many workers an executor had from a moment on.
struct WorkerCount
{
    Nanos timeNs = 0;
    int workers = 0;
};

/// \return the number of workers of \p executor after each worker that came or went, by time; at one moment
/// who goes is before who comes. O(lives · log lives). Any thread.
[[nodiscard]] std::vector<WorkerCount> workerCounts(const Snapshot& snapshot, int executor);

} // namespace poolscope
