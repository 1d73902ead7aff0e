// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/diagnosis.h"
#include "core/analysis/resize_receipt.h"
#include "core/analysis/run_summary.h"
#include "core/analysis/what_if.h"
#include "tests/bench/answers/answers.h"
#include "tests/support/synthetic_trace.h"

#include <cstdio>
#include <functional>

namespace poolscope::bench {

namespace {

constexpr std::uint64_t kTasks = 10'000'000;
constexpr double kBoundSeconds = 1;
constexpr int kRounds = 3;

} // namespace

bool measureAnalysisSpeed()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(64, kTasks);
    const TimeRange whole{0, trace->nowNs};
    bool isQuick = true;
    const auto measure = [&isQuick](const char* name, const std::function<void()>& work) {
        std::vector<double> seconds;
        for (int i = 0; i < kRounds; ++i) {
            const Nanos begin = monotonicNow();
            work();
            seconds.push_back(toSeconds(monotonicNow() - begin));
        }
        std::printf("%-20s %.3f s\n", name, median(seconds));
        std::fflush(stdout);
        isQuick = isQuick && median(seconds) < kBoundSeconds;
    };
    measure("summary", [&] { (void)summariseRun(*trace, 0); });
    measure("ledger", [&] { (void)ledgerOf(*trace, 0, whole); });
    measure("tail", [&] { (void)tailOf(*trace, 0); });
    measure("resize receipts", [&] { (void)resizeReceipts(*trace, 0); });
    measure("diagnosis", [&] { (void)diagnose(*trace, 0); });
    measure("what-if", [&] { (void)whatIf(*trace, 0, {32, 4, WhatIfOrder::AsSubmitted}); });
    measure("what-if, sorted", [&] {
        (void)whatIf(*trace, 0, {32, 1, WhatIfOrder::LongestFirst});
    });
    std::printf("analysis of %llu tasks: %s\n", static_cast<unsigned long long>(kTasks),
                isQuick ? "each below 1 s" : "not all below 1 s");
    return isQuick;
}

} // namespace poolscope::bench
