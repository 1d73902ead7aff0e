// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu_quota.h"

#include "core/base/cgroup.h"

#include <fstream>

namespace poolscope {
namespace {

/// cpu.max holds "<quota> <period>", both in microseconds, or "max <period>".
std::optional<double> readVersion2(const std::string& folder)
{
    std::ifstream in(folder + "/cpu.max");
    double quota = 0;
    double period = 0;
    if (in >> quota >> period && quota > 0 && period > 0) {
        return quota / period;
    }
    return std::nullopt;
}

/// cpu.cfs_quota_us is -1 when there is no limit.
std::optional<double> readVersion1(const std::string& folder)
{
    std::ifstream quotaFile(folder + "/cpu.cfs_quota_us");
    std::ifstream periodFile(folder + "/cpu.cfs_period_us");
    double quota = 0;
    double period = 0;
    if (quotaFile >> quota && periodFile >> period && quota > 0 && period > 0) {
        return quota / period;
    }
    return std::nullopt;
}

} // namespace

std::optional<double> readCpuQuota(const std::string& root)
{
    return readCgroupLimit({"cpu", readVersion1, readVersion2}, root);
}

} // namespace poolscope
