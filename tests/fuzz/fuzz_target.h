// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace poolscope::fuzz {

/// What each fuzz_<name>.cpp is for: gives \p bytes, which may be anything, to one decoder of ours,
/// and ends the program by mustHold() when that does what it must not.
/// \return whether the bytes were sound, so that whoever replays a corpus sees seeds that are stale.
[[nodiscard]] bool tryInput(std::string_view bytes);

/// Not assert: the fuzzers are built like a release too.
inline void mustHold(bool condition, const char* what)
{
    if (!condition) {
        std::fprintf(stderr, "fuzz: does not hold: %s\n", what);
        std::abort();
    }
}

} // namespace poolscope::fuzz
