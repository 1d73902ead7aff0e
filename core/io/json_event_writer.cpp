// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/json_event_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ostream>

namespace poolscope {

namespace {

bool isPlain(char letter)
{
    return letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\';
}

template <class Integer>
void appendInteger(std::string& json, Integer value)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    json.append(digits.data(), end);
}

struct AppendValue
{
    std::string& json;

    void operator()(std::monostate) const { json += "null"; }
    void operator()(std::int64_t number) const { appendInteger(json, number); }
    void operator()(double number) const
    {
        if (std::isfinite(number)) {
            json += toText(Value{number});
        } else {
            appendJsonText(json, toText(Value{number})); // JSON has no word for it
        }
    }
    void operator()(const std::string& text) const { appendJsonText(json, text); }
};

} // namespace

void appendJsonText(std::string& json, std::string_view text)
{
    // Nearly all text is plain, and then there is nothing to escape.
    if (std::ranges::all_of(text, isPlain)) {
        json += '"';
        json += text;
        json += '"';
        return;
    }
    const nlohmann::json value = text;
    json += value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JsonEventWriter::begin(char phase, std::string_view name, ChromeTrack track)
{
    m_line += m_isFirstEvent ? "\n{" : ",\n{";
    m_isFirstEvent = false;
    m_isFirstField = true;
    addText("ph", std::string_view{&phase, 1});
    addText("name", name);
    addInteger("pid", track.processId);
    addInteger("tid", track.threadId);
}

void JsonEventWriter::addTime(const char* key, Nanos time)
{
    addDecimal(key, time, kNanosPerMicro, 3);
}

void JsonEventWriter::addMillis(const char* key, Nanos duration)
{
    addDecimal(key, duration, kNanosPerMilli, 6);
}

void JsonEventWriter::addDecimal(const char* key, Nanos value, Nanos unit, int decimals)
{
    beginField(key);
    if (value < 0) {
        m_line += '-';
        value = -value;
    }
    appendInteger(m_line, value / unit);
    m_line += '.';
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value % unit).ptr;
    m_line.append(static_cast<std::size_t>(decimals - (end - digits.data())), '0');
    m_line.append(digits.data(), end);
}

void JsonEventWriter::addInteger(const char* key, std::int64_t value)
{
    beginField(key);
    appendInteger(m_line, value);
}

void JsonEventWriter::addText(const char* key, std::string_view value)
{
    beginField(key);
    appendJsonText(m_line, value);
}

void JsonEventWriter::addValue(const char* key, const Value& value)
{
    if (!std::holds_alternative<std::monostate>(value)) {
        beginField(key);
        std::visit(AppendValue{m_line}, value);
    }
}

void JsonEventWriter::beginArgs()
{
    beginField("args");
    m_line += '{';
    m_isFirstField = true;
    m_hasArgs = true;
}

void JsonEventWriter::end()
{
    m_line += m_hasArgs ? "}}" : "}";
    m_hasArgs = false;
    m_out.write(m_line.data(), static_cast<std::streamsize>(m_line.size()));
    m_line.clear();
}

bool JsonEventWriter::isGood() const
{
    return m_out.good();
}

void JsonEventWriter::beginField(const char* key)
{
    m_line += m_isFirstField ? "\"" : ",\"";
    m_isFirstField = false;
    m_line += key;
    m_line += "\":";
}

} // namespace poolscope
