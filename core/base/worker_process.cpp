// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_process.h"

#include <atomic>

namespace poolscope {

namespace {

std::atomic<bool> theMark{false};

} // namespace

void becomeWorkerProcess() noexcept
{
    theMark = true;
}

bool isWorkerProcess() noexcept
{
    return theMark;
}

} // namespace poolscope
