// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/words.h"

#include <algorithm>
#include <utility>

namespace poolscope {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

class Splitter
{
public:
    explicit Splitter(std::string_view line)
        : m_line(line)
    {}

    Result<std::vector<std::string>> run()
    {
        while (m_at < m_line.size()) {
            const char next = m_line[m_at++];
            if (kBlanks.find(next) != std::string_view::npos) {
                endWord();
            } else if (!take(next)) {
                return Error{m_failure};
            }
        }
        endWord();
        return std::move(m_words);
    }

private:
    bool take(char next)
    {
        switch (next) {
        case '\'':
            return takeSingleQuoted();
        case '"':
            return takeDoubleQuoted();
        case '\\':
            return takeEscaped();
        default:
            m_word += next;
            m_isInWord = true;
            return true;
        }
    }

    bool takeSingleQuoted()
    {
        const std::size_t end = m_line.find('\'', m_at);
        if (end == std::string_view::npos) {
            return notClosed('\'');
        }
        m_word += m_line.substr(m_at, end - m_at);
        m_at = end + 1;
        m_isInWord = true;
        return true;
    }

    bool takeDoubleQuoted()
    {
        const std::size_t begin = m_at;
        m_isInWord = true;
        while (m_at < m_line.size() && m_line[m_at] != '"') {
            if (m_line[m_at] == '\\' && m_at + 1 < m_line.size() &&
                std::string_view("\"\\$`").find(m_line[m_at + 1]) != std::string_view::npos) {
                ++m_at;
            }
            m_word += m_line[m_at++];
        }
        if (m_at == m_line.size()) {
            m_at = begin;
            return notClosed('"');
        }
        ++m_at;
        return true;
    }

    bool takeEscaped()
    {
        if (m_at == m_line.size()) {
            m_failure = "the backslash at the end has nothing to take as it is";
            return false;
        }
        const char next = m_line[m_at++];
        if (next != '\n') {
            m_word += next;
            m_isInWord = true;
        }
        return true;
    }

    bool notClosed(char quote)
    {
        // Piece by piece: g++ 12 warns of the operator + at -O2 (its bug 105651).
        m_failure = "the quote ";
        m_failure += quote;
        m_failure += " at character " + std::to_string(m_at) + " is not closed";
        return false;
    }

    void endWord()
    {
        if (m_isInWord) {
            m_words.push_back(std::exchange(m_word, {}));
            m_isInWord = false;
        }
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    std::vector<std::string> m_words;
    std::string m_word;
    bool m_isInWord = false; ///< apart from m_word: '' is a word
    std::string m_failure;
};

bool isPlain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') ||
           std::string_view("_-+=:,./@%^{}").find(letter) != std::string_view::npos;
}

} // namespace

Result<std::vector<std::string>> splitWords(std::string_view line)
{
    return Splitter(line).run();
}

std::string quoteWord(std::string_view word)
{
    if (!word.empty() && std::ranges::all_of(word, isPlain)) {
        return std::string(word);
    }
    std::string quoted = "'";
    for (const char letter : word) {
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return quoted + "'";
}

std::string joinWords(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + quoteWord(word);
    }
    return line;
}

} // namespace poolscope
