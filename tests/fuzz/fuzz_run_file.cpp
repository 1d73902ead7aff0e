// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Run files as they lie on a disk.

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/run_check.h"

namespace poolscope::fuzz {

bool tryInput(std::string_view bytes)
{
    return readsAsRun(std::string(bytes));
}

} // namespace poolscope::fuzz
