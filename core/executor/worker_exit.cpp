// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_exit.h"

#include <cstring>

namespace poolscope {

std::string signalText(int signal)
{
    const char* name = ::sigabbrev_np(signal);
    const char* meaning = ::sigdescr_np(signal);
    if (name == nullptr || meaning == nullptr) {
        return "unknown";
    }
    return std::string("SIG") + name + ", " + meaning;
}

std::string describe(const WorkerExit& exit)
{
    if (exit.signal != 0) {
        return "killed by signal " + std::to_string(exit.signal) + " (" + signalText(exit.signal) +
               ")";
    }
    return exit.exitCode == 0 ? std::string{}
                              : "exited with status " + std::to_string(exit.exitCode);
}

} // namespace poolscope
