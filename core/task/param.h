// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace poolscope {

/// Integer, real or text; Lines and Paths are text with '\n' between the lines, Choice is the choice's id.
using ParamValue = std::variant<std::int64_t, double, std::string>;

/// What a parameter holds.
enum class ParamKind : std::uint8_t {
    Integer,
    Real,
    Text,
    Lines, ///< text of several lines
    Paths, ///< files and folders, one a line
    Choice,
};

/// One of the things that a parameter of kind Choice lets one choose from.
struct ParamChoice
{
    std::string id; ///< stable: the value
    std::string label; ///< English, on screen
};

/// Describes one parameter of a workload: enough to build a form field, a command line option and
/// a check from it. Labels and help are English source text; the window translates them.
struct ParamSpec
{
    std::string id; ///< lower_case, stable: appears in files and on the command line
    std::string label{};
    std::string help{}; ///< one sentence
    ParamKind kind = ParamKind::Integer;
    ParamValue defaultValue = std::int64_t{0};
    double minimum = 0; ///< inclusive, Integer and Real only
    double maximum = 0; ///< inclusive, Integer and Real only
    std::string unit{}; ///< e.g. "ms", may be empty
    std::vector<ParamChoice> choices{}; ///< Choice only
    std::string example{}; ///< of what to write, for Text and Lines; may be empty
};

/// Parameter values by id.
class ParamSet
{
public:
    void set(const std::string& id, ParamValue value) { m_values[id] = std::move(value); }
    [[nodiscard]] const ParamValue* find(std::string_view id) const;

    /// The typed accessors' precondition: \p id is present with that type, which holds for every
    /// id of the workload's specification after checkParams().
    [[nodiscard]] std::int64_t integer(std::string_view id) const;
    [[nodiscard]] double real(std::string_view id) const;
    [[nodiscard]] const std::string& text(std::string_view id) const;

    [[nodiscard]] const std::map<std::string, ParamValue, std::less<>>& values() const
    {
        return m_values;
    }
    friend bool operator==(const ParamSet&, const ParamSet&) = default;

private:
    std::map<std::string, ParamValue, std::less<>> m_values;
};

/// \return the set of all defaults.
[[nodiscard]] ParamSet defaultParams(const std::vector<ParamSpec>& specs);

/// Parses \p text for \p spec. Error: not of the kind, out of bounds, unknown choice; the message
/// names the parameter, what was given and what is allowed.
[[nodiscard]] Result<ParamValue> parseParam(const ParamSpec& spec, std::string_view text);

/// Checks \p given against \p specs and fills in defaults; whole numbers do for a real. Error: unknown
/// id, wrong type, out of bounds.
[[nodiscard]] Result<ParamSet> checkParams(const std::vector<ParamSpec>& specs,
                                           const ParamSet& given);

/// \return the value as text, as parseParam() reads it.
[[nodiscard]] std::string toText(const ParamValue& value);

/// \return the lines of a Paths or Lines value, empty ones left out.
[[nodiscard]] std::vector<std::string> pathList(const std::string& lines);

} // namespace poolscope
