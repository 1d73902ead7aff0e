// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Parameters and numbers as text: from the command line, form fields and scenarios. The first byte
// says which kind of parameter the rest is read as.

#include "core/task/number_text.h"
#include "core/task/param.h"
#include "tests/fuzz/fuzz_target.h"

#include <array>
#include <limits>
#include <string>

namespace poolscope::fuzz {

namespace {

constexpr double kBeyondExact = 9.2e18; // near the largest integer, where a double is coarse

const std::array<ParamSpec, 7>& specs()
{
    static const std::array<ParamSpec, 7> table{{
        {.id = "whole", .kind = ParamKind::Integer, .minimum = -5, .maximum = 1'000'000},
        {.id = "wide",
         .kind = ParamKind::Integer,
         .minimum = -kBeyondExact,
         .maximum = kBeyondExact,
         .unit = "ms"},
        {.id = "real", .kind = ParamKind::Real, .minimum = -1.5, .maximum = 1e9},
        {.id = "any_real",
         .kind = ParamKind::Real,
         .minimum = -std::numeric_limits<double>::infinity(),
         .maximum = std::numeric_limits<double>::infinity()},
        {.id = "text", .kind = ParamKind::Text, .defaultValue = std::string()},
        {.id = "paths", .kind = ParamKind::Paths, .defaultValue = std::string()},
        {.id = "choice",
         .kind = ParamKind::Choice,
         .defaultValue = std::string("a"),
         .choices = {{"a", "A"}, {"busy", "Busy"}}},
    }};
    return table;
}

void checkPaths(const ParamValue& value)
{
    std::size_t bytes = 0;
    for (const std::string& path : pathList(std::get<std::string>(value))) {
        mustHold(!path.empty() && path.find('\n') == std::string::npos, "a path is one line");
        bytes += path.size();
    }
    mustHold(bytes <= std::get<std::string>(value).size(), "paths come from the text");
}

} // namespace

bool tryInput(std::string_view bytes)
{
    if (bytes.empty()) {
        return false;
    }
    const ParamSpec& spec = specs()[static_cast<unsigned char>(bytes[0]) % specs().size()];
    const Result<ParamValue> read = parseParam(spec, bytes.substr(1));
    if (!read) {
        mustHold(read.error().message.find(spec.id) != std::string::npos,
                 "an error names its parameter");
        return false;
    }
    const Result<ParamValue> again = parseParam(spec, toText(read.value()));
    mustHold(again && again.value() == read.value(), "a value's text is read as the same");
    ParamSet given;
    given.set(spec.id, read.value());
    const Result<ParamSet> checked = checkParams({spec}, given);
    mustHold(checked && checked.value() == given, "what was parsed passes the check");
    if (spec.kind == ParamKind::Paths) {
        checkPaths(read.value());
    }
    return true;
}

} // namespace poolscope::fuzz
