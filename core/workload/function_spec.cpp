// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/function_spec.h"

#include "core/workload/common.h"
#include "core/workload/function_call.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace poolscope {

namespace {

/// More than anybody needs: a list without its end would be read on and on.
constexpr int kMostEntries = 256;
/// Whole numbers are exact as a double up to here, and bounds are doubles.
constexpr double kLargestExact = 9007199254740992.0;

std::string textOr(const char* text, std::string_view instead)
{
    return std::string(text != nullptr ? text : instead);
}

bool isId(std::string_view id)
{
    const auto isLetter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !id.empty() && isLetter(id.front()) && std::ranges::all_of(id, [&isLetter](char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '_';
    });
}

/// \return the error for a list that does not end, or that has two entries of one id or a bad one.
template <class Entry>
std::optional<Error> faultInIds(const Entry* list, const std::string& what)
{
    for (int i = 0; list[i].id != nullptr; ++i) {
        if (i == kMostEntries) {
            return Error{"there are more than " + std::to_string(kMostEntries) + " entries of " +
                         what + ": the list must end with one whose id is null"};
        }
        if (!isId(list[i].id)) {
            return Error{what + " has the id \"" + list[i].id +
                         "\"; an id is made of lower case letters, digits and '_', and begins with "
                         "a letter"};
        }
        const auto isSame = [&list, i](const Entry& other) {
            return std::string_view(other.id) == list[i].id;
        };
        if (std::any_of(list, list + i, isSame)) {
            return Error{what + " has the id \"" + list[i].id + "\" twice; ids must differ"};
        }
    }
    return std::nullopt;
}

std::optional<ParamKind> kindOf(int kind)
{
    switch (kind) {
    case POOLSCOPE_INTEGER:
        return ParamKind::Integer;
    case POOLSCOPE_REAL:
        return ParamKind::Real;
    case POOLSCOPE_TEXT:
        return ParamKind::Text;
    case POOLSCOPE_LINES:
        return ParamKind::Lines;
    case POOLSCOPE_PATHS:
        return ParamKind::Paths;
    case POOLSCOPE_CHOICE:
        return ParamKind::Choice;
    default:
        return std::nullopt;
    }
}

std::optional<Error> faultInBounds(const ParamSpec& spec)
{
    if (spec.kind != ParamKind::Integer && spec.kind != ParamKind::Real) {
        return std::nullopt;
    }
    if (!std::isfinite(spec.minimum) || !std::isfinite(spec.maximum) ||
        spec.minimum > spec.maximum) {
        return Error{"its bounds must be numbers, the minimum not above the maximum"};
    }
    const auto isExact = [](double bound) {
        return bound == std::floor(bound) && std::abs(bound) <= kLargestExact;
    };
    if (spec.kind == ParamKind::Integer && !(isExact(spec.minimum) && isExact(spec.maximum))) {
        return Error{"the bounds of an integer must be whole numbers between -2^53 and 2^53"};
    }
    return std::nullopt;
}

Result<std::vector<ParamChoice>> readChoices(const poolscope_param& param)
{
    std::vector<ParamChoice> choices;
    if (param.kind != POOLSCOPE_CHOICE) {
        return choices;
    }
    if (param.choices == nullptr || param.choices->id == nullptr) {
        return Error{"a choice needs something to choose from"};
    }
    if (auto fault = faultInIds(param.choices, "a choice")) {
        return *std::move(fault);
    }
    for (const poolscope_choice* choice = param.choices; choice->id != nullptr; ++choice) {
        choices.push_back({choice->id, textOr(choice->label, choice->id)});
    }
    return choices;
}

Result<ParamSpec> readParam(const poolscope_param& param)
{
    const std::optional<ParamKind> kind = kindOf(param.kind);
    if (!kind) {
        return Error{"its kind is " + std::to_string(param.kind) +
                     "; give one of POOLSCOPE_INTEGER to POOLSCOPE_CHOICE"};
    }
    ParamSpec spec{.id = param.id,
                   .label = textOr(param.label, param.id),
                   .help = textOr(param.help, ""),
                   .kind = *kind,
                   .minimum = param.minimum,
                   .maximum = param.maximum,
                   .unit = textOr(param.unit, "")};
    if (auto fault = faultInBounds(spec)) {
        return *std::move(fault);
    }
    Result<std::vector<ParamChoice>> choices = readChoices(param);
    if (!choices) {
        return choices.error();
    }
    spec.choices = std::move(choices).value();
    Result<ParamValue> value = parseParam(spec, textOr(param.value, ""));
    if (!value) {
        return Error{"its default does not fit: " + value.error().message};
    }
    spec.defaultValue = std::move(value).value();
    return spec;
}

Result<std::vector<ParamSpec>> readParams(const poolscope_function& function)
{
    std::vector<ParamSpec> specs;
    if (function.params != nullptr) {
        if (auto fault = faultInIds(function.params, "a parameter")) {
            return *std::move(fault);
        }
        for (const poolscope_param* param = function.params; param->id != nullptr; ++param) {
            Result<ParamSpec> spec = readParam(*param);
            if (!spec) {
                return Error{"parameter \"" + std::string(param->id) +
                             "\": " + spec.error().message};
            }
            specs.push_back(std::move(spec).value());
        }
    }
    const auto tasks = std::ranges::find(specs, "tasks", &ParamSpec::id);
    if (function.plan == nullptr && tasks == specs.end()) {
        specs.insert(specs.begin(), tasksParam("How many tasks to run.", 100, 100'000'000));
    } else if (function.plan == nullptr &&
               (tasks->kind != ParamKind::Integer || tasks->minimum < 1)) {
        return Error{"parameter \"tasks\": it says the number of tasks, so it must be an integer "
                     "of at least 1, unless the function has a planner"};
    }
    return specs;
}

bool never(const ParamSet& /*params*/)
{
    return false;
}

Result<Workload> readFunction(const poolscope_function& function, const std::string& libraryId)
{
    if (function.run == nullptr) {
        return Error{"it has no run()"};
    }
    Result<std::vector<ParamSpec>> params = readParams(function);
    if (!params) {
        return params.error();
    }
    return Workload{.id = libraryId + '.' + function.id,
                    .title = textOr(function.title, function.id),
                    .summary = textOr(function.summary, ""),
                    .params = std::move(params).value(),
                    .plan = functionPlanner(function),
                    .kernel = functionKernel(function),
                    .mayRunTwice = function.once != 0 ? never : nullptr};
}

} // namespace

Result<std::vector<Workload>> readFunctions(const poolscope_library& library)
{
    const std::string id = textOr(library.id, "");
    if (!isId(id)) {
        return Error{"the library has the id \"" + id +
                     "\"; an id is made of lower case letters, digits and '_', and begins with a "
                     "letter"};
    }
    if (library.functions == nullptr || library.functions->id == nullptr) {
        return Error{"it describes no function"};
    }
    if (auto fault = faultInIds(library.functions, "a function")) {
        return *std::move(fault);
    }
    std::vector<Workload> workloads;
    for (const poolscope_function* each = library.functions; each->id != nullptr; ++each) {
        Result<Workload> workload = readFunction(*each, id);
        if (!workload) {
            return Error{"function \"" + std::string(each->id) + "\": " + workload.error().message};
        }
        workloads.push_back(std::move(workload).value());
    }
    return workloads;
}

} // namespace poolscope
