// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <system_error>

#include <thread>

namespace poolscope {

/// Does \p work on a thread of its own, or at once where no thread can be had. \p work outlives the thread.
template <class Work>
[[nodiscard]] std::jthread inBackground(const Work& work)
{
    try {
        return std::jthread([&work] { work(); });
    } catch (const std::system_error&) {
        work();
        return {};
    }
}

} // namespace poolscope
