// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/run/run_settings.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace poolscope {

// What stands behind an option of the command line. Errors name the option and what is allowed.

[[nodiscard]] Error usageError(const QString& message);

/// \p option: without dashes.
[[nodiscard]] Result<std::int64_t> parseNumber(const QString& option, const QString& text,
                                               std::int64_t minimum, std::int64_t maximum);

/// \return a time above 0: with a unit, as parseDuration() reads it, or a number of seconds. \p option: without dashes.
[[nodiscard]] Result<Nanos> parseTime(const QString& option, const QString& text);

/// Parses "2s:8", "500ms:processes:3", "1.5s:2": a time, perhaps an executor, a number of workers.
/// \p executors: of the run. Error: names the text and the form.
[[nodiscard]] Result<TimedResize> parseTimedResize(const QString& text,
                                                   const std::vector<ExecutorSettings>& executors);

/// Checks that \p path has a suffix that can be written and that its folder can be written to.
[[nodiscard]] Result<void> checkExportPath(const QString& path);

} // namespace poolscope
