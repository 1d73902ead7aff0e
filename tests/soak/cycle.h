// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "tests/soak/batch.h"
#include "tests/soak/orders.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope::soak {

/// What a soak is to do.
struct Settings
{
    Nanos durationNs = 600 * kNanosPerSecond;
    std::uint64_t seed = 1;
    std::vector<std::string> kinds{"threads", "processes", "thread_per_task"};
    std::string workerProgram;
};

/// What one executor did.
struct Account
{
    std::uint64_t taken = 0; ///< tasks
    std::uint64_t refused = 0;
    std::uint64_t lostAttempts = 0; ///< begun again after their worker died, or after a failure
    StateCounts ended{};
    OrderCounts orders{};

    void add(const Account& other);
};

/// Sets up one executor of each kind with a recorder of their own, disturbs them for \p durationNs, lets them
/// end and checks that everything adds up; violated() when it does not. \p number: of the cycle, from 0.
/// \return one account a kind.
[[nodiscard]] std::vector<Account> runCycle(const Settings& settings, int number, Nanos durationNs);

} // namespace poolscope::soak
