// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A function in C++: one task a file, as many tasks as there are files.

#include <poolscope_task.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<std::string> files(poolscope_call* call)
{
    std::vector<std::string> files;
    std::istringstream lines(call->text(call, "input"));
    for (std::string line; std::getline(lines, line);) {
        files.push_back(line);
    }
    return files;
}

} // namespace

extern "C" std::uint64_t plan_word_count(poolscope_call* call)
{
    const std::uint64_t count = files(call).size();
    if (count == 0) {
        call->fail(call, "name at least one file under \"input\"");
    }
    return count;
}

extern "C" void word_count(poolscope_call* call)
{
    const std::string path = files(call).at(call->index);
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("cannot read " + path);
    }
    const bool isCapitalWanted = std::string_view(call->text(call, "first")) == "capital";
    std::int64_t count = 0;
    for (std::string word; file >> word && call->should_stop(call) == 0;) {
        const bool isCapital = word.front() >= 'A' && word.front() <= 'Z';
        count += isCapital || !isCapitalWanted ? 1 : 0;
    }
    call->give_integer(call, count);
}
