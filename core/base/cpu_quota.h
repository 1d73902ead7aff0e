// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace poolscope {

/// Finds how many processors' time the cgroups of this process allow it, as a number of processors
/// (1.5 is one and a half): the tightest quota of its cgroup and all above, version 2 (cpu.max) or
/// 1 (cpu.cfs_quota_us). \p root stands in for "/" in tests. \return nothing when there is no limit.
[[nodiscard]] std::optional<double> readCpuQuota(const std::string& root = {});

} // namespace poolscope
