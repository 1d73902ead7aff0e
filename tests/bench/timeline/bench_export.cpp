// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a figure costs: bench_export [tasks] [lanes]. A figure of 190 mm at 300 dpi of the whole run, with
// all parts, from the snapshot to the bytes of the file. Ends with 1 when one of 10,000,000 tasks takes a second
// or a drawing 2 MB.

#include "tests/support/synthetic_trace.h"
#include "ui/figure/figure.h"

#include <QGuiApplication>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace poolscope;

namespace {

constexpr int kTimes = 5;
constexpr double kLimitMs = 1000;
constexpr qsizetype kLimitBytes = 2'000'000;

double millisSince(Nanos begin)
{
    return static_cast<double>(monotonicNow() - begin) / 1e6;
}

/// Of all threads: says what the figure costs on a busy machine.
Nanos processCpuNow()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

std::uint64_t argument(int count, char** values, int index, std::uint64_t otherwise)
{
    return count > index ? std::strtoull(values[index], nullptr, 10) : otherwise;
}

} // namespace

int main(int count, char** values)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(count, values);
    const std::uint64_t tasks = argument(count, values, 1, 10'000'000);
    const auto lanes = static_cast<int>(argument(count, values, 2, 16));
    const SnapshotPtr trace = test::makeSyntheticTrace(lanes, tasks);
    std::printf("%llu tasks on %d lanes, 190 mm at 300 dpi, median of %d\n",
                static_cast<unsigned long long>(tasks), lanes, kTimes);
    bool isGood = true;
    for (const FigureFormat& format : figureFormats()) {
        std::vector<double> made;
        std::vector<double> all;
        std::vector<double> cpu;
        qsizetype bytes = 0;
        for (int i = -1; i < kTimes; ++i) { // the first one loads fonts
            const Nanos begin = monotonicNow();
            const Nanos cpuBegin = processCpuNow();
            const Result<Figure> figure = Figure::make(*trace, {});
            const double madeMs = millisSince(begin);
            bytes = format.render(figure.value()).value().size();
            if (i >= 0) {
                made.push_back(madeMs);
                all.push_back(millisSince(begin));
                cpu.push_back(static_cast<double>(processCpuNow() - cpuBegin) / 1e6);
            }
        }
        const double allMs = median(all);
        std::printf("  %s  %8.1f ms (%.1f counting and layout) %8.1f ms CPU %8.3f MB\n",
                    format.suffix, allMs, median(made), median(cpu),
                    static_cast<double>(bytes) / 1e6);
        isGood = isGood && allMs < kLimitMs &&
                 (qstrcmp(format.suffix, "png") == 0 || bytes < kLimitBytes);
    }
    std::printf("limits: %.0f ms, drawings %.0f MB\n", kLimitMs,
                static_cast<double>(kLimitBytes) / 1e6);
    return tasks <= 10'000'000 && !isGood ? EXIT_FAILURE : EXIT_SUCCESS;
}
