// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/workload.h"

#include <cstdint>
#include <string>
#include <vector>

namespace poolscope {

/// A shared library of functions (poolscope_task.h) that was opened and found good.
struct FunctionLibrary
{
    std::string path; ///< absolute, links resolved
    std::uint64_t stamp = 0; ///< differs when another file lies there, or the file was written anew
    std::vector<Workload> workloads; ///< at least one; ids begin with "<library's id>."
};

/// Opens the library \p path; relative paths count from the current folder. It stays open until the process
/// ends, since workloads point into it. Runs the library's own initialisers, which could do anything: see
/// probeFunctionLibrary(). Any thread. About a millisecond.
///
/// Error: names the file, the problem (no such file, no shared library, no entry point, another version of
/// the header, a description that makes no sense) and what to do.
[[nodiscard]] Result<FunctionLibrary> openFunctionLibrary(const std::string& path);

} // namespace poolscope
