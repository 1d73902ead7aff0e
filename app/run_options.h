// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    QStringList exportFiles; ///< suffixes and folders are checked
    bool isHelpWanted = false;
    QString helpText; ///< when wanted
};

/// Parses the words after `poolscope run`. Error: wrong usage; the message says which word, and
/// what is allowed.
[[nodiscard]] Result<RunOptions> parseRunOptions(const QStringList& words);

/// Parses "2s:8", "500ms:processes:3", "1.5s:2": a time, perhaps an executor, a number of workers.
/// \p executors: of the run. Error: names the text and the form.
[[nodiscard]] Result<TimedResize> parseTimedResize(const QString& text,
                                                   const std::vector<ExecutorSettings>& executors);

/// Checks that \p path has a suffix that can be written and that its folder can be written to.
[[nodiscard]] Result<void> checkExportPath(const QString& path);

} // namespace poolscope
