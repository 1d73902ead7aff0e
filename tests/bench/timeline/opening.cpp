// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/timeline/opening.h"

#include "core/io/file_format.h"
#include "core/io/run_file.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace poolscope::bench {

namespace {

constexpr std::uint64_t kMany = 50'000'000;
constexpr double kGiB = 1024.0 * 1024 * 1024;

/// \return the most resident memory of this process in bytes, 0 when the kernel does not say. Not by
/// getrusage(): there counts, too, what the process had that began it, up to its exec().
double peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return 1024.0 * std::strtod(line.c_str() + line.find(':') + 1, nullptr);
        }
    }
    return 0;
}

} // namespace

int openFile(const std::string& path)
{
    const Nanos begin = monotonicNow();
    const auto run = readRunFile(path);
    if (!run) {
        std::fprintf(stderr, "%s\n", run.error().message.c_str());
        return EXIT_FAILURE;
    }
    const double seconds = toSeconds(monotonicNow() - begin);
    std::printf("%.3f %.0f\n", seconds, peakMemory());
    return run.value()->recordCount() > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

std::vector<TimelineFigure> measureOpening(const Snapshot& trace, const std::string& program)
{
    const auto path = std::filesystem::temp_directory_path() /
                      ("poolscope-bench-" + std::to_string(::getpid()) + ".pscope");
    const Nanos begin = monotonicNow();
    {
        std::ofstream out(path, std::ios::binary);
        const auto written = writeRun(trace, out);
        if (!written || !out) {
            std::fprintf(stderr, "cannot write %s\n", path.c_str());
            std::filesystem::remove(path);
            return {};
        }
    }
    const double writeSeconds = toSeconds(monotonicNow() - begin);
    const auto bytes = static_cast<double>(std::filesystem::file_size(path));
    double seconds = 0;
    double memory = 0;
    FILE* child = ::popen(("'" + program + "' --open '" + path.string() + "'").c_str(), "r");
    const bool isRead = child != nullptr && std::fscanf(child, "%lf %lf", &seconds, &memory) == 2;
    if (child != nullptr) {
        ::pclose(child);
    }
    std::filesystem::remove(path);
    if (!isRead) {
        std::fprintf(stderr, "the run file could not be opened again\n");
        return {{"open the run file", 1e9, "s", 1, 1, "FAILED"}};
    }
    const bool isMany = trace.recordCount() >= kMany;
    const auto records = static_cast<double>(trace.recordCount());
    std::array<char, 96> note{};
    std::snprintf(note.data(), note.size(), "%.0f MB, %.1f bytes a task, written in %.1f s",
                  bytes / 1e6, bytes / records, writeSeconds);
    std::vector<TimelineFigure> figures{
        {"open the run file", seconds, "s", isMany ? 20.0 : 2.0, isMany ? 10.0 : 1.0, note.data()}};
    if (isMany) {
        figures.push_back(
            {"memory of the process that opened it", memory / kGiB, "GiB", 5, 3.5, {}});
    }
    return figures;
}

TimelineFigure measureMemory(const Snapshot& trace)
{
    return {"memory a task, all told",
            static_cast<double>(trace.recorder->allocatedBytes()) /
                static_cast<double>(trace.recordCount()),
            "B",
            48,
            32,
            "records, results, summaries"};
}

} // namespace poolscope::bench
