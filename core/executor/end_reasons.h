// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <array>
#include <cstdio>
#include <string>

namespace poolscope {

// Why tasks are not done, in the words that every executor uses.

inline const std::string kCancelledReason = "cancelled before it began";
inline const std::string kDroppedReason = "dropped from the full queue for a newer task";
inline const std::string kExpiredReason = "had not begun by its deadline";

/// \return why a task was stopped that ran longer than \p timeoutNs.
inline std::string timedOutReason(Nanos timeoutNs)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "ran longer than its limit of %.6g s",
                  toSeconds(timeoutNs));
    return text.data();
}

/// \return why an executor is broken whose initializer failed, for the last time with \p why.
inline std::string initializerReason(int worker, int failures, const std::string& why)
{
    const std::string times = failures > 1 ? " " + std::to_string(failures) + " times" : "";
    return "The initializer of worker " + std::to_string(worker + 1) + " failed" + times + ": " +
           why;
}

} // namespace poolscope
