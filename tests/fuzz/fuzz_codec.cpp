// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The encoding of tasks, messages and run files. The first byte says what the rest is read as.

#include "core/task/codec.h"
#include "tests/fuzz/fuzz_target.h"

#include <string>

namespace poolscope::fuzz {

namespace {

/// Reads one of each again and again and writes it again.
std::string copyItems(ByteReader& in)
{
    ByteWriter out;
    while (!in.hasFailed() && !in.isAtEnd()) {
        out.writeUnsigned(in.readUnsigned());
        out.writeSigned(in.readSigned());
        out.writeReal(in.readReal());
        out.writeText(in.readText());
        out.writeValue(in.readValue());
    }
    return out.takeBytes();
}

std::string copyParams(ByteReader& in)
{
    ByteWriter out;
    while (!in.hasFailed() && !in.isAtEnd()) {
        out.writeParams(in.readParams());
    }
    return out.takeBytes();
}

} // namespace

bool tryInput(std::string_view bytes)
{
    if (bytes.empty()) {
        return false;
    }
    const auto copy = bytes.front() % 2 == 0 ? copyItems : copyParams;
    ByteReader reader(bytes.substr(1));
    const std::string once = copy(reader);
    if (reader.hasFailed()) {
        mustHold(reader.isAtEnd() && reader.readText().empty() && reader.readUnsigned() == 0,
                 "a failed reader gives nothing");
        return false;
    }
    mustHold(once.size() < bytes.size(), "no encoding is shorter than the writer's");
    ByteReader again(once);
    mustHold(copy(again) == once && !again.hasFailed(), "what was written is read as the same");
    return true;
}

} // namespace poolscope::fuzz
