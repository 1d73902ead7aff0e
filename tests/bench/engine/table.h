// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/engine/measure.h"

#include <optional>
#include <string>
#include <vector>

namespace poolscope::bench {

enum class Direction { AtLeast, AtMost };

/// One bound on one figure of a row.
struct Check
{
    std::string what; ///< e.g. "of best peer"
    double figure = 0;
    std::string unit; ///< "x", "M/s", "us", …
    Direction direction = Direction::AtLeast;
    std::optional<double> gate;
    std::optional<double> goal;

    [[nodiscard]] bool meets(const std::optional<double>& bound) const;
};

/// One row of the targets. Without a check it says in \ref note why there is none.
struct Row
{
    std::string id; ///< "T1"
    std::string title;
    std::string ours; ///< our figure with its unit
    std::vector<std::string> peers; ///< "name figure"
    std::vector<Check> checks;
    std::string note;

    [[nodiscard]] bool missesGate() const;
};

/// What the command line asks of a family.
struct Settings
{
    int runs = 7;
    int workers = 2;
    std::string workerProgram; ///< path of poolscope-worker
    std::string pythonScript; ///< path of python_pools.py
};

// How figures are written.
[[nodiscard]] std::string rateText(double perSecond); ///< "26.3 M/s"
[[nodiscard]] std::string timeText(double nanos); ///< "8.31 us"
[[nodiscard]] std::string numberText(double value);

/// Fills ours and peers of \p row from figure \p figure of all series, the first being ours.
void describe(Row& row, const std::vector<Series>& all, std::string (*text)(double),
              std::size_t figure = 0);
/// \return the series of the peer with the greatest (or least) median among all but the first.
[[nodiscard]] const Series& bestPeer(const std::vector<Series>& all, Direction direction,
                                     std::size_t figure = 0);

/// Prints \p rows as a table in Markdown, one line a check.
void printTable(const std::vector<Row>& rows);

} // namespace poolscope::bench
