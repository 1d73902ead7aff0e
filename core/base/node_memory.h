// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace poolscope {

/// Memory for small objects that one thread makes and mostly another one drops, by the million: whole lines of the
/// cache each, so that neighbours do not slow each other down, and places that were used lately first.
///
/// Each thread keeps some free places of each size; it takes and gives back 64 at a time, under a lock. They are cut out of
/// huge pages, which go back to HugePages when nothing is in them any more. Any thread.
class NodeMemory
{
public:
    /// What is larger comes from operator new.
    static constexpr std::size_t kMostBytes = 256;

    /// \return \p bytes bytes. Throws std::bad_alloc.
    [[nodiscard]] static void* take(std::size_t bytes);
    /// \p place: from take() with that many bytes.
    static void give(void* place, std::size_t bytes) noexcept;
    /// \return bytes of all regions.
    [[nodiscard]] static std::size_t regionBytes() noexcept;
};

} // namespace poolscope
