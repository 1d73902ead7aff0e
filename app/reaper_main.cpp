// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/reaper_loop.h"
#include "core/executor/reaper_protocol.h"
#include "poolscope_version.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

// poolscope-reaper: the parent of a process pool's workers, which leaves nothing of them behind.
// "--pool <protocol> <worker program> [words for the worker …]" is how the pool starts it.
int main(int argc, char** argv)
{
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (option == "--version") {
        std::printf("poolscope-reaper %s\n", poolscope::kVersion.data());
        return EXIT_SUCCESS;
    }
    if (option != "--pool" || argc < 4) {
        std::fputs(
            "poolscope-reaper: this program is started by poolscope, for its process pools\n",
            stderr);
        return 2;
    }
    if (std::atoi(argv[2]) != poolscope::kReaperProtocol) {
        std::fputs("poolscope-reaper: not of the same build as poolscope\n", stderr);
        return 2;
    }
    return poolscope::runReaper(argv[3], {argv + 4, argv + argc});
}
