// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/common.h"

namespace poolscope {
namespace {

/// Trial division that counts its divisions, since they are what the time goes into.
struct PrimeTest
{
    std::uint64_t divisions = 0;

    bool isPrime(std::uint64_t n)
    {
        if (n < 4) {
            return n > 1;
        }
        if (n % 2 == 0 || n % 3 == 0) {
            return false;
        }
        // Every other prime is one less or one more than a multiple of six.
        for (std::uint64_t divisor = 5; divisor * divisor <= n; divisor += 6) {
            divisions += 2;
            if (n % divisor == 0 || n % (divisor + 2) == 0) {
                return false;
            }
        }
        return true;
    }
};

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "range");
}

Result<Value> run(const TaskContext& context)
{
    constexpr std::uint64_t kDivisionsPerLook = 100'000; // about a millisecond
    const auto span = static_cast<std::uint64_t>(context.params.integer("span"));
    const std::uint64_t first = context.index * span;
    PrimeTest test;
    std::uint64_t nextLook = kDivisionsPerLook;
    std::int64_t count = 0;
    for (std::uint64_t n = first; n < first + span; ++n) {
        count += test.isPrime(n) ? 1 : 0;
        if (test.divisions >= nextLook) {
            nextLook = test.divisions + kDivisionsPerLook;
            if (context.stop.isRequested()) {
                return cancelledError();
            }
            context.progress(static_cast<double>(n - first) / static_cast<double>(span));
        }
    }
    return Value{count};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many ranges to search, from 0 on.", 400, 100'000),
        {.id = "span",
         .label = "Numbers per task",
         .help = "How many numbers one task tests.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{50'000},
         .minimum = 1,
         .maximum = 1'000'000},
    };
}

} // namespace

Workload makeCountPrimes()
{
    return {
        .id = "count_primes",
        .title = "Count primes",
        .summary =
            "Counts the primes in neighbouring ranges by trial division: pure computing that "
            "grows dearer from task to task.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
