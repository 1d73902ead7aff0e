// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_process.h"
#include "core/executor/worker_loop.h"
#include "core/workload/catalogue.h"
#include "core/workload/function_probe.h"
#include "poolscope_version.h"

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace {

using namespace poolscope;

int refuseWords()
{
    std::fputs("poolscope-worker: this program is started by poolscope, for its process pools\n",
               stderr);
    return 2;
}

/// \p libraries: "--functions FILE" again and again. \return false when they are something else.
/// One that does not open is left out: the pool sees from the catalogue's hash that it is missing.
bool loadLibraries(std::span<char*> libraries)
{
    Catalogue all;
    for (; libraries.size() >= 2 && std::string_view(libraries[0]) == "--functions";
         libraries = libraries.subspan(2)) {
        if (const Result<void> added = all.addLibrary(libraries[1]); !added) {
            std::fprintf(stderr, "poolscope-worker: %s\n", added.error().message.c_str());
        }
    }
    setCatalogue(std::move(all));
    return libraries.empty();
}

} // namespace

// poolscope-worker: runs the tasks of a process pool. The pool's reaper starts it with "--pool <parent>", and
// "--functions <file>" for each library of functions; "--probe <file>" opens one to see whether it can be.
int main(int argc, char** argv)
{
    const std::span words(argv, static_cast<std::size_t>(argc));
    const std::string_view option = words.size() > 1 ? words[1] : "";
    if (option == "--version") {
        std::printf("poolscope-worker %s\n", kVersion.data());
        return EXIT_SUCCESS;
    }
    if (option == "--probe" && words.size() == 3) {
        endProbe(words[2]);
    }
    if (option != "--pool" || words.size() < 3 || !loadLibraries(words.subspan(3))) {
        return refuseWords();
    }
    becomeWorkerProcess();
    WorkerEnvironment environment;
    environment.findWorkload = findWorkload;
    environment.catalogueHash = catalogueHash();
    environment.version = kVersion;
    environment.parentProcessId = std::atoi(words[2]);
    return runWorker(environment);
}
