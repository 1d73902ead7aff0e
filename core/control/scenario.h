// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"

#include <QString>

#include <vector>

namespace poolscope {

/// One run of a teaching scenario.
struct ScenarioStep
{
    QString title; ///< translated, e.g. "4 threads, one interpreter"
    RunSettings settings; ///< on one executor
    int base = 0; ///< index of the step whose throughput this one's is held against
};

/// A few runs that show one thing about parallel work, made to be seen side by side.
struct Scenario
{
    QString id; ///< lower_case, stable
    QString title; ///< translated, as are the next two
    QString look; ///< what to look at, and why it is so
    QString next; ///< what to try then
    std::vector<ScenarioStep> steps;
};

/// \return the teaching scenarios in display order, sized for \p processors usable processors: each step
/// takes a second or two. Any thread.
[[nodiscard]] std::vector<Scenario> teachingScenarios(int processors);

} // namespace poolscope
