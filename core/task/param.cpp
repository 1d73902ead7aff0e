// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/param.h"

#include "core/task/number_text.h"

#include <system_error>

#include <algorithm>
#include <cassert>
#include <charconv>

namespace poolscope {
namespace {

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string quoted(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

std::string boundText(const ParamSpec& spec, double bound)
{
    return spec.kind == ParamKind::Integer ? std::to_string(static_cast<std::int64_t>(bound))
                                           : realToText(bound);
}

std::string choiceIds(const ParamSpec& spec)
{
    std::string ids;
    for (const ParamChoice& choice : spec.choices) {
        ids += (ids.empty() ? "" : ", ") + choice.id;
    }
    return ids;
}

/// \return what \p spec takes, to end an error message with.
std::string allowed(const ParamSpec& spec)
{
    const std::string unit = spec.unit.empty() ? "" : ' ' + spec.unit;
    switch (spec.kind) {
    case ParamKind::Integer:
    case ParamKind::Real:
        return std::string(spec.kind == ParamKind::Integer ? "a whole number" : "a number") +
               " from " + boundText(spec, spec.minimum) + " to " + boundText(spec, spec.maximum) +
               unit;
    case ParamKind::Choice:
        return "one of " + choiceIds(spec);
    case ParamKind::Text:
        return "text";
    case ParamKind::Lines:
        return "text without zero bytes";
    case ParamKind::Paths:
        return "paths, one a line";
    }
    return {};
}

Error refused(const ParamSpec& spec, std::string_view given)
{
    return Error{"parameter " + quoted(spec.id) + " cannot be " + quoted(given) + "; it must be " +
                 allowed(spec)};
}

template <class Number>
std::optional<Number> parseNumber(std::string_view text)
{
    Number number{};
    const char* end = text.data() + text.size();
    const std::from_chars_result result = std::from_chars(text.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end) {
        return std::nullopt;
    }
    return number;
}

/// \return \p value in the type of \p spec, nothing when it has another one. Whole numbers do for
/// reals, since that is how 2.0 may come back from a file.
std::optional<ParamValue> convert(const ParamSpec& spec, const ParamValue& value)
{
    const auto* whole = std::get_if<std::int64_t>(&value);
    switch (spec.kind) {
    case ParamKind::Integer:
        return whole != nullptr ? std::optional(value) : std::nullopt;
    case ParamKind::Real:
        if (whole != nullptr) {
            return static_cast<double>(*whole);
        }
        return std::holds_alternative<double>(value) ? std::optional(value) : std::nullopt;
    case ParamKind::Text:
    case ParamKind::Lines:
    case ParamKind::Paths:
    case ParamKind::Choice:
        return std::holds_alternative<std::string>(value) ? std::optional(value) : std::nullopt;
    }
    return std::nullopt;
}

/// Precondition: \p value has the type of \p spec.
bool isAllowed(const ParamSpec& spec, const ParamValue& value)
{
    // Written so that a NaN is not inside.
    const auto isInside = [&spec](double number) {
        return number >= spec.minimum && number <= spec.maximum;
    };
    switch (spec.kind) {
    case ParamKind::Integer:
        return isInside(static_cast<double>(std::get<std::int64_t>(value)));
    case ParamKind::Real:
        return isInside(std::get<double>(value));
    case ParamKind::Text:
        return true;
    case ParamKind::Lines:
    case ParamKind::Paths:
        // The system would stop at the zero and open or run something else.
        return std::get<std::string>(value).find('\0') == std::string::npos;
    case ParamKind::Choice:
        return std::ranges::find(spec.choices, std::get<std::string>(value), &ParamChoice::id) !=
               spec.choices.end();
    }
    return false;
}

Result<ParamValue> checkParam(const ParamSpec& spec, const ParamValue& given)
{
    std::optional<ParamValue> value = convert(spec, given);
    if (!value || !isAllowed(spec, *value)) {
        return refused(spec, toText(given));
    }
    return *std::move(value);
}

Error unknownParam(const std::vector<ParamSpec>& specs, std::string_view id)
{
    std::string ids;
    for (const ParamSpec& spec : specs) {
        ids += (ids.empty() ? "" : ", ") + spec.id;
    }
    return Error{"there is no parameter " + quoted(id) + "; there is " +
                 (ids.empty() ? "none at all" : ids)};
}

struct ToText
{
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return realToText(number); }
    std::string operator()(const std::string& text) const { return text; }
};

} // namespace

const ParamValue* ParamSet::find(std::string_view id) const
{
    const auto found = m_values.find(id);
    return found == m_values.end() ? nullptr : &found->second;
}

std::int64_t ParamSet::integer(std::string_view id) const
{
    const auto found = m_values.find(id);
    assert(found != m_values.end());
    return std::get<std::int64_t>(found->second);
}

double ParamSet::real(std::string_view id) const
{
    const auto found = m_values.find(id);
    assert(found != m_values.end());
    return std::get<double>(found->second);
}

const std::string& ParamSet::text(std::string_view id) const
{
    const auto found = m_values.find(id);
    assert(found != m_values.end());
    return std::get<std::string>(found->second);
}

ParamSet defaultParams(const std::vector<ParamSpec>& specs)
{
    ParamSet params;
    for (const ParamSpec& spec : specs) {
        params.set(spec.id, spec.defaultValue);
    }
    return params;
}

Result<ParamValue> parseParam(const ParamSpec& spec, std::string_view text)
{
    std::optional<ParamValue> value;
    switch (spec.kind) {
    case ParamKind::Integer:
        value = parseNumber<std::int64_t>(trimmed(text));
        break;
    case ParamKind::Real:
        value = parseNumber<double>(trimmed(text));
        break;
    case ParamKind::Text:
    case ParamKind::Lines:
    case ParamKind::Paths:
        value = std::string(text);
        break;
    case ParamKind::Choice:
        value = std::string(trimmed(text));
        break;
    }
    if (!value || !isAllowed(spec, *value)) {
        return refused(spec, text);
    }
    return *std::move(value);
}

Result<ParamSet> checkParams(const std::vector<ParamSpec>& specs, const ParamSet& given)
{
    ParamSet params = defaultParams(specs);
    for (const auto& [id, value] : given.values()) {
        const auto spec = std::ranges::find(specs, id, &ParamSpec::id);
        if (spec == specs.end()) {
            return unknownParam(specs, id);
        }
        Result<ParamValue> checked = checkParam(*spec, value);
        if (!checked) {
            return checked.error();
        }
        params.set(id, std::move(checked).value());
    }
    return params;
}

std::string toText(const ParamValue& value)
{
    return std::visit(ToText{}, value);
}

std::vector<std::string> pathList(const std::string& lines)
{
    std::vector<std::string> paths;
    for (std::size_t begin = 0; begin < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', begin), lines.size());
        if (end > begin) {
            paths.push_back(lines.substr(begin, end - begin));
        }
        begin = end + 1;
    }
    return paths;
}

} // namespace poolscope
