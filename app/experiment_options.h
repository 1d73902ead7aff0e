// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/control/experiment.h"

#include <QString>
#include <QStringList>

namespace poolscope {

/// What `poolscope duel`, `sweep` or `chunks` was asked for.
struct ExperimentOptions
{
    ExperimentKind kind = ExperimentKind::Duel;
    ExperimentPlan plan;
    bool isJson = false;
    bool isHelpWanted = false;
    QString helpText; ///< when wanted
};

/// Parses the words after the command: those of `poolscope run`, --rounds and --grid. Error: wrong usage;
/// the message says which word, and what is allowed.
[[nodiscard]] Result<ExperimentOptions> parseExperimentOptions(ExperimentKind kind,
                                                               const QStringList& words);

} // namespace poolscope
