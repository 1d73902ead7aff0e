// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/soak/violation.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace poolscope::soak {

namespace {

std::atomic<std::uint64_t> s_seed{0};
std::atomic<int> s_cycle{0};

} // namespace

void setSituation(std::uint64_t seed, int cycle) noexcept
{
    s_seed.store(seed, std::memory_order_relaxed);
    s_cycle.store(cycle, std::memory_order_relaxed);
}

void violated(const std::string& what) noexcept
{
    std::fprintf(stderr, "soak: VIOLATED, seed %llu, cycle %d: %s\n",
                 static_cast<unsigned long long>(s_seed.load(std::memory_order_relaxed)),
                 s_cycle.load(std::memory_order_relaxed), what.c_str());
    std::fflush(nullptr);
    std::_Exit(1); // the reapers see to the worker processes
}

void expectEqual(std::uint64_t count, std::uint64_t expected, const std::string& what)
{
    if (count != expected) {
        violated(what + ": " + std::to_string(count) + " instead of " + std::to_string(expected));
    }
}

} // namespace poolscope::soak
