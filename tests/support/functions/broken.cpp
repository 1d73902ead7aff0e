// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Libraries of functions as they should not be; POOLSCOPE_FAULT says in which way.

#include "core/task/poolscope_task.h"

#include <cstdlib>

namespace {

enum Fault {
    no_entry_point = 1,
    null_description,
    other_version,
    malformed,
    missing_symbol,
    crash_on_open,
    exit_on_open,
};

constexpr Fault kFault = POOLSCOPE_FAULT;

[[maybe_unused]] void run(poolscope_call* /*call*/) {}

[[maybe_unused]] const poolscope_param kParams[] = {
    {"size", nullptr, nullptr, nullptr, POOLSCOPE_REAL, "2", 0, 1, nullptr}, {}};

[[maybe_unused]] const poolscope_function kFunctions[] = {
    {"function", nullptr, nullptr, kFault == malformed ? kParams : nullptr, nullptr, run, 0}, {}};

[[maybe_unused]] const poolscope_library kLibrary{
    kFault == other_version ? POOLSCOPE_TASK_VERSION + 1 : POOLSCOPE_TASK_VERSION, "broken",
    kFunctions};

/// Does its harm before anybody asked for anything.
struct Opened
{
    Opened()
    {
        if (kFault == crash_on_open) {
            std::abort();
        }
        if (kFault == exit_on_open) {
            std::exit(0);
        }
    }
};

[[maybe_unused]] const Opened kOpened;

} // namespace

#ifdef POOLSCOPE_HAS_ENTRY_POINT

#ifdef POOLSCOPE_NEEDS_SYMBOL
extern "C" int poolscope_test_defined_nowhere();
#endif

const poolscope_library* poolscope_functions()
{
#ifdef POOLSCOPE_NEEDS_SYMBOL
    if (poolscope_test_defined_nowhere() != 0) {
        return nullptr;
    }
#endif
    return kFault == null_description ? nullptr : &kLibrary;
}

#endif
