// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace poolscope {

/// Memory by the huge page, for what grows by millions of tasks. What is given back is kept for whoever needs a page
/// next, whatever for: the kernel clears each fresh page, and on a virtual machine the host may have to find it
/// first, which takes longer than all that is done with a task. Any thread; meant to be called once in some thousand tasks.
class HugePages
{
public:
    static constexpr std::size_t kPageBytes = std::size_t{2} << 20U; ///< and their alignment
    /// What one run of a million tasks takes. When memory becomes scarce the kernel may have kept pages back.
    static constexpr std::size_t kMostKept = 64;

    /// \return a page with anything in it, nullptr when there is no memory.
    [[nodiscard]] static void* take() noexcept;
    /// \return a page of zeros that takes only what is written of it: for who may need little.
    [[nodiscard]] static void* takeSmallPages() noexcept;
    /// \p page: from either. Nobody reads there any more.
    static void give(void* page) noexcept;

    /// Gives the system back what is kept.
    static void trim() noexcept;
    /// \return pages kept now.
    [[nodiscard]] static std::size_t keptCount() noexcept;
};

} // namespace poolscope
