// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/workload.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace poolscope {

/// \return every workload, in display order; ids are unique. Any thread.
[[nodiscard]] std::span<const Workload> workloads();
/// \return the workload or nullptr.
[[nodiscard]] const Workload* findWorkload(std::string_view id);
/// \return a hash over ids and parameter specifications; program and worker must agree on it.
[[nodiscard]] std::uint64_t catalogueHash();

} // namespace poolscope
