// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/executor/executor.h"
#include "core/run/run_settings.h"

#include <memory>

namespace poolscope {

/// \return the job whose task 0 each worker runs first; null when the settings, which were checked, name none.
/// Error: its workload plans no task without being told more.
[[nodiscard]] Result<std::shared_ptr<const Job>> planInitializer(const RunSettings& settings);

/// Makes \p initializer, unless it is null, that of the workers, threads or processes.
void setInitializer(ExecutorOptions& options, const std::shared_ptr<const Job>& initializer);

} // namespace poolscope
