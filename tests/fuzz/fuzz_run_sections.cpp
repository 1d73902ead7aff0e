// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Run files whose check sums and compression are right, whatever the sections hold.

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/run_check.h"

namespace poolscope::fuzz {

bool tryInput(std::string_view bytes)
{
    return readsAsRun(packSections(bytes));
}

} // namespace poolscope::fuzz
