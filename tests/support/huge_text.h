// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <string_view>

namespace poolscope::test {

/// A text that is too long for a lane to keep (5 GiB): address space without memory, so nobody may
/// read it.
class HugeText
{
public:
    HugeText()
        : m_place(
              ::mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))
    {}
    ~HugeText() { ::munmap(m_place, kSize); }
    HugeText(const HugeText&) = delete;
    HugeText& operator=(const HugeText&) = delete;

    [[nodiscard]] bool isThere() const { return m_place != MAP_FAILED; }
    [[nodiscard]] std::string_view text() const
    {
        return {static_cast<const char*>(m_place), kSize};
    }

private:
    static constexpr std::size_t kSize = std::size_t{5} << 30U;
    void* m_place;
};

} // namespace poolscope::test
