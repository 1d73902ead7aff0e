// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/task_cell.h"

#include "core/executor/executor.h"

#include <bit>
#include <cstring>
#include <limits>

namespace poolscope {

bool putRequest(const TasksMessage& tasks, RequestCell& cell) noexcept
{
    cell.kind = static_cast<std::uint8_t>(RequestKind::Message);
    const bool hasItem = !tasks.items.empty();
    if (hasItem && (tasks.count != 1 || tasks.items.front().size() > cell.item.size())) {
        return false;
    }
    cell.kind = static_cast<std::uint8_t>(RequestKind::Tasks);
    cell.first = tasks.first;
    cell.count = static_cast<std::uint32_t>(tasks.count);
    cell.epoch = static_cast<std::uint32_t>(tasks.epoch);
    cell.hasItem = hasItem ? 1 : 0;
    if (hasItem) {
        const std::string_view item = tasks.items.front();
        cell.itemBytes = static_cast<std::uint8_t>(item.size());
        std::memcpy(cell.item.data(), item.data(), item.size());
    }
    return true;
}

bool readRequest(const RequestCell& cell, TasksMessage& tasks)
{
    if (cell.count > kMaxChunk || cell.hasItem > 1 || cell.itemBytes > cell.item.size() ||
        (cell.hasItem == 1 && cell.count != 1)) {
        return false;
    }
    tasks.first = cell.first;
    tasks.count = cell.count;
    tasks.epoch = cell.epoch;
    tasks.items.clear();
    if (cell.hasItem == 1) {
        tasks.items.emplace_back(cell.item.data(), cell.itemBytes);
    }
    return true;
}

namespace {

void putOutcome(const ResultMessage& result, ResultCell& cell) noexcept
{
    cell.index = result.index;
    cell.startNs = result.startNs;
    cell.runNs = result.endNs - result.startNs;
    cell.core = result.core;
    cell.state = static_cast<std::uint8_t>(result.state);
}

} // namespace

void putPlace(const ValuePlace& place, RequestCell& cell) noexcept
{
    cell.kind = static_cast<std::uint8_t>(RequestKind::Stored);
    cell.first = place.offset;
    cell.count = static_cast<std::uint32_t>(place.bytes);
}

void putPlace(const ResultMessage& result, const ValuePlace& place, ResultCell& cell) noexcept
{
    putOutcome(result, cell);
    cell.holds = ResultCell::Stored;
    cell.number = place.offset;
    std::memcpy(cell.text.data(), &place.bytes, sizeof(place.bytes));
}

std::optional<ValuePlace> readPlace(const RequestCell& cell) noexcept
{
    const ValuePlace place{cell.first, cell.count};
    return place.isPossible() ? std::optional(place) : std::nullopt;
}

std::optional<ValuePlace> readPlace(const ResultCell& cell) noexcept
{
    ValuePlace place{cell.number, 0};
    std::memcpy(&place.bytes, cell.text.data(), sizeof(place.bytes));
    return place.isPossible() && place.bytes <= kMaxTaskBytes ? std::optional(place) : std::nullopt;
}

bool putResult(const ResultMessage& result, ResultCell& cell) noexcept
{
    cell.holds = ResultCell::Message;
    const auto* text = std::get_if<std::string>(&result.value);
    if (!result.error.empty() || result.cost ||
        (text != nullptr && text->size() > cell.text.size())) {
        return false;
    }
    putOutcome(result, cell);
    if (const auto* integer = std::get_if<std::int64_t>(&result.value)) {
        cell.holds = ResultCell::Integer;
        cell.number = static_cast<std::uint64_t>(*integer);
    } else if (const auto* real = std::get_if<double>(&result.value)) {
        cell.holds = ResultCell::Real;
        cell.number = std::bit_cast<std::uint64_t>(*real);
    } else if (text != nullptr) {
        cell.holds = ResultCell::Text;
        cell.textBytes = static_cast<std::uint8_t>(text->size());
        std::memcpy(cell.text.data(), text->data(), text->size());
    } else {
        cell.holds = ResultCell::Nothing;
    }
    return true;
}

bool readResult(const ResultCell& cell, ResultMessage& result)
{
    const bool isPossible = cell.state >= static_cast<std::uint8_t>(TaskState::Done) &&
                            cell.state < kTaskStateCount && cell.startNs >= 0 && cell.runNs >= 0 &&
                            cell.runNs <= std::numeric_limits<Nanos>::max() - cell.startNs;
    if (!isPossible) {
        return false;
    }
    switch (cell.holds) {
    case ResultCell::Stored:
    case ResultCell::Nothing:
        result.value = std::monostate();
        break;
    case ResultCell::Integer:
        result.value = static_cast<std::int64_t>(cell.number);
        break;
    case ResultCell::Real:
        result.value = std::bit_cast<double>(cell.number);
        break;
    case ResultCell::Text:
        if (cell.textBytes > cell.text.size()) {
            return false;
        }
        result.value = std::string(cell.text.data(), cell.textBytes);
        break;
    default:
        return false;
    }
    result.index = cell.index;
    result.state = static_cast<TaskState>(cell.state);
    result.error.clear();
    result.startNs = cell.startNs;
    result.endNs = cell.startNs + cell.runNs;
    result.core = cell.core;
    result.cost.reset();
    return true;
}

} // namespace poolscope
