// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// What is asked of attempts of tasks: all that is there must hold. Made from a line by parseTaskQuery().
struct TaskQuery
{
    enum class Figure : std::uint8_t { Run, Wait, Cpu };
    enum class Relation : std::uint8_t { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };
    struct DurationTest
    {
        Figure figure = Figure::Run;
        Relation relation = Relation::Greater;
        Nanos valueNs = 0;

        friend bool operator==(const DurationTest&, const DurationTest&) = default;
    };

    /// In lower case. Each is in the name, the kind, a parameter's value or the error.
    std::vector<std::string> words;
    std::vector<std::uint64_t> tasks; ///< one of these, sorted; none: any
    /// In stateBits, beside stateBit() of the ends: what has not ended.
    static constexpr std::uint8_t kRunningBit = 0x80;
    std::uint8_t stateBits = 0; ///< or of the bits of those that do; 0: any
    std::vector<std::string> executors; ///< one of these is its kind or in its title; lower case
    std::vector<int> workers; ///< one of these
    std::vector<std::string> kinds; ///< one of these is in the kind's name; lower case
    std::vector<DurationTest> durations;

    /// \return whether nothing is asked, so that every attempt will do.
    [[nodiscard]] bool isEmpty() const { return *this == TaskQuery{}; }
    friend bool operator==(const TaskQuery&, const TaskQuery&) = default;
};

/// Reads a line of terms parted by blanks, all of which must hold:
///   word            in the task's name, kind, parameters or error, upper and lower case alike (ASCII)
///   "two words"     the same, with blanks and whatever else has a meaning
///   id:123, 123     the task with that index
///   state:failed    also state:failed,lost; state:running is what has not ended
///   executor:processes   its kind, or a part of its title
///   worker:3        the worker with that number
///   kind:large      a part of the kind's name
///   > 10 ms         the run time; also run, wait or cpu before it; <, <=, =, >=, >; ns, us, ms, s, min, h
/// The same key again means one or the other. Error: says what at which character is wrong, and what
/// could be there.
[[nodiscard]] Result<TaskQuery> parseTaskQuery(std::string_view line);

/// Reads a time with its unit, e.g. "12.5 ms", "3s", "2 min"; blanks around it do not matter.
/// \return nothing when it is none, negative or beyond 292 years.
[[nodiscard]] std::optional<Nanos> parseDuration(std::string_view text);

/// \return \p text with the letters A to Z in lower case.
[[nodiscard]] std::string lowerCase(std::string_view text);

} // namespace poolscope
