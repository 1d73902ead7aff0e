// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/codec.h"

#include <bit>

namespace poolscope {
namespace {

/// What kind of value follows; part of the format of messages and trace files.
enum class Tag : std::uint8_t { Nothing, Integer, Real, Text };

struct WriteValue
{
    ByteWriter& writer;

    void operator()(std::monostate) const { writeTag(Tag::Nothing); }
    void operator()(std::int64_t number) const
    {
        writeTag(Tag::Integer);
        writer.writeSigned(number);
    }
    void operator()(double number) const
    {
        writeTag(Tag::Real);
        writer.writeReal(number);
    }
    void operator()(const std::string& text) const
    {
        writeTag(Tag::Text);
        writer.writeText(text);
    }
    void writeTag(Tag tag) const { writer.writeUnsigned(static_cast<std::uint64_t>(tag)); }
};

struct ToParamValue
{
    std::optional<ParamValue> operator()(std::monostate) const { return std::nullopt; }
    template <class T>
    std::optional<ParamValue> operator()(T& value) const
    {
        return ParamValue(std::move(value));
    }
};

} // namespace

void ByteWriter::writeUnsigned(std::uint64_t value)
{
    while (value >= 0x80) {
        m_bytes += static_cast<char>((value & 0x7f) | 0x80);
        value >>= 7;
    }
    m_bytes += static_cast<char>(value);
}

void ByteWriter::writeSigned(std::int64_t value)
{
    // Zigzag: 0, -1, 1, -2, … become 0, 1, 2, 3, …
    writeUnsigned((static_cast<std::uint64_t>(value) << 1) ^
                  static_cast<std::uint64_t>(value >> 63));
}

void ByteWriter::writeReal(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) {
        m_bytes += static_cast<char>((bits >> shift) & 0xff);
    }
}

void ByteWriter::writeText(std::string_view text)
{
    writeUnsigned(text.size());
    m_bytes += text;
}

void ByteWriter::writeValue(const Value& value)
{
    std::visit(WriteValue{*this}, value);
}

void ByteWriter::writeTextHead(std::size_t bytes)
{
    WriteValue{*this}.writeTag(Tag::Text);
    writeUnsigned(bytes);
}

void ByteWriter::writeParams(const ParamSet& params)
{
    writeUnsigned(params.values().size());
    for (const auto& [id, value] : params.values()) {
        writeText(id);
        std::visit(WriteValue{*this}, value);
    }
}

std::uint64_t ByteReader::readUnsigned()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        const std::uint64_t digit = byte & 0x7fU;
        if ((digit << shift) >> shift != digit) {
            break; // more than 64 bits
        }
        value |= digit << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    fail();
    return 0;
}

std::int64_t ByteReader::readSigned()
{
    const std::uint64_t zigzag = readUnsigned();
    return static_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

double ByteReader::readReal()
{
    constexpr std::size_t kBytes = 8;
    if (m_rest.size() < kBytes) {
        fail();
        return 0;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < kBytes; ++i) {
        bits |= std::uint64_t{static_cast<std::uint8_t>(m_rest[i])} << (8 * i);
    }
    m_rest.remove_prefix(kBytes);
    return std::bit_cast<double>(bits);
}

std::string_view ByteReader::readText()
{
    const std::uint64_t size = readUnsigned();
    if (size > m_rest.size()) {
        fail();
        return {};
    }
    const std::string_view text = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return text;
}

Value ByteReader::readValue()
{
    switch (readUnsigned()) {
    case static_cast<std::uint64_t>(Tag::Nothing):
        return {};
    case static_cast<std::uint64_t>(Tag::Integer):
        return readSigned();
    case static_cast<std::uint64_t>(Tag::Real):
        return readReal();
    case static_cast<std::uint64_t>(Tag::Text):
        return std::string(readText());
    default:
        fail();
        return {};
    }
}

ParamSet ByteReader::readParams()
{
    ParamSet params;
    // A wrong count ends the loop at the end of the bytes.
    for (std::uint64_t left = readUnsigned(); left > 0 && !m_hasFailed; --left) {
        const std::string id(readText());
        Value read = readValue();
        std::optional<ParamValue> value = std::visit(ToParamValue{}, read);
        if (!value || params.find(id) != nullptr) {
            fail();
        } else {
            params.set(id, *std::move(value));
        }
    }
    return m_hasFailed ? ParamSet{} : params;
}

void ByteReader::fail()
{
    m_hasFailed = true;
    m_rest = {};
}

} // namespace poolscope
