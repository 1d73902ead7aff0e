// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The memory that a pool and a worker share, as the other side may have left it. The first byte says which
// ring it is (even: requests, odd: results), the next four the count of written cells, the rest are cells.

#include "core/executor/task_cell.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace poolscope::fuzz {

namespace {

bool isSound(const RequestCell& cell)
{
    if (cell.kind == static_cast<std::uint8_t>(RequestKind::Stored)) {
        const std::optional<ValuePlace> place = readPlace(cell);
        mustHold(!place || place->isPossible(), "a place lies in the area");
        return place.has_value();
    }
    if (cell.kind != static_cast<std::uint8_t>(RequestKind::Tasks)) {
        return cell.kind == static_cast<std::uint8_t>(RequestKind::Message) ||
               cell.kind == static_cast<std::uint8_t>(RequestKind::Stop);
    }
    TasksMessage tasks;
    if (!readRequest(cell, tasks)) {
        return false;
    }
    RequestCell again{};
    mustHold(putRequest(tasks, again), "what was read from a cell fits into one");
    TasksMessage copy;
    mustHold(readRequest(again, copy) && copy.first == tasks.first && copy.count == tasks.count &&
                 copy.epoch == tasks.epoch && copy.items == tasks.items,
             "what was put in comes out as the same");
    return true;
}

bool isSound(const ResultCell& cell)
{
    ResultMessage result;
    if (cell.holds == ResultCell::Message) {
        return true;
    }
    if (!readResult(cell, result)) {
        return false;
    }
    mustHold(hasEnded(result.state) && result.startNs >= 0 && result.endNs >= result.startNs,
             "a result is possible");
    if (cell.holds == ResultCell::Stored) {
        const std::optional<ValuePlace> place = readPlace(cell);
        mustHold(!place || (place->isPossible() && place->bytes <= kMaxTaskBytes),
                 "a place lies in the area");
        return place.has_value();
    }
    ResultCell again{};
    mustHold(putResult(result, again), "what was read from a cell fits into one");
    ResultMessage copy;
    mustHold(readResult(again, copy) && copy.index == result.index && copy.state == result.state &&
                 copy.startNs == result.startNs && copy.endNs == result.endNs &&
                 copy.core == result.core && copy.value.index() == result.value.index(),
             "what was put in comes out as the same");
    return true;
}

template <class Ring>
bool tryRing(std::uint32_t written, std::string_view bytes)
{
    static_assert(sizeof(typename Ring::CellType) == 64);
    const auto ring = std::make_unique<Ring>();
    std::memcpy(ring->cells.data(), bytes.data(), std::min(bytes.size(), sizeof(ring->cells)));
    ring->written.store(written);
    CellReader<Ring> reader(*ring);
    if (reader.waiting() > Ring::kCount) {
        return false;
    }
    bool areSound = written == bytes.size() / sizeof(typename Ring::CellType) &&
                    bytes.size() % sizeof(typename Ring::CellType) == 0;
    while (reader.waiting() > 0) {
        areSound = isSound(reader.take()) && areSound;
    }
    reader.release();
    mustHold(ring->read.load() == written, "what was written is read, and no more");
    return areSound;
}

} // namespace

bool tryInput(std::string_view bytes)
{
    std::uint32_t written = 0;
    if (bytes.size() < 1 + sizeof(written)) {
        return false;
    }
    std::memcpy(&written, bytes.data() + 1, sizeof(written));
    const std::string_view cells = bytes.substr(1 + sizeof(written));
    const bool areRequests = static_cast<unsigned char>(bytes[0]) % 2 == 0;
    return areRequests ? tryRing<RequestRing>(written, cells) : tryRing<ResultRing>(written, cells);
}

} // namespace poolscope::fuzz
