// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/result_column.h"

#include "core/task/codec.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace poolscope {

namespace {

// A cell: what it holds in the low bits, above them the number or the place in the arena.
constexpr unsigned kTagBits = 3;
constexpr std::uint64_t kTagMask = (std::uint64_t{1} << kTagBits) - 1;

enum Tag : std::uint64_t {
    NoneTag,
    IntegerTag, ///< signed, 61 bits
    ValueTag,
    ErrorTag,
};

constexpr std::uint64_t cell(Tag tag, std::uint64_t payload)
{
    return (payload << kTagBits) | tag;
}

constexpr std::int64_t integerOf(std::uint64_t cell)
{
    return static_cast<std::int64_t>(cell) >> kTagBits; // keeps the sign
}

constexpr bool fitsInCell(std::int64_t number)
{
    return integerOf(cell(IntegerTag, static_cast<std::uint64_t>(number))) == number;
}

} // namespace

void ResultColumn::append(std::size_t index, const Value& value, std::string_view error)
{
    std::size_t first = m_first.load(std::memory_order_relaxed);
    if (first == kNone) {
        if (error.empty() && std::holds_alternative<std::monostate>(value)) {
            return;
        }
        first = index;
    }
    std::uint64_t* slot = m_cells.slot(index - first);
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (!error.empty()) {
        *slot = cell(ErrorTag, storeBytes(error));
    } else if (integer != nullptr && fitsInCell(*integer)) {
        *slot = cell(IntegerTag, static_cast<std::uint64_t>(*integer));
    } else if (std::holds_alternative<std::monostate>(value)) {
        *slot = cell(NoneTag, 0);
    } else {
        *slot = cell(ValueTag, storeValue(value));
    }
    m_first.store(first, std::memory_order_relaxed); // the lane's count publishes it
}

/// A text, which may be large, is not copied twice.
std::uint64_t ResultColumn::storeValue(const Value& value)
{
    ByteWriter writer;
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) {
        writer.writeValue(value);
        return storeBytes(writer.bytes());
    }
    writer.writeTextHead(text->size());
    return storeBytes(writer.bytes(), *text);
}

TaskResult ResultColumn::read(std::size_t index) const
{
    const std::size_t first = m_first.load(std::memory_order_relaxed);
    if (index < first) {
        return {};
    }
    const std::uint64_t content = m_cells[index - first];
    switch (content & kTagMask) {
    case IntegerTag:
        return {integerOf(content), {}};
    case ValueTag: {
        const std::string bytes = readBytes(content >> kTagBits);
        return {ByteReader(bytes).readValue(), {}};
    }
    case ErrorTag:
        return {{}, readBytes(content >> kTagBits)};
    default:
        return {};
    }
}

std::size_t ResultColumn::allocatedBytes() const
{
    return m_cells.allocatedBytes() + m_arena.allocatedBytes();
}

// In the arena lie the length (8 bytes, of this machine) and the bytes, across chunks if need be.
std::uint64_t ResultColumn::storeBytes(std::string_view bytes, std::string_view more)
{
    const std::uint64_t offset = m_arenaSize;
    const std::uint64_t length = bytes.size() + more.size();
    std::array<char, sizeof(length)> header{};
    if (header.size() + length > m_arena.kCapacity - offset) {
        throw std::length_error("ResultColumn: full"); // before the arena fills up for nothing
    }
    std::memcpy(header.data(), &length, sizeof(length));
    std::uint64_t end = writePieces(offset, {header.data(), header.size()});
    end = writePieces(end, bytes);
    end = writePieces(end, more);
    m_arenaSize = end; // last: what threw before has not happened
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

std::string ResultColumn::readBytes(std::uint64_t offset) const
{
    std::uint64_t length = 0;
    std::array<char, sizeof(length)> header{};
    readPieces(offset, header.data(), header.size());
    std::memcpy(&length, header.data(), sizeof(length));
    std::string bytes(length, '\0');
    readPieces(offset + header.size(), bytes.data(), bytes.size());
    return bytes;
}

} // namespace poolscope
