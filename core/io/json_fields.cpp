// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/json_fields.h"

#include "core/io/exact_text.h"
#include "core/io/run_file_format.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <optional>
#include <utility>

namespace poolscope {

namespace {

constexpr std::int64_t kMaxInt = std::numeric_limits<int>::max();

} // namespace

void JsonFields::fail(const std::string& field)
{
    if (!hasFailed()) {
        m_failure = "the field \"" + field + "\" is missing or wrong";
    }
}

const JsonFields::Json& JsonFields::object(const Json& parent, const char* name)
{
    return child(parent, name, &Json::is_object);
}

const JsonFields::Json& JsonFields::array(const Json& parent, const char* name)
{
    return child(parent, name, &Json::is_array);
}

bool JsonFields::boolean(const Json& parent, const char* name)
{
    const Json& field = child(parent, name, &Json::is_boolean);
    return field.is_boolean() && field.get<bool>();
}

std::string JsonFields::text(const Json& parent, const char* name)
{
    return text(child(parent, name, nullptr), std::string(name));
}

std::string JsonFields::text(const Json& json, const std::string& name)
{
    std::optional<std::string> found = exactTextOf(json);
    if (!found) {
        fail(name);
    }
    return std::move(found).value_or(std::string{});
}

std::uint64_t JsonFields::count(const Json& parent, const char* name, std::uint64_t maximum)
{
    return count(child(parent, name, nullptr), std::string(name), maximum);
}

std::uint64_t JsonFields::count(const Json& json, const std::string& name, std::uint64_t maximum)
{
    // Parsed JSON calls every whole number that is not negative unsigned.
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() > maximum) {
        fail(name);
        return 0;
    }
    return json.get<std::uint64_t>();
}

std::int64_t JsonFields::integer(const Json& parent, const char* name, std::int64_t minimum,
                                 std::int64_t maximum)
{
    const Json& json = child(parent, name, &Json::is_number_integer);
    const bool isHuge = json.is_number_unsigned() &&
                        json.get<std::uint64_t>() > static_cast<std::uint64_t>(maximum);
    if (isHuge || !json.is_number_integer() || json.get<std::int64_t>() < minimum ||
        json.get<std::int64_t>() > maximum) {
        fail(name);
        return 0;
    }
    return json.get<std::int64_t>();
}

double JsonFields::duration(const Json& parent, const char* name)
{
    const Json& json = child(parent, name, &Json::is_number);
    const double nanos = json.is_number() ? json.get<double>() : 0;
    if (!(nanos >= 0 && nanos <= static_cast<double>(kMaxTimeNs))) {
        fail(name);
        return 0;
    }
    return nanos;
}

int JsonFields::number(const Json& parent, const char* name)
{
    return static_cast<int>(integer(parent, name, -kMaxInt, kMaxInt));
}

Nanos JsonFields::time(const Json& parent, const char* name)
{
    return integer(parent, name, -kMaxTimeNs, kMaxTimeNs);
}

const JsonFields::Json& JsonFields::child(const Json& parent, const char* name, TypeTest isRight)
{
    static const Json nothing;
    const auto found = parent.is_object() ? parent.find(name) : parent.end();
    if (found == parent.end() || (isRight != nullptr && !((*found).*isRight)())) {
        fail(name);
        return nothing;
    }
    return *found;
}

} // namespace poolscope
