// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/measure.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <ctime>

namespace poolscope::bench {

std::vector<double> Series::values(std::size_t figure) const
{
    std::vector<double> values;
    for (const std::vector<double>& run : m_runs) {
        values.push_back(run.at(figure));
    }
    return values;
}

double Series::median(std::size_t figure) const
{
    return bench::median(values(figure));
}

std::vector<Series> alternate(const std::vector<Contender>& contenders, int runs)
{
    std::vector<Series> series;
    for (const Contender& contender : contenders) {
        contender.measure();
        series.emplace_back(contender.name);
    }
    for (int run = 0; run < runs; ++run) {
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            series[i].add(contenders[i].measure());
        }
    }
    return series;
}

double pairedRatio(const Series& a, const Series& b, std::size_t figure)
{
    const std::vector<double> numerators = a.values(figure);
    const std::vector<double> denominators = b.values(figure);
    assert(numerators.size() == denominators.size());
    std::vector<double> ratios;
    for (std::size_t i = 0; i < numerators.size(); ++i) {
        ratios.push_back(numerators[i] / denominators[i]);
    }
    return median(std::move(ratios));
}

double quantile(std::vector<double> values, double share)
{
    assert(!values.empty());
    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(std::lround(share * last))];
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Nanos cpuNow() noexcept
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

std::uint64_t multiply(std::uint32_t steps, std::uint64_t start) noexcept
{
    std::uint64_t value = start | 1U;
    for (std::uint32_t i = 0; i < steps; ++i) {
        value = value * 6364136223846793005U + 1442695040888963407U;
    }
    return value;
}

std::uint32_t stepsFor(double nanos)
{
    constexpr std::uint32_t kSteps = 2'000'000;
    static const double nanosPerStep = [] {
        volatile std::uint64_t sink = 0;
        Nanos best = kNanosPerSecond;
        for (int i = 0; i < 9; ++i) {
            const Nanos before = monotonicNow();
            sink = multiply(kSteps, sink);
            best = std::min(best, monotonicNow() - before);
        }
        return static_cast<double>(best) / static_cast<double>(kSteps);
    }();
    return static_cast<std::uint32_t>(std::lround(nanos / nanosPerStep));
}

} // namespace poolscope::bench
