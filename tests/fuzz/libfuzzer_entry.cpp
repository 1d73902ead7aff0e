// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_target.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // libFuzzer takes no other answer than 0.
    static_cast<void>(poolscope::fuzz::tryInput({reinterpret_cast<const char*>(data), size}));
    return 0;
}
