// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/fault_worker.h"

#include "core/executor/worker_loop.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace poolscope;

/// \return the process id of a process that was started and never ends.
std::int64_t startProcess(bool isDaemon)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        std::abort();
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const bool isMiddle = isDaemon && (::setsid(), ::fork()) != 0;
        if (isMiddle) {
            ::_exit(0);
        }
        const std::int64_t self = ::getpid();
        if (::write(ends[1], &self, sizeof(self)) != sizeof(self)) {
            ::_exit(1);
        }
        for (;;) {
            ::pause();
        }
    }
    std::int64_t started = 0;
    if (::read(ends[0], &started, sizeof(started)) != sizeof(started)) {
        std::abort();
    }
    ::close(ends[0]);
    ::close(ends[1]);
    if (isDaemon) {
        ::waitpid(child, nullptr, 0);
    }
    return started;
}

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
    if (item == "child" || item == "daemon") {
        return Value{startProcess(item == "daemon")};
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
    const int parent = argc == 3 ? std::atoi(argv[2]) : 0;
    return runWorker({findFault, test::kFaultCatalogue, "test", parent});
}
