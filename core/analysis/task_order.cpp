// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

namespace {

constexpr std::size_t kWordBytes = 8;
constexpr std::size_t kMostTextBytes = 256;
constexpr std::ptrdiff_t kFew = 48; ///< so few are sorted faster by comparing

struct Keyed
{
    std::uint64_t key;
    std::uint64_t place; ///< as in RecordList
};

/// Sorts by key, byte by byte from the lowest, and keeps the order of equal ones.
void radixSort(std::span<Keyed> items, std::span<Keyed> spare, const std::stop_token& stop)
{
    if (std::ssize(items) <= kFew) {
        std::ranges::stable_sort(items, {}, &Keyed::key);
        return;
    }
    std::uint64_t differing = 0; // bits that are not the same in all keys
    for (const Keyed& item : items) {
        differing |= item.key ^ items.front().key;
    }
    std::span<Keyed> from = items;
    std::span<Keyed> to = spare.first(items.size());
    for (unsigned shift = 0; shift < 64 && !stop.stop_requested(); shift += 8) {
        if (((differing >> shift) & 0xffU) == 0) {
            continue;
        }
        std::array<std::size_t, 256> next{};
        for (const Keyed& item : from) {
            ++next[(item.key >> shift) & 0xffU];
        }
        std::size_t sum = 0;
        for (std::size_t& each : next) {
            const std::size_t count = each;
            each = sum;
            sum += count;
        }
        for (const Keyed& item : from) {
            to[next[(item.key >> shift) & 0xffU]++] = item;
        }
        std::swap(from, to);
    }
    if (from.data() != items.data()) {
        std::ranges::copy(from, items.begin());
    }
}

/// \return a number that is ordered as \p value is.
std::uint64_t orderedBits(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0); // no negative zero
    constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

/// \return bytes \p from to \p from + 8 of \p text, lower case, as a number that is ordered as they are.
std::uint64_t textWord(std::string_view text, std::size_t from)
{
    std::uint64_t word = 0;
    for (std::size_t i = from; i < from + kWordBytes; ++i) {
        auto letter = i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint8_t{0};
        letter =
            letter >= 'A' && letter <= 'Z' ? static_cast<std::uint8_t>(letter | 0x20U) : letter;
        word = (word << 8U) | letter;
    }
    return word;
}

class Sorter
{
public:
    Sorter(const Snapshot& snapshot, bool isDescending, const std::stop_token& stop)
        : m_snapshot(snapshot)
        , m_flip(isDescending ? ~std::uint64_t{0} : 0)
        , m_stop(stop)
    {}

    void sort(RecordList& list, TaskOrder order);

private:
    struct Place
    {
        const LaneView& lane;
        std::uint64_t index;
        const TaskRecord& record;
    };
    [[nodiscard]] Place placeOf(std::uint64_t packed) const
    {
        const RecordRef ref = RecordList::unpacked(packed);
        const LaneView& lane = m_snapshot.lanes[static_cast<std::size_t>(ref.lane)];
        return {lane, ref.record, lane.lane->record(ref.record)};
    }
    [[nodiscard]] std::uint64_t keyOf(const Place& place, TaskOrder order) const;
    /// Sorts by the key that \p keyOf gives each place.
    template <class KeyOf>
    void sortBy(std::span<Keyed> items, const KeyOf& keyOf);
    /// Sorts those by text that are alike in \p textOf before byte \p from.
    template <class TextOf>
    void sortByText(std::span<Keyed> items, std::size_t from, const TextOf& textOf);
    /// Calls \p visit with each part of \p items whose keys are the same.
    template <class Visit>
    static void eachGroup(std::span<Keyed> items, const Visit& visit);
    void sortByResult(std::span<Keyed> items);

    const Snapshot& m_snapshot;
    const std::uint64_t m_flip;
    const std::stop_token& m_stop;
    std::vector<Keyed> m_spare;
};

template <class KeyOf>
void Sorter::sortBy(std::span<Keyed> items, const KeyOf& keyOf)
{
    for (Keyed& item : items) {
        item.key = keyOf(item.place) ^ m_flip;
    }
    radixSort(items, m_spare, m_stop);
}

template <class Visit>
void Sorter::eachGroup(std::span<Keyed> items, const Visit& visit)
{
    for (auto begin = items.begin(); begin != items.end();) {
        const auto end = std::find_if(
            begin, items.end(), [key = begin->key](const Keyed& item) { return item.key != key; });
        visit(std::span<Keyed>(begin, end));
        begin = end;
    }
}

template <class TextOf>
void Sorter::sortByText(std::span<Keyed> items, std::size_t from, const TextOf& textOf)
{
    sortBy(items, [&](std::uint64_t place) { return textWord(textOf(place), from); });
    const std::size_t next = from + kWordBytes;
    if (next >= kMostTextBytes) {
        return;
    }
    eachGroup(items, [&](std::span<Keyed> group) {
        const bool isAtEnd = ((group.front().key ^ m_flip) & 0xffU) == 0; // nothing is behind it
        if (group.size() > 1 && !isAtEnd && !m_stop.stop_requested()) {
            sortByText(group, next, textOf);
        }
    });
}

std::uint64_t Sorter::keyOf(const Place& place, TaskOrder order) const
{
    const auto fromNanos = [](Nanos nanos) {
        return static_cast<std::uint64_t>(std::max<Nanos>(0, nanos));
    };
    const LaneInfo& info = place.lane.info();
    const TaskRecord& record = place.record;
    switch (order) {
    case TaskOrder::Executor:
        return static_cast<std::uint64_t>(info.executor);
    case TaskOrder::Worker:
        return (static_cast<std::uint64_t>(info.executor) << 40U) |
               (info.kind == LaneKind::Queue ? std::uint64_t{1} << 32U : 0) |
               static_cast<std::uint32_t>(info.index);
    case TaskOrder::State:
        return record.stateAndFlags;
    case TaskOrder::Attempt:
        return record.attempt;
    case TaskOrder::Submit:
        return fromNanos(record.submitNs);
    case TaskOrder::Start:
        return fromNanos(record.startNs);
    case TaskOrder::Wait:
        return fromNanos(record.waitNs());
    case TaskOrder::Run:
        return fromNanos(record.runNs());
    case TaskOrder::Cpu: {
        const TaskCost cost =
            place.lane.lane->hasCosts() ? place.lane.lane->cost(place.index) : TaskCost{};
        return cost.wasMeasured() ? 1 + static_cast<std::uint64_t>(cost.cpuNs) : 0;
    }
    case TaskOrder::Task:
    case TaskOrder::Name:
    case TaskOrder::Result:
        break;
    }
    return record.task;
}

void Sorter::sortByResult(std::span<Keyed> items)
{
    enum : std::uint64_t { Nothing, Number, Text, Failure };
    const auto resultOf = [this](std::uint64_t place) {
        const Place at = placeOf(place);
        return at.lane.lane->result(at.index);
    };
    const auto sortOf = [&](std::uint64_t place) -> std::uint64_t {
        const TaskResult result = resultOf(place);
        if (!result.error.empty()) {
            return Failure;
        }
        if (std::holds_alternative<std::monostate>(result.value)) {
            return Nothing;
        }
        return std::holds_alternative<std::string>(result.value) ? Text : Number;
    };
    const auto numberOf = [&](std::uint64_t place) {
        const TaskResult result = resultOf(place);
        const auto* integer = std::get_if<std::int64_t>(&result.value);
        return orderedBits(integer != nullptr ? static_cast<double>(*integer)
                                              : std::get<double>(result.value));
    };
    sortBy(items, sortOf);
    eachGroup(items, [&](std::span<Keyed> group) {
        switch (group.front().key ^ m_flip) {
        case Number:
            sortBy(group, numberOf);
            break;
        case Text:
            sortByText(group, 0,
                       [&](std::uint64_t place) { return toText(resultOf(place).value); });
            break;
        case Failure:
            sortByText(group, 0, [&](std::uint64_t place) { return resultOf(place).error; });
            break;
        default:
            break;
        }
    });
}

void Sorter::sort(RecordList& list, TaskOrder order)
{
    std::vector<std::uint64_t>& places = list.places();
    if (order == TaskOrder::Start && m_flip == 0) {
        return; // it is
    }
    std::vector<Keyed> items(places.size());
    m_spare.resize(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        items[i] = {0, places[i]};
    }
    const JobPlan& plan = *m_snapshot.meta->plan;
    if (order == TaskOrder::Result) {
        sortByResult(items);
    } else if (order == TaskOrder::Name && !plan.items.empty()) {
        sortByText(items, 0,
                   [&](std::uint64_t place) { return plan.item(placeOf(place).record.task); });
    } else {
        sortBy(items, [&](std::uint64_t place) { return keyOf(placeOf(place), order); });
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        places[i] = items[i].place;
    }
}

} // namespace

void sortRecords(const Snapshot& snapshot, RecordList& list, TaskOrder order, bool isDescending,
                 const std::stop_token& stop)
{
    Sorter(snapshot, isDescending, stop).sort(list, order);
}

} // namespace poolscope
