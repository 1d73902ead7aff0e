// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/fault_worker.h"

#include "core/executor/worker_loop.h"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace poolscope;

Result<Value> runFault(const TaskContext& context)
{
    const std::string_view item = context.item;
    if (item == "hang") {
        for (;;) {
            ::pause();
        }
    }
    if (item == "throw") {
        throw std::runtime_error("thrown on purpose");
    }
    if (item == "throw int") {
        throw 1;
    }
    if (item == "abort") {
        std::abort();
    }
    if (item == "exit") {
        ::_exit(3);
    }
    if (item.starts_with("text ")) {
        return Value{std::string(std::stoul(std::string(item.substr(5))), 'x')};
    }
    return Value{static_cast<std::int64_t>(context.index)};
}

const Workload* findFault(std::string_view id)
{
    static const Workload workload{
        test::kFaultWorkload, "Fault", "Does what its item says.", {}, nullptr, runFault};
    return id == workload.id ? &workload : nullptr;
}

} // namespace

int main(int argc, char** argv)
{
    const int pool = argc == 3 ? std::atoi(argv[2]) : 0;
    return runWorker({findFault, test::kFaultCatalogue, "test", pool});
}
