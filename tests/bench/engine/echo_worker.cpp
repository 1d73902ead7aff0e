// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A worker program whose tasks give back their item, and at its begin how long making that took.

#include "tests/bench/engine/echo_worker.h"

#include "core/executor/worker_loop.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace poolscope;

const Workload* findWorkload(std::string_view id)
{
    static const Workload workload{
        bench::kEcho, "Echo", "", {}, nullptr, [](const TaskContext& context) {
            const Nanos before = monotonicNow();
            std::string text(context.item);
            std::string took = std::to_string(monotonicNow() - before);
            took.resize(bench::kEchoDigits, ' ');
            text.replace(0, took.size(), took);
            return Result<Value>(Value{std::move(text)});
        }};
    return id == workload.id ? &workload : nullptr;
}

} // namespace

int main(int argc, char** argv)
{
    const int parent = argc == 3 ? std::atoi(argv[2]) : 0;
    return runWorker({findWorkload, bench::kEchoCatalogue, "bench", parent});
}
