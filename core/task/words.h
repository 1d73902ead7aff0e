// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

// A list of arguments as one line that people can read and write. The quoting is that of a shell, and
// nothing else of a shell is there: no variables, no patterns, no ~, no comments.
//  - blanks, tabs and line ends part words;
//  - between '…' everything stands for itself;
//  - between "…" a backslash takes the next of " \ $ ` as it is, else it stands for itself;
//  - elsewhere a backslash takes the next character as it is; with a line end after it, both vanish;
//  - quoted and unquoted pieces that touch are one word, '' is an empty one.

/// \return the words of \p line. Error: a quote is not closed, or the last backslash takes nothing.
[[nodiscard]] Result<std::vector<std::string>> splitWords(std::string_view line);

/// \return \p word as splitWords() and a shell read it back; quoted only where it needs to be.
[[nodiscard]] std::string quoteWord(std::string_view word);

/// \return the words in one line, as splitWords() reads them back.
[[nodiscard]] std::string joinWords(const std::vector<std::string>& words);

} // namespace poolscope
