// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace poolscope::bench {

/// Somebody who takes part in a row: one call of \ref measure is one run on a fresh pool and gives its
/// figures, always as many.
struct Contender
{
    std::string name;
    std::function<std::vector<double>()> measure;
};

/// The figures of one contender over all runs.
class Series
{
public:
    explicit Series(std::string name)
        : m_name(std::move(name))
    {}

    void add(std::vector<double> figures) { m_runs.push_back(std::move(figures)); }
    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] std::vector<double> values(std::size_t figure = 0) const;
    [[nodiscard]] double median(std::size_t figure = 0) const;

private:
    std::string m_name;
    std::vector<std::vector<double>> m_runs;
};

/// Runs all contenders turn about, \p runs times, so that all meet the same moods of the machine.
/// One more round before warms up and does not count.
[[nodiscard]] std::vector<Series> alternate(const std::vector<Contender>& contenders, int runs);

/// \return the median over the runs of \p a's figure divided by \p b's of the same run.
[[nodiscard]] double pairedRatio(const Series& a, const Series& b, std::size_t figure = 0);

/// \p values must not be empty. \p share 0 to 1.
[[nodiscard]] double quantile(std::vector<double> values, double share);
[[nodiscard]] double median(std::vector<double> values);

/// \return CPU time of all threads of this process.
[[nodiscard]] Nanos cpuNow() noexcept;

/// Fixed work, not a wall-clock spin: what takes time from a worker shows. Each step waits for the one
/// before.
std::uint64_t multiply(std::uint32_t steps, std::uint64_t start) noexcept;
/// \return the steps of multiply() that take \p nanos here, from the quickest of some trials.
[[nodiscard]] std::uint32_t stepsFor(double nanos);

} // namespace poolscope::bench
