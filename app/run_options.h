// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/expectation.h"
#include "core/base/result.h"
#include "core/run/run_settings.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace poolscope {

/// What `poolscope run` was asked for.
struct RunOptions
{
    RunSettings settings;
    bool isJson = false;
    std::vector<Expectation> expectations; ///< that the run is held against
    QStringList exportFiles; ///< suffixes and folders are checked
    bool isKept = false; ///< on the run shelf
    QString keptName; ///< there; may be empty
    bool isHelpWanted = false;
    QString helpText; ///< when wanted
};

/// Parses the words after `poolscope run`. Error: wrong usage; the message says which word, and
/// what is allowed.
[[nodiscard]] Result<RunOptions> parseRunOptions(const QStringList& words);

} // namespace poolscope
