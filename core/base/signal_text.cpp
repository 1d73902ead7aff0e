// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/signal_text.h"

#include <cstring>

namespace poolscope {

std::string signalText(int signal)
{
    const char* name = ::sigabbrev_np(signal);
    const char* meaning = ::sigdescr_np(signal);
    if (name == nullptr || meaning == nullptr) {
        return "signal " + std::to_string(signal);
    }
    return std::string("SIG") + name + " (" + meaning + ")";
}

} // namespace poolscope
