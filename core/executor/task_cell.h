// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/cell_ring.h"
#include "core/executor/message.h"
#include "core/executor/value_area.h"

#include <array>
#include <cstdint>
#include <optional>

namespace poolscope {

// The short way between a pool and a worker process: what fits into a cell of shared memory needs neither a
// system call nor an encoding. What does not fit is a message (message.h), and a cell in its place
// says so; so everything keeps its order.

enum class RequestKind : std::uint8_t {
    Tasks = 1,
    Message, ///< the next one of the socket: a job, or tasks with long items
    Stored, ///< the body of a message of tasks with large items lies in the area: place is there
    Stop, ///< leave
};

/// From the pool: neighbouring tasks.
struct RequestCell
{
    static constexpr std::size_t kItemBytes = 45;

    std::uint64_t first;
    std::uint32_t count;
    std::uint32_t epoch; ///< see TaskClaim
    std::uint8_t kind; ///< RequestKind
    std::uint8_t hasItem; ///< 1: the item of the one task
    std::uint8_t itemBytes;
    std::array<char, kItemBytes> item;
};

/// From a worker: how one task ended.
struct ResultCell
{
    static constexpr std::size_t kTextBytes = 27;
    enum Holds : std::uint8_t {
        Nothing,
        Integer,
        Real,
        Text,
        Message, ///< the next one of the ring of bytes: a result that does not fit in here
        Stored, ///< a large text lies in the area: number is its offset, text begins with its length
    };

    std::uint64_t index;
    Nanos startNs; ///< CLOCK_MONOTONIC
    Nanos runNs;
    std::uint64_t number; ///< the bits of an integer or a real
    std::uint16_t core;
    std::uint8_t state; ///< TaskState
    std::uint8_t holds; ///< Holds
    std::uint8_t textBytes;
    std::array<char, kTextBytes> text;
};

static_assert(sizeof(RequestCell) == 64 && sizeof(ResultCell) == 64, "one line of the cache each");

using RequestRing = CellRing<RequestCell, 2048>;
using ResultRing = CellRing<ResultCell, 2048>;

/// Fills \p cell. \return false when it must go as a message; then \p cell says so.
bool putRequest(const TasksMessage& tasks, RequestCell& cell) noexcept;
bool putResult(const ResultMessage& result, ResultCell& cell) noexcept;

/// Makes \p cell say that a message of tasks lies at \p place of the area.
void putPlace(const ValuePlace& place, RequestCell& cell) noexcept;
/// The same of a result without an error whose value, a text, lies there.
void putPlace(const ResultMessage& result, const ValuePlace& place, ResultCell& cell) noexcept;
/// \return the place that a cell tells of which says Stored; nothing when that is not possible.
[[nodiscard]] std::optional<ValuePlace> readPlace(const RequestCell& cell) noexcept;
[[nodiscard]] std::optional<ValuePlace> readPlace(const ResultCell& cell) noexcept;

/// Reads a cell that says Tasks into \p tasks; its items point into \p cell. \return false when it makes no
/// sense.
[[nodiscard]] bool readRequest(const RequestCell& cell, TasksMessage& tasks);
/// Reads a cell that does not say Message into \p result, whose memory is used again; of one that says Stored
/// all but the value. \return false when it makes no sense.
[[nodiscard]] bool readResult(const ResultCell& cell, ResultMessage& result);

} // namespace poolscope
