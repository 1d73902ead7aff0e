// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Queries for tasks and times with units, as people type them into the window.

#include "core/analysis/task_query.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace poolscope::fuzz {

namespace {

void checkError(std::string_view message, std::size_t bytes)
{
    constexpr std::string_view kBegin = "At character ";
    mustHold(message.substr(0, kBegin.size()) == kBegin, "an error says where it is");
    std::size_t at = 0;
    const char* const number = message.data() + kBegin.size();
    const auto [end, fault] = std::from_chars(number, message.data() + message.size(), at);
    mustHold(fault == std::errc() && *end == ':', "the place is a number");
    mustHold(at >= 1 && at <= bytes + 1, "the place is in the line");
}

} // namespace

bool tryInput(std::string_view bytes)
{
    if (const std::optional<Nanos> time = parseDuration(bytes)) {
        mustHold(*time >= 0, "no time is negative");
        mustHold(parseDuration("  " + std::string(bytes) + ' ') == time, "blanks do not matter");
    }
    const Result<TaskQuery> read = parseTaskQuery(bytes);
    if (!read) {
        checkError(read.error().message, bytes.size());
        return false;
    }
    const TaskQuery& query = read.value();
    mustHold(std::ranges::is_sorted(query.tasks), "tasks are sorted");
    for (const std::string& word : query.words) {
        mustHold(!word.empty() && lowerCase(word) == word, "a word is in lower case");
    }
    const Result<TaskQuery> again = parseTaskQuery('\t' + std::string(bytes) + "  ");
    mustHold(again && again.value() == query, "blanks around the line do not matter");
    return true;
}

} // namespace poolscope::fuzz
