// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/fault_worker.h"

#include "core/executor/worker_loop.h"
#include "tests/integration/processes/faults.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace poolscope;

Result<Value> runItem(const TaskContext& context)
{
    const std::string_view item = context.item;
    if (item == "quick") {
        return Value{static_cast<std::int64_t>(context.index)};
    }
    if (item.starts_with("echo")) {
        return Value{std::string(item)};
    }
    if (item.starts_with("text ")) {
        return Value{std::string(std::stoul(std::string(item.substr(5))), 'x')};
    }
    if (const test::Fault* fault = test::findFault(item)) {
        const std::size_t digit = item.find_first_of("0123456789");
        return fault->commit(digit == std::string_view::npos ? std::string_view{}
                                                             : item.substr(digit));
    }
    return Error{"there is no fault " + std::string(item)};
}

const Workload* findWorkload(std::string_view id)
{
    static const Workload workload{
        test::kFaultWorkload, "Fault", "Does what its item says.", {}, nullptr, runItem};
    return id == workload.id ? &workload : nullptr;
}

} // namespace

int main(int argc, char** argv)
{
    const int parent = argc == 3 ? std::atoi(argv[2]) : 0;
    return runWorker({findWorkload, test::kFaultCatalogue, "test", parent});
}
