// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/param.h"
#include "core/task/value.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace poolscope {

/// Appends values to a byte string. Integers are little-endian base-128 varints (signed ones
/// zigzag), reals 8 bytes IEEE little-endian, text a length and its bytes.
class ByteWriter
{
public:
    void writeUnsigned(std::uint64_t value);
    void writeSigned(std::int64_t value);
    void writeReal(double value);
    void writeText(std::string_view text);
    void writeValue(const Value& value);
    /// What writeValue() writes of a text of \p bytes bytes before these.
    void writeTextHead(std::size_t bytes);
    void writeParams(const ParamSet& params);

    [[nodiscard]] const std::string& bytes() const { return m_bytes; }
    [[nodiscard]] std::string takeBytes() { return std::move(m_bytes); }
    void clear() { m_bytes.clear(); }

private:
    std::string m_bytes;
};

/// Reads what ByteWriter wrote. Never reads past the end: the first malformed item turns hasFailed()
/// on, and from then on every read gives zero or nothing.
class ByteReader
{
public:
    /// \p bytes must stay alive as long as the reader and the views it gives.
    explicit ByteReader(std::string_view bytes)
        : m_rest(bytes)
    {}

    std::uint64_t readUnsigned();
    std::int64_t readSigned();
    double readReal();
    std::string_view readText();
    Value readValue();
    ParamSet readParams();

    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }
    [[nodiscard]] bool isAtEnd() const { return m_rest.empty(); }

private:
    void fail();

    std::string_view m_rest;
    bool m_hasFailed = false;
};

} // namespace poolscope
