// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/machine_facts.h"
#include "core/task/workload.h"

#include <QString>

#include <vector>

namespace poolscope {

/// One executor that can be chosen.
struct ExecutorChoice
{
    QString id; ///< stable, e.g. "threads"
    QString title; ///< translated
    QString summary; ///< translated, one sentence
    bool hasWorkers; ///< whose number can be set
    bool survivesCrashes; ///< a task that crashes ends its worker, not the program
};

/// \return what a run can run on, in display order. Any thread.
[[nodiscard]] std::vector<ExecutorChoice> executorChoices();

/// \return what a run can run, in display order. Any thread.
[[nodiscard]] std::vector<const Workload*> workloadChoices();

/// The largest number of workers an executor can have.
[[nodiscard]] int maxWorkers();

/// The largest number of tasks that can travel together.
[[nodiscard]] int maxChunk();

/// The largest number of chunks that a worker process can be given in advance.
[[nodiscard]] int maxPrefetch();

} // namespace poolscope
