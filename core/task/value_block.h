// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/value.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace poolscope {

// The results of a chunk of items as one block of bytes, 8 bytes a number. A head of 8 bytes (what the block
// holds, and how many of it) comes first; then whole numbers or reals, 8 bytes each, or nothing, or any values in
// the encoding of codec.h. It never leaves the machine: numbers are as the processor has them.

/// Puts values into a block.
class ValueBlockWriter
{
public:
    /// \p count: values that will be added.
    explicit ValueBlockWriter(std::uint64_t count);

    void add(Value&& value)
    {
        const auto* integer = std::get_if<std::int64_t>(&value);
        if (integer != nullptr && m_isRoomForIntegers && m_added < m_count) [[likely]] {
            std::memcpy(m_bytes.data() + kHeadBytes + m_added * sizeof(*integer), integer,
                        sizeof(*integer));
            ++m_added;
        } else {
            addOther(std::move(value));
        }
    }
    /// \return the block. Nothing can be added after that.
    [[nodiscard]] std::string take() &&;

private:
    friend class ValueBlock;
    enum class Kind : std::uint8_t { Nothing, Integers, Reals, Mixed };

    static constexpr std::size_t kHeadBytes = 8;

    void addOther(Value&& value);
    void putNumber(const void* number);
    void mix();

    Kind m_kind = Kind::Nothing;
    bool m_isRoomForIntegers = false; ///< for m_count of them
    std::uint64_t m_count; ///< expected
    std::uint64_t m_added = 0;
    std::string m_bytes;
};

/// Values of a block, in order.
class ValueBlock
{
public:
    ValueBlock() = default;
    /// \return nothing when \p bytes is no block.
    [[nodiscard]] static std::optional<ValueBlock> read(std::string bytes);

    [[nodiscard]] std::uint64_t size() const noexcept { return m_count; }
    /// \return all of them, when all are whole numbers, or reals; else nothing. Valid as long as the block.
    [[nodiscard]] std::span<const std::int64_t> integers() const noexcept;
    [[nodiscard]] std::span<const double> reals() const noexcept;
    /// \p index: below size().
    [[nodiscard]] Value at(std::uint64_t index) const;

private:
    using Kind = ValueBlockWriter::Kind;
    static constexpr std::size_t kHeadBytes = ValueBlockWriter::kHeadBytes;

    template <class Number>
    [[nodiscard]] std::span<const Number> numbers() const noexcept;

    std::string m_bytes;
    Kind m_kind = Kind::Nothing;
    std::uint64_t m_count = 0;
    std::vector<Value> m_mixed; ///< decoded
};

} // namespace poolscope
