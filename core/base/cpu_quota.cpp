// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu_quota.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

namespace poolscope {
namespace {

/// One line of /proc/self/cgroup, "hierarchy:controllers:path".
struct CgroupLine
{
    std::vector<std::string> controllers; ///< empty: version 2
    std::string path; ///< starts with '/'
};

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

std::vector<CgroupLine> readCgroups(const std::string& file)
{
    std::vector<CgroupLine> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        lines.push_back(
            {split(line.substr(first + 1, second - first - 1), ','), line.substr(second + 1)});
    }
    return lines;
}

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

std::optional<double> tighter(std::optional<double> a, std::optional<double> b)
{
    if (!a || !b) {
        return a ? a : b;
    }
    return std::min(*a, *b);
}

/// Walks from the cgroup up to the mount point. In a container the path may be the host's and not
/// exist below our mount; the container's own limit is then at the mount point.
template <class ReadQuota>
std::optional<double> tightestUpwards(const std::string& mount, std::string path,
                                      const ReadQuota& readQuota)
{
    std::optional<double> quota = readQuota(mount);
    while (path.size() > 1) {
        quota = tighter(quota, readQuota(mount + path));
        path.resize(path.find_last_of('/'));
    }
    return quota;
}

} // namespace

std::optional<double> readCpuQuota(const std::string& root)
{
    const std::string mount = root + "/sys/fs/cgroup";
    std::optional<double> quota;
    for (const CgroupLine& line : readCgroups(root + "/proc/self/cgroup")) {
        if (!line.path.starts_with('/')) {
            continue;
        }
        if (line.controllers.empty()) {
            quota = tighter(quota, tightestUpwards(mount, line.path, readVersion2));
        } else if (std::ranges::find(line.controllers, "cpu") != line.controllers.end()) {
            quota = tighter(quota, tightestUpwards(mount + "/cpu", line.path, readVersion1));
        }
    }
    return quota;
}

} // namespace poolscope
