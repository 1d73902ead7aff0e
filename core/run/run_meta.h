// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"
#include "core/task/workload.h"
#include "core/trace/trace_meta.h"

#include <memory>
#include <string>

namespace poolscope {

/// \return what is known of a run before its first task, the time being now: what runs, how, on which machine.
/// Times for a moment what recording costs. Precondition: the settings were checked. \p version: of the program.
[[nodiscard]] std::shared_ptr<const TraceMeta> makeMeta(const RunSettings& settings, const Job& job,
                                                        const std::string& version);

} // namespace poolscope
