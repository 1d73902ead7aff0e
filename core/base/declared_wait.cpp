// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/declared_wait.h"

#include <utility>

namespace poolscope {

namespace {

thread_local WaitHooks* currentHooks = nullptr;

} // namespace

WaitHooks* waitHooks() noexcept
{
    return currentHooks;
}

WaitHooks* setWaitHooks(WaitHooks* hooks) noexcept
{
    return std::exchange(currentHooks, hooks);
}

} // namespace poolscope
