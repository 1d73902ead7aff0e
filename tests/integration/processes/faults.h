// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/value.h"

#include <string_view>

namespace poolscope::test {

/// Something that a task should not do. What the item says after the name comes as \p argument.
struct Fault
{
    std::string_view name;
    Result<Value> (*commit)(std::string_view argument);
};

/// \return the fault that \p item names, without its argument; null when there is none.
const Fault* findFault(std::string_view item);

} // namespace poolscope::test
