// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/thread_name.h"

#include <pthread.h>
#include <unistd.h>

namespace poolscope {

void setThreadName(const std::string& name)
{
    constexpr std::size_t kLongest = 15; // the kernel keeps 16 bytes with the final zero
    ::pthread_setname_np(::pthread_self(), name.substr(0, kLongest).c_str());
}

int currentThreadId()
{
    return ::gettid();
}

} // namespace poolscope
