// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/value.h"

#include "core/task/number_text.h"

namespace poolscope {
namespace {

struct ToText
{
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return realToText(number); }
    std::string operator()(const std::string& text) const { return text; }
};

} // namespace

std::string toText(const Value& value)
{
    return std::visit(ToText{}, value);
}

} // namespace poolscope
