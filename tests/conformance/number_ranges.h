// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/pool.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <vector>

namespace poolscope::test {

// What is mapped.

inline int square(int number)
{
    return number * number;
}

inline std::vector<int> numbers(int count)
{
    std::vector<int> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

inline std::vector<int> squares(int count)
{
    std::vector<int> all = numbers(count);
    std::transform(all.begin(), all.end(), all.begin(), square);
    return all;
}

inline MapOptions inChunks(const ChunkPolicy& policy)
{
    MapOptions options;
    options.chunk = policy;
    return options;
}

/// 0, 1, 2, … without end (clang 14 does not take std::views::iota of libstdc++ 12).
struct Endless
{
    struct Iterator
    {
        using value_type = int;
        using difference_type = std::ptrdiff_t;
        int number = 0;

        int operator*() const { return number; }
        Iterator& operator++()
        {
            ++number;
            return *this;
        }
        void operator++(int) { ++number; }
    };
    [[nodiscard]] Iterator begin() const { return {}; }
    [[nodiscard]] std::unreachable_sentinel_t end() const { return {}; }
};

} // namespace poolscope::test
