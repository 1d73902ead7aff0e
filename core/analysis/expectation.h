// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// What a run is held against, e.g. "p95_run < 20 ms". Made from a line by parseExpectation().
struct Expectation
{
    enum class Relation : std::uint8_t {
        Less,
        LessOrEqual,
        Equal,
        NotEqual,
        GreaterOrEqual,
        Greater
    };

    std::string executor; ///< kind; empty: every executor of the run is held against it
    std::size_t figure = 0; ///< index in expectationFigures()
    Relation relation = Relation::Less;
    double value = 0; ///< ns for times, else as it stands
    std::string text; ///< as it was written

    friend bool operator==(const Expectation&, const Expectation&) = default;
};

/// A figure that can be expected of a run.
struct ExpectationFigure
{
    std::string_view id; ///< e.g. "p95_run"
    bool isTime = false; ///< in ns; written with a unit
    bool isShare = false; ///< 0 to 1; may be written in percent
};

/// \return all there are, in the order in which they are listed to people.
[[nodiscard]] const std::vector<ExpectationFigure>& expectationFigures();

/// Reads `figure relation value`, perhaps with an executor before it: "p95_run < 20 ms",
/// "processes: utilisation >= 80 %", "failed == 0". Blanks do not matter. Error: says what of the
/// line is wrong and what could stand there.
[[nodiscard]] Result<Expectation> parseExpectation(std::string_view line);

/// How an executor stands to an expectation.
struct ExpectationOutcome
{
    int executor = 0; ///< index in TraceMeta::executors
    std::size_t expectation = 0; ///< index in what was asked
    double measured = 0; ///< as Expectation::value; meaningless unless isKnown
    bool isKnown = true; ///< false: the run has no such figure, e.g. run times when nothing ran
    bool isMet = false; ///< never when it is not known
};

/// Holds a finished run against \p expectations. One outcome for each and each executor that it is about;
/// an executor that the run does not have gives one that is not known, with executor -1.
/// O(records), once for all. Any thread.
[[nodiscard]] std::vector<ExpectationOutcome>
checkExpectations(const Snapshot& snapshot, const std::vector<Expectation>& expectations);

} // namespace poolscope
