// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace poolscope::fuzz {

/// Reads \p file as a run file. What is taken must be written and read again as the same, and every
/// other format must be able to write it. \return whether it was taken.
[[nodiscard]] bool readsAsRun(const std::string& file);

/// Makes a run file of sections that are listed plainly, tag (4 bytes), size (4 bytes little-endian,
/// cut to what is left) and body, so that an input reaches what lies behind check sums and compression.
[[nodiscard]] std::string packSections(std::string_view plain);

/// The reverse, for seeds. Precondition: \p file is a sound run file.
[[nodiscard]] std::string unpackSections(const std::string& file);

} // namespace poolscope::fuzz
