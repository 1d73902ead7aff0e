// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A library of functions as it should be: one function for each thing that a function can do.

#include "core/task/poolscope_task.h"

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>

namespace {

constexpr std::uint64_t kFatalIndex = 7;

void echo(poolscope_call* call)
{
    std::string all = std::to_string(call->integer(call, "count")) + ' ';
    all += std::to_string(call->real(call, "size")) + ' ';
    all += std::string(call->text(call, "name")) + ' ' + call->text(call, "files") + ' ';
    all += std::string(call->text(call, "way")) + ' ' + std::to_string(call->index) + ' ';
    call->give_text(call, (all + std::to_string(call->seed)).c_str());
}

void twice(poolscope_call* call)
{
    call->give_integer(call, static_cast<std::int64_t>(call->index * 2));
}

void half(poolscope_call* call)
{
    call->progress(call, 0.5, "half");
    call->give_real(call, static_cast<double>(call->index) / 2);
}

void nothing(poolscope_call* /*call*/) {}

void fails(poolscope_call* call)
{
    call->fail(call, "failed on purpose");
    call->fail(call, "and once more");
    call->give_integer(call, 1);
}

void throws(poolscope_call* /*call*/)
{
    throw std::runtime_error("thrown on purpose");
}

void asksWrongly(poolscope_call* call)
{
    call->give_integer(call, call->integer(call, "nobody"));
}

void untilStopped(poolscope_call* call)
{
    const timespec moment{0, 1'000'000};
    while (call->should_stop(call) == 0) {
        ::nanosleep(&moment, nullptr);
    }
}

void crashes(poolscope_call* call)
{
    if (call->index == kFatalIndex) {
        std::abort();
    }
    twice(call);
}

std::uint64_t plan(poolscope_call* call)
{
    const std::int64_t rows = call->integer(call, "rows");
    if (rows == 13) {
        call->fail(call, "13 rows bring bad luck");
    }
    if (rows == 14) {
        throw std::runtime_error("14 rows throw");
    }
    return static_cast<std::uint64_t>(rows) * 2;
}

const poolscope_choice kWays[] = {{"first", "The first way"}, {"second", nullptr}, {}};

const poolscope_param kEchoParams[] = {
    {"count", "Count", "How many.", "pieces", POOLSCOPE_INTEGER, "3", 1, 10, nullptr},
    {"size", nullptr, nullptr, nullptr, POOLSCOPE_REAL, "0.5", 0, 1, nullptr},
    {"name", nullptr, nullptr, nullptr, POOLSCOPE_TEXT, "nobody", 0, 0, nullptr},
    {"files", nullptr, nullptr, nullptr, POOLSCOPE_PATHS, nullptr, 0, 0, nullptr},
    {"way", nullptr, nullptr, nullptr, POOLSCOPE_CHOICE, "second", 0, 0, kWays},
    {}};

const poolscope_param kRows[] = {
    {"rows", nullptr, nullptr, nullptr, POOLSCOPE_INTEGER, "4", 1, 100, nullptr}, {}};

const poolscope_function kFunctions[] = {
    {"echo", "Echo", "Gives back all that it gets.", kEchoParams, nullptr, echo, 0},
    {"twice", nullptr, nullptr, nullptr, nullptr, twice, 0},
    {"half", nullptr, nullptr, nullptr, nullptr, half, 0},
    {"nothing", nullptr, nullptr, nullptr, nullptr, nothing, 0},
    {"fails", nullptr, nullptr, nullptr, nullptr, fails, 0},
    {"throws", nullptr, nullptr, nullptr, nullptr, throws, 0},
    {"asks_wrongly", nullptr, nullptr, nullptr, nullptr, asksWrongly, 0},
    {"until_stopped", nullptr, nullptr, nullptr, nullptr, untilStopped, 0},
    {"crashes", "Crash", "Crashes in one task.", nullptr, nullptr, crashes, 0},
    {"planned", nullptr, nullptr, kRows, plan, twice, 0},
    {}};

const poolscope_library kLibrary{POOLSCOPE_TASK_VERSION, "test", kFunctions};

} // namespace

const poolscope_library* poolscope_functions()
{
    return &kLibrary;
}
