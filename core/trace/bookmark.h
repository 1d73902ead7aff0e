// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <string>

namespace poolscope {

/// A moment of a run that somebody has marked, with words to it.
struct Bookmark
{
    Nanos timeNs = 0; ///< from the trace's origin
    std::string text; ///< UTF-8

    friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

} // namespace poolscope
