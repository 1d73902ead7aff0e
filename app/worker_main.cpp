// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_loop.h"
#include "core/workload/catalogue.h"
#include "poolscope_version.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

// poolscope-worker: runs the tasks of a process pool. "--pool <parent>" is how the pool's reaper starts it.
int main(int argc, char** argv)
{
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (option == "--version") {
        std::printf("poolscope-worker %s\n", poolscope::kVersion.data());
        return EXIT_SUCCESS;
    }
    if (option != "--pool" || argc != 3) {
        std::fputs(
            "poolscope-worker: this program is started by poolscope, for its process pools\n",
            stderr);
        return 2;
    }
    poolscope::WorkerEnvironment environment;
    environment.findWorkload = poolscope::findWorkload;
    environment.catalogueHash = poolscope::catalogueHash();
    environment.version = poolscope::kVersion;
    environment.parentProcessId = std::atoi(argv[2]);
    return poolscope::runWorker(environment);
}
