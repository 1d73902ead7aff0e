// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace poolscope {

/// What a task gives back: nothing, a whole number, a real number, or text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// \return the value as text for tables and CSV: "" for nothing, shortest exact form for reals.
[[nodiscard]] std::string toText(const Value& value);

} // namespace poolscope
