// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/machine_facts.h"

#include "core/base/cpu_quota.h"
#include "core/base/memory_limit.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

namespace poolscope {
namespace {

struct UsableCpus
{
    int count = 1;
    std::string reason;
};

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// \return what follows \p key and \p separator on the first line that starts with the key.
std::string readEntry(const char* file, std::string_view key, char separator)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const std::size_t at = line.find(separator);
        if (at != std::string::npos && trimmed(std::string_view(line).substr(0, at)) == key) {
            return std::string(trimmed(std::string_view(line).substr(at + 1)));
        }
    }
    return {};
}

std::string readFirstLine(const char* file)
{
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return std::string(trimmed(line));
}

/// os-release quotes like a shell: "…" with backslashes, '…', or bare.
std::string unquoted(std::string_view text)
{
    if (text.size() < 2 || (text.front() != '"' && text.front() != '\'')) {
        return std::string(text);
    }
    const bool hasEscapes = text.front() == '"';
    text = text.substr(1, text.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (hasEscapes && text[i] == '\\' && i + 1 < text.size()) {
            ++i;
        }
        plain += text[i];
    }
    return plain;
}

std::string readOperatingSystem()
{
    for (const char* file : {"/etc/os-release", "/usr/lib/os-release"}) {
        std::string name = unquoted(readEntry(file, "PRETTY_NAME", '='));
        if (!name.empty()) {
            return name;
        }
    }
    return {};
}

std::string readKernel()
{
    utsname name{};
    if (::uname(&name) != 0) {
        return {};
    }
    return std::string(name.sysname) + ' ' + name.release + ' ' + name.machine;
}

std::string readCpuModel()
{
    // x86 says "model name"; others have no such line, some of them "Model" or "cpu".
    for (const char* key : {"model name", "Model", "cpu", "Hardware"}) {
        std::string model = readEntry("/proc/cpuinfo", key, ':');
        if (!model.empty()) {
            return model;
        }
    }
    return {};
}

std::uint64_t readMemoryBytes()
{
    const std::string entry = readEntry("/proc/meminfo", "MemTotal", ':');
    std::uint64_t kibibytes = 0;
    std::from_chars(entry.data(), entry.data() + entry.size(), kibibytes);
    return kibibytes * 1024;
}

std::string readClock()
{
    const std::string source =
        readFirstLine("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    return source.empty() ? "CLOCK_MONOTONIC" : "CLOCK_MONOTONIC (" + source + ')';
}

int onlineCpuCount()
{
    return static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

/// \return the number of processors in the affinity mask, nothing when it cannot be read.
std::optional<int> affinityCpuCount()
{
    // The kernel's mask may be longer than cpu_set_t; it then says EINVAL.
    for (int bits = CPU_SETSIZE; bits <= (1 << 20); bits *= 2) {
        const auto free = [](cpu_set_t* set) { CPU_FREE(set); };
        const std::unique_ptr<cpu_set_t, decltype(free)> set(
            CPU_ALLOC(static_cast<std::size_t>(bits)), free);
        const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(bits));
        if (set && ::sched_getaffinity(0, bytes, set.get()) == 0) {
            return CPU_COUNT_S(bytes, set.get());
        }
        if (errno != EINVAL) {
            break;
        }
    }
    return std::nullopt;
}

UsableCpus findUsableCpus()
{
    const int online = onlineCpuCount();
    UsableCpus usable{online, {}};
    if (const std::optional<int> mask = affinityCpuCount(); mask && *mask < usable.count) {
        usable = {std::max(1, *mask), ": affinity mask"};
    }
    if (const std::optional<double> quota = readCpuQuota(); quota && *quota < usable.count) {
        usable = {std::max(1, static_cast<int>(std::ceil(*quota))), ": cgroup CPU quota"};
    }
    usable.reason = std::to_string(usable.count) + " of " + std::to_string(online) + usable.reason;
    return usable;
}

} // namespace

MachineFacts readMachineFacts()
{
    const UsableCpus usable = findUsableCpus();
    MachineFacts facts;
    facts.operatingSystem = readOperatingSystem();
    facts.kernel = readKernel();
    facts.cpuModel = readCpuModel();
    facts.logicalCpus = onlineCpuCount();
    facts.usableCpus = usable.count;
    facts.usableCpusReason = usable.reason;
    facts.memoryBytes = readMemoryBytes();
    facts.clock = readClock();
    return facts;
}

std::uint64_t usableMemoryBytes()
{
    const std::uint64_t machine = readMemoryBytes();
    const std::uint64_t limit = readMemoryLimit();
    return limit > 0 && (machine == 0 || limit < machine) ? limit : machine;
}

int usableCpuCount()
{
    return findUsableCpus().count;
}

} // namespace poolscope
