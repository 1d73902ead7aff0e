// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// A command with places for the item of each task:
///   {}    the item                 photos/dog.tar.gz
///   {.}   without its suffix       photos/dog.tar
///   {/}   its base name            dog.tar.gz
///   {//}  its folder               photos    ("." when it names none)
///   {/.}  base name, no suffix     dog.tar
///   {#}   the task's number        from 1
/// A backslash before one of them keeps it as text. A command without any gets the item as its last
/// argument.
class CommandTemplate
{
public:
    /// \p line: words, see core/task/words.h. Error: it has none, or a quote is not closed.
    [[nodiscard]] static Result<CommandTemplate> parse(std::string_view line);

    /// \p script: what \p shell (a program: sh, bash) is to run. Items reach it as variables, never as
    /// script text, so that no file name can become a command; a place in "…" or outside quotes is one
    /// word. Error: the script is empty, or has a place in '…', where a shell reads no variables.
    [[nodiscard]] static Result<CommandTemplate> parseScript(std::string_view script,
                                                             const std::string& shell);

    /// \return the arguments for \p item, the program first. \p number counts from 1.
    [[nodiscard]] std::vector<std::string> arguments(std::string_view item,
                                                     std::uint64_t number) const;

    /// \return the command for \p item as people would write it. For display only.
    [[nodiscard]] std::string commandLine(std::string_view item, std::uint64_t number) const;

private:
    struct Piece
    {
        std::string text; ///< as it is
        std::string place{}; ///< and what follows it: "{}" and so on, "" for nothing
    };
    using Word = std::vector<Piece>;

    static Word parseWord(std::string_view text);
    static std::string fill(const Word& word, std::string_view item, std::uint64_t number);

    std::vector<Word> m_words;
    bool m_isScript = false;
    Word m_script; ///< for display
};

} // namespace poolscope
