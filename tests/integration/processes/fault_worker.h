// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace poolscope::test {

/// fault_worker is a worker program with one workload, whose tasks do what their item says:
///   quick: gives its index · hang: never returns, whatever it is asked · throw, throw int · abort ·
///   exit: leaves with status 3 · text <bytes>: gives that much text ·
///   child, daemon: give the process id of a process that they have started, which never ends; the
///   daemon is in a session of its own and has lost its parent
inline constexpr const char* kFaultWorkload = "fault";
inline constexpr std::uint64_t kFaultCatalogue = 1;

} // namespace poolscope::test
