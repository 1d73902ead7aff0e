// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/result_column.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace poolscope {

namespace {

// A cell: what it holds in the low bits, above them the number or the place in the arena, in steps of 8 bytes.
constexpr unsigned kTagBits = 3;
constexpr std::uint32_t kTagMask = (std::uint32_t{1} << kTagBits) - 1;
constexpr std::uint64_t kArenaStep = 8;
constexpr std::uint64_t kArenaBytes = kArenaStep << (32 - kTagBits);

enum Tag : std::uint32_t {
    NoneTag,
    IntegerTag, ///< signed, 29 bits
    WideIntegerTag,
    RealTag,
    TextTag,
    ErrorTag,
};

constexpr std::uint32_t integerCell(std::int64_t number)
{
    return (static_cast<std::uint32_t>(number) << kTagBits) | IntegerTag;
}

constexpr std::int64_t integerOf(std::uint32_t cell)
{
    return static_cast<std::int32_t>(cell) >> kTagBits; // keeps the sign
}

constexpr std::uint32_t placeCell(Tag tag, std::uint64_t offset)
{
    return (static_cast<std::uint32_t>(offset / kArenaStep) << kTagBits) | tag;
}

constexpr std::uint64_t offsetOf(std::uint32_t cell)
{
    return (cell >> kTagBits) * kArenaStep;
}

} // namespace

void ResultColumn::store(std::size_t index, const Value& value, std::string_view error)
{
    std::size_t first = m_first.load(std::memory_order_relaxed);
    if (first == kNone) {
        first = index;
    }
    std::uint32_t* slot = m_cells.slot(index - first);
    *slot = error.empty() ? storeValue(value) : placeCell(ErrorTag, storeText(error));
    m_first.store(first, std::memory_order_relaxed); // the lane's count publishes it
}

/// \return the cell.
std::uint32_t ResultColumn::storeValue(const Value& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        const std::uint32_t cell = integerCell(*integer);
        return integerOf(cell) == *integer
                   ? cell
                   : placeCell(WideIntegerTag, storeNumber(static_cast<std::uint64_t>(*integer)));
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return placeCell(RealTag, storeNumber(std::bit_cast<std::uint64_t>(*real)));
    }
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? placeCell(TextTag, storeText(*text)) : std::uint32_t{NoneTag};
}

TaskResult ResultColumn::read(std::size_t index) const
{
    const std::size_t first = m_first.load(std::memory_order_relaxed);
    if (index < first) {
        return {};
    }
    const std::uint32_t cell = m_cells[index - first];
    switch (cell & kTagMask) {
    case IntegerTag:
        return {integerOf(cell), {}};
    case WideIntegerTag:
        return {static_cast<std::int64_t>(readNumber(offsetOf(cell))), {}};
    case RealTag:
        return {std::bit_cast<double>(readNumber(offsetOf(cell))), {}};
    case TextTag:
        return {readText(offsetOf(cell)), {}};
    case ErrorTag:
        return {{}, readText(offsetOf(cell))};
    default:
        return {};
    }
}

void ResultColumn::letGoBefore(std::size_t index, std::vector<MemoryPiece>& pieces)
{
    const std::size_t first = m_first.load(std::memory_order_relaxed);
    if (first == kNone || index <= first) {
        return;
    }
    for (; m_letGoCells < index - first; ++m_letGoCells) {
        const std::uint32_t cell = m_cells[m_letGoCells];
        if ((cell & kTagMask) != NoneTag && (cell & kTagMask) != IntegerTag) {
            m_letGoArena = offsetOf(cell);
        }
    }
    m_cells.letGoBefore(m_letGoCells, pieces);
    m_arena.letGoBefore(m_letGoArena, pieces);
}

std::size_t ResultColumn::allocatedBytes() const
{
    return m_cells.allocatedBytes() + m_arena.allocatedBytes();
}

// Everything in the arena begins at a step of 8 bytes: what is 8 bytes long never lies in two chunks.

std::uint64_t ResultColumn::storeNumber(std::uint64_t bits)
{
    const std::uint64_t offset = m_arenaSize;
    if (sizeof(bits) > kArenaBytes - offset) {
        throw std::length_error("ResultColumn: full");
    }
    std::memcpy(m_arena.slot(offset), &bits, sizeof(bits));
    m_arenaSize = offset + sizeof(bits);
    return offset;
}

std::uint64_t ResultColumn::readNumber(std::uint64_t offset) const
{
    std::uint64_t bits = 0;
    std::memcpy(&bits, m_arena.data(offset), sizeof(bits));
    return bits;
}

// The length and the bytes, across chunks if need be.
std::uint64_t ResultColumn::storeText(std::string_view text)
{
    const std::uint64_t offset = m_arenaSize;
    if (sizeof(std::uint64_t) + text.size() > kArenaBytes - offset) {
        throw std::length_error("ResultColumn: full"); // before the arena fills up for nothing
    }
    const std::uint64_t length = text.size();
    std::memcpy(m_arena.slot(offset), &length, sizeof(length));
    const std::uint64_t end = writePieces(offset + sizeof(length), text);
    // Last: what threw before has not happened.
    m_arenaSize = (end + kArenaStep - 1) / kArenaStep * kArenaStep;
    return offset;
}

std::uint64_t ResultColumn::writePieces(std::uint64_t offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t piece = std::min(bytes.size(), m_arena.contiguousFrom(offset));
        std::memcpy(m_arena.slot(offset), bytes.data(), piece);
        bytes.remove_prefix(piece);
        offset += piece;
    }
    return offset;
}

void ResultColumn::readPieces(std::uint64_t offset, char* target, std::size_t size) const
{
    while (size > 0) {
        const std::size_t piece = std::min(size, m_arena.contiguousFrom(offset));
        std::memcpy(target, m_arena.data(offset), piece);
        target += piece;
        size -= piece;
        offset += piece;
    }
}

std::string ResultColumn::readText(std::uint64_t offset) const
{
    std::string text(readNumber(offset), '\0');
    readPieces(offset + sizeof(std::uint64_t), text.data(), text.size());
    return text;
}

} // namespace poolscope
