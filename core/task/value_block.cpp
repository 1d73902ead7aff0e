// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/value_block.h"

#include "core/task/codec.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string_view>
#include <utility>

namespace poolscope {

namespace {

constexpr std::size_t kNumberBytes = 8;
constexpr unsigned kKindBits = 8; ///< of the head; the rest is the count

/// \p numbers: where the first one lies.
template <class Number>
Number numberAt(const char* numbers, std::uint64_t index) noexcept
{
    Number number;
    static_assert(sizeof(number) == kNumberBytes);
    std::memcpy(&number, numbers + index * kNumberBytes, sizeof(number));
    return number;
}

} // namespace

ValueBlockWriter::ValueBlockWriter(std::uint64_t count)
    : m_count(count)
    , m_bytes(kHeadBytes, '\0')
{}

void ValueBlockWriter::putNumber(const void* number)
{
    const std::size_t end = kHeadBytes + m_added * kNumberBytes;
    if (end == m_bytes.size()) {
        m_bytes.resize(kHeadBytes +
                       std::max<std::uint64_t>({m_count, 2 * m_added, 1}) * kNumberBytes);
    }
    std::memcpy(m_bytes.data() + end, number, kNumberBytes);
    ++m_added;
}

void ValueBlockWriter::addOther(Value&& value)
{
    if (m_added == 0) {
        m_kind = std::holds_alternative<std::int64_t>(value)  ? Kind::Integers
                 : std::holds_alternative<double>(value)      ? Kind::Reals
                 : std::holds_alternative<std::string>(value) ? Kind::Mixed
                                                              : Kind::Nothing;
    }
    if (m_kind == Kind::Nothing && std::holds_alternative<std::monostate>(value)) {
        ++m_added;
        return;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value);
        integer != nullptr && m_kind == Kind::Integers) {
        putNumber(integer);
        m_isRoomForIntegers = true;
        return;
    }
    if (const auto* real = std::get_if<double>(&value); real != nullptr && m_kind == Kind::Reals) {
        putNumber(real);
        return;
    }
    mix();
    ByteWriter writer;
    writer.writeValue(value);
    m_bytes += writer.bytes();
    ++m_added;
}

/// From now on values are encoded one by one.
void ValueBlockWriter::mix()
{
    if (m_kind == Kind::Mixed) {
        return;
    }
    m_isRoomForIntegers = false;
    ByteWriter writer;
    const char* numbers = m_bytes.data() + kHeadBytes;
    for (std::uint64_t i = 0; i < m_added; ++i) {
        writer.writeValue(m_kind == Kind::Integers ? Value(numberAt<std::int64_t>(numbers, i))
                          : m_kind == Kind::Reals  ? Value(numberAt<double>(numbers, i))
                                                   : Value());
    }
    m_bytes.resize(kHeadBytes);
    m_bytes += writer.bytes();
    m_kind = Kind::Mixed;
}

std::string ValueBlockWriter::take() &&
{
    if (m_kind == Kind::Integers || m_kind == Kind::Reals) {
        m_bytes.resize(kHeadBytes + m_added * kNumberBytes);
    }
    const std::uint64_t head = m_added << kKindBits | static_cast<std::uint64_t>(m_kind);
    std::memcpy(m_bytes.data(), &head, sizeof(head));
    return std::move(m_bytes);
}

std::optional<ValueBlock> ValueBlock::read(std::string bytes)
{
    if (bytes.size() < kHeadBytes) {
        return std::nullopt;
    }
    std::uint64_t head = 0;
    std::memcpy(&head, bytes.data(), sizeof(head));
    ValueBlock block;
    block.m_count = head >> kKindBits;
    const std::uint64_t kind = head & ((1U << kKindBits) - 1);
    const std::size_t body = bytes.size() - kHeadBytes;
    if (kind > static_cast<std::uint64_t>(Kind::Mixed)) {
        return std::nullopt;
    }
    block.m_kind = static_cast<Kind>(kind);
    block.m_bytes = std::move(bytes);
    switch (block.m_kind) {
    case Kind::Nothing:
        return body == 0 ? std::optional(std::move(block)) : std::nullopt;
    case Kind::Integers:
    case Kind::Reals:
        return body % kNumberBytes == 0 && body / kNumberBytes == block.m_count
                   ? std::optional(std::move(block))
                   : std::nullopt;
    case Kind::Mixed:
        break;
    }
    ByteReader reader(std::string_view(block.m_bytes).substr(kHeadBytes));
    while (block.m_mixed.size() < block.m_count && !reader.isAtEnd() && !reader.hasFailed()) {
        block.m_mixed.push_back(reader.readValue());
    }
    if (reader.hasFailed() || !reader.isAtEnd() || block.m_mixed.size() != block.m_count) {
        return std::nullopt;
    }
    block.m_bytes.clear();
    return block;
}

/// Allocated memory is aligned enough, and a string that holds a number is too long for any other.
template <class Number>
std::span<const Number> ValueBlock::numbers() const noexcept
{
    return {reinterpret_cast<const Number*>(m_bytes.data() + kHeadBytes), m_count};
}

std::span<const std::int64_t> ValueBlock::integers() const noexcept
{
    return m_kind == Kind::Integers ? numbers<std::int64_t>() : std::span<const std::int64_t>{};
}

std::span<const double> ValueBlock::reals() const noexcept
{
    return m_kind == Kind::Reals ? numbers<double>() : std::span<const double>{};
}

Value ValueBlock::at(std::uint64_t index) const
{
    assert(index < m_count);
    switch (m_kind) {
    case Kind::Integers:
        return numberAt<std::int64_t>(m_bytes.data() + kHeadBytes, index);
    case Kind::Reals:
        return numberAt<double>(m_bytes.data() + kHeadBytes, index);
    case Kind::Mixed:
        return m_mixed[index];
    case Kind::Nothing:
        break;
    }
    return {};
}

} // namespace poolscope
