// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/io/chrome_tracks.h"
#include "core/task/value.h"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace poolscope {

/// Appends \p text as a JSON string, quotes included. Any bytes will do: what is not UTF-8 becomes
/// U+FFFD.
void appendJsonText(std::string& json, std::string_view text);

/// Writes the events of a Chrome trace one by one, each a line and an element of one JSON array
/// whose brackets are the caller's. An event is begun, gets its fields and then its arguments, and
/// is ended. One thread.
class JsonEventWriter
{
public:
    explicit JsonEventWriter(std::ostream& out)
        : m_out(out)
    {}

    /// \p phase as the format has it: X, s, f, C, i or M.
    void begin(char phase, std::string_view name, ChromeTrack track);
    void addTime(const char* key, Nanos time); ///< in microseconds with three decimals
    void addMillis(const char* key, Nanos duration); ///< in milliseconds with six decimals
    void addInteger(const char* key, std::int64_t value);
    void addText(const char* key, std::string_view value);
    void addValue(const char* key, const Value& value); ///< nothing: no field
    void beginArgs();
    void end();

    /// \return false once the stream takes no more: what follows would be for nothing.
    [[nodiscard]] bool isGood() const;

private:
    void beginField(const char* key);
    void addDecimal(const char* key, Nanos value, Nanos unit, int decimals);

    std::ostream& m_out;
    std::string m_line;
    bool m_isFirstEvent = true;
    bool m_isFirstField = true;
    bool m_hasArgs = false;
};

} // namespace poolscope
