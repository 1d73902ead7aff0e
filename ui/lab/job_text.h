// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"

#include <QString>

namespace poolscope {

/// \return a job in one line: workload, parameters, seed and, when \p hasExecutors, what it runs on.
[[nodiscard]] QString jobText(const RunSettings& settings, bool hasExecutors);
/// \return the title of a kind of executor, e.g. "Thread pool".
[[nodiscard]] QString executorTitle(const QString& kind);

} // namespace poolscope
