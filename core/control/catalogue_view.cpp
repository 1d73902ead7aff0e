// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"

#include "core/executor/executor.h"
#include "core/workload/catalogue.h"

#include <QCoreApplication>

namespace poolscope {

std::vector<ExecutorChoice> executorChoices()
{
    std::vector<ExecutorChoice> choices;
    for (const ExecutorKind& kind : executorKinds()) {
        choices.push_back({QString::fromUtf8(kind.id),
                           QCoreApplication::translate("executor", kind.title),
                           QCoreApplication::translate("executor", kind.summary), !kind.isInline,
                           !kind.takesCalls}); // what takes calls runs in this process
    }
    return choices;
}

std::vector<const Workload*> workloadChoices()
{
    std::vector<const Workload*> choices;
    for (const Workload& workload : workloads()) {
        choices.push_back(&workload);
    }
    return choices;
}

int maxWorkers()
{
    return kMaxWorkers;
}

int maxChunk()
{
    return kMaxChunk;
}

int maxPrefetch()
{
    return kMaxPrefetch;
}

} // namespace poolscope
