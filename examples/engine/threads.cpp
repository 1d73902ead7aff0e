// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Python's threading: threads with names. Here their results and errors are kept as well.

#include "core/executor/thread.h"

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

using namespace poolscope;

namespace {

int countPrimes(int first, int last)
{
    int count = 0;
    for (int n = first; n < last; ++n) {
        int divisor = 2;
        while (divisor * divisor <= n && n % divisor != 0) {
            ++divisor;
        }
        count += n > 1 && divisor * divisor > n ? 1 : 0;
    }
    return count;
}

/// Starts the thread, or ends the program.
void start(AnyThread& thread)
{
    if (const Result<void> started = thread.start(); !started) {
        throw std::runtime_error(started.error().message);
    }
}

} // namespace

int main()
{
    std::vector<Thread<int>> counters;
    for (int i = 0; i < 4; ++i) {
        counters.emplace_back("count-" + std::to_string(i), countPrimes, i * 50'000,
                              (i + 1) * 50'000);
        start(counters.back());
    }
    Thread waiter("waiter",
                  [](const StopFlag& stop) { return stop.waitFor(3600 * kNanosPerSecond); });
    start(waiter);
    Thread unlucky("unlucky", [] { throw std::runtime_error("no luck today"); });
    start(unlucky);

    for (const Thread<int>& counter : counters) { // waits for each
        std::printf("%s: %d primes\n", counter.name().c_str(), counter.future().value());
    }
    waiter.requestStop();
    std::printf("waiter: %s\n", waiter.future().value() ? "was told to stop" : "slept an hour");
    std::printf("unlucky: %s\n", unlucky.future().error().c_str());
}
