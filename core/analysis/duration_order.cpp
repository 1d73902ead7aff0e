// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/duration_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>

namespace poolscope {

namespace {

constexpr std::uint64_t kWidest = std::numeric_limits<std::uint32_t>::max();
constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

/// Sorts by the \p bits from bit \p from on, digit by digit from the last; equal ones keep their order.
template <class Key>
void radixSort(std::vector<Key>& keys, int from, int bits)
{
    std::vector<Key> other(keys.size());
    for (int shift = from; shift < from + bits; shift += kDigitBits) {
        const auto digitOf = [shift](Key key) {
            return (static_cast<std::uint64_t>(key) >> static_cast<unsigned>(shift)) &
                   (kDigits - 1);
        };
        std::array<std::size_t, kDigits> places{};
        for (const Key key : keys) {
            ++places[digitOf(key)];
        }
        std::exclusive_scan(places.begin(), places.end(), places.begin(), std::size_t{0});
        for (const Key key : keys) {
            other[places[digitOf(key)]++] = key;
        }
        keys.swap(other);
    }
}

int bitsOf(std::uint64_t number)
{
    return static_cast<int>(std::bit_width(number));
}

} // namespace

std::vector<std::uint32_t> orderByDuration(std::span<const Nanos> durations, bool isLongestFirst)
{
    std::vector<std::uint32_t> order(durations.size());
    if (durations.empty()) {
        return order;
    }
    const auto longest = static_cast<std::uint64_t>(std::ranges::max(durations));
    if (longest > kWidest) {
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::stable_sort(order, [&](std::uint32_t left, std::uint32_t right) {
            return isLongestFirst ? durations[left] > durations[right]
                                  : durations[left] < durations[right];
        });
        return order;
    }
    std::vector<std::uint64_t> keys(durations.size());
    for (std::size_t i = 0; i < durations.size(); ++i) {
        const auto duration = static_cast<std::uint64_t>(durations[i]);
        keys[i] = (isLongestFirst ? longest - duration : duration) << 32U | i;
    }
    radixSort(keys, 32, bitsOf(longest));
    std::ranges::transform(keys, order.begin(),
                           [](std::uint64_t key) { return static_cast<std::uint32_t>(key); });
    return order;
}

void sortDurations(std::vector<Nanos>& durations)
{
    if (!durations.empty()) {
        radixSort(durations, 0, bitsOf(static_cast<std::uint64_t>(std::ranges::max(durations))));
    }
}

} // namespace poolscope
