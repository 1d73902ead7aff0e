// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cgroup.h"

#include <algorithm>
#include <fstream>
#include <sstream>
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

std::optional<double> tighter(std::optional<double> a, std::optional<double> b)
{
    if (!a || !b) {
        return a ? a : b;
    }
    return std::min(*a, *b);
}

/// Walks from the cgroup up to the mount point. In a container the path may be the host's and not
/// exist below our mount; the container's own limit is then at the mount point.
template <class ReadLimit>
std::optional<double> tightestUpwards(const std::string& mount, std::string path,
                                      const ReadLimit& readLimit)
{
    std::optional<double> limit = readLimit(mount);
    while (path.size() > 1) {
        limit = tighter(limit, readLimit(mount + path));
        path.resize(path.find_last_of('/'));
    }
    return limit;
}

} // namespace

std::optional<double> readCgroupLimit(const CgroupController& controller, const std::string& root)
{
    const std::string mount = root + "/sys/fs/cgroup";
    std::optional<double> limit;
    for (const CgroupLine& line : readCgroups(root + "/proc/self/cgroup")) {
        if (!line.path.starts_with('/')) {
            continue;
        }
        if (line.controllers.empty()) {
            limit = tighter(limit, tightestUpwards(mount, line.path, controller.readVersion2));
        } else if (std::ranges::find(line.controllers, controller.name) != line.controllers.end()) {
            limit = tighter(limit, tightestUpwards(mount + '/' + controller.name, line.path,
                                                   controller.readVersion1));
        }
    }
    return limit;
}

} // namespace poolscope
