// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/command_template.h"

#include "core/task/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {
namespace {

constexpr std::array<std::string_view, 6> kPlaces{"{}", "{.}", "{/}", "{//}", "{/.}", "{#}"};

/// \return the place that \p text begins with, "" when there is none.
std::string_view placeAt(std::string_view text)
{
    const auto* found = std::ranges::find_if(
        kPlaces, [text](std::string_view place) { return text.starts_with(place); });
    return found == kPlaces.end() ? std::string_view{} : *found;
}

std::string_view withoutTrailingSlashes(std::string_view path)
{
    while (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path;
}

std::string_view baseName(std::string_view path)
{
    const std::string_view rest = withoutTrailingSlashes(path);
    return rest == "/" ? rest : rest.substr(rest.find_last_of('/') + 1);
}

std::string_view folderOf(std::string_view path)
{
    const std::string_view rest = withoutTrailingSlashes(path);
    const std::size_t slash = rest.find_last_of('/');
    if (slash == std::string_view::npos) {
        return ".";
    }
    return withoutTrailingSlashes(rest.substr(0, slash == 0 ? 1 : slash));
}

/// A dot that begins a name (.profile) begins no suffix.
std::string_view withoutSuffix(std::string_view path)
{
    const std::size_t name = path.find_last_of('/') + 1;
    const std::size_t dot = path.find_last_of('.');
    const bool hasSuffix = dot != std::string_view::npos && dot > name;
    return hasSuffix ? path.substr(0, dot) : path;
}

std::string valueOf(std::string_view place, std::string_view item, std::uint64_t number)
{
    if (place == "{#}") {
        return std::to_string(number);
    }
    if (place == "{.}") {
        return std::string(withoutSuffix(item));
    }
    if (place == "{/}") {
        return std::string(baseName(item));
    }
    if (place == "{//}") {
        return std::string(folderOf(item));
    }
    return std::string(place == "{/.}" ? withoutSuffix(baseName(item)) : item);
}

/// Turns a script's places into variables of the shell.
class ScriptReader
{
public:
    explicit ScriptReader(std::string_view script)
        : m_rest(script)
    {}

    Result<std::string> run()
    {
        while (!m_rest.empty()) {
            if (const std::string_view place = placeAt(m_rest); !place.empty()) {
                if (m_quote == '\'') {
                    return Error{"the command has " + std::string(place) +
                                 " between '…', where a shell reads no variables; leave the quotes "
                                 "away, or write \"" +
                                 std::string(place) + "\""};
                }
                takePlace(place);
            } else if (m_rest.front() == '\\') {
                takeBackslash();
            } else {
                takeCharacter();
            }
        }
        return m_script;
    }

    void appendItem() { m_script += ' ' + variable("{}"); }
    [[nodiscard]] const std::vector<std::string>& places() const { return m_places; }

private:
    void takePlace(std::string_view place)
    {
        m_script += m_quote == '"' ? variable(place).substr(1) : variable(place);
        if (m_quote == '"') {
            m_script.pop_back();
        }
        m_rest.remove_prefix(place.size());
    }

    /// \return "${poolscope_1}", with the quotes that keep it one word.
    std::string variable(std::string_view place)
    {
        auto known = std::ranges::find(m_places, place);
        if (known == m_places.end()) {
            m_places.emplace_back(place);
            known = m_places.end() - 1;
        }
        return "\"${poolscope_" + std::to_string(known - m_places.begin() + 1) + "}\"";
    }

    void takeBackslash()
    {
        const std::string_view kept = placeAt(m_rest.substr(1));
        if (!kept.empty()) {
            m_script += kept;
            m_rest.remove_prefix(1 + kept.size());
            return;
        }
        const std::size_t count = m_quote == '\'' ? 1 : std::min<std::size_t>(2, m_rest.size());
        m_script += m_rest.substr(0, count);
        m_rest.remove_prefix(count);
    }

    void takeCharacter()
    {
        const char next = m_rest.front();
        if (m_quote == 0 && next == '#' && isAtWordStart()) {
            takeComment();
            return;
        }
        if ((next == '\'' || next == '"') && (m_quote == 0 || m_quote == next)) {
            m_quote = m_quote == 0 ? next : '\0';
        }
        m_script += next;
        m_rest.remove_prefix(1);
    }

    [[nodiscard]] bool isAtWordStart() const
    {
        return m_script.empty() ||
               std::string_view(" \t\n;&|()").find(m_script.back()) != std::string_view::npos;
    }

    /// An apostrophe in a comment opens no quote.
    void takeComment()
    {
        const std::size_t end = std::min(m_rest.find('\n'), m_rest.size());
        m_script += m_rest.substr(0, end);
        m_rest.remove_prefix(end);
    }

    std::string_view m_rest;
    std::string m_script;
    std::vector<std::string> m_places; ///< in the order of their variables
    char m_quote = '\0'; ///< which one is open
};

} // namespace

CommandTemplate::Word CommandTemplate::parseWord(std::string_view text)
{
    Word word(1);
    while (!text.empty()) {
        const bool isKept = text.front() == '\\' && !placeAt(text.substr(1)).empty();
        if (isKept) {
            text.remove_prefix(1);
        }
        const std::string_view place = placeAt(text);
        if (place.empty() || isKept) {
            const std::size_t count = std::max<std::size_t>(1, place.size());
            word.back().text += text.substr(0, count);
            text.remove_prefix(count);
        } else {
            word.back().place = place;
            text.remove_prefix(place.size());
            word.emplace_back();
        }
    }
    return word;
}

std::string CommandTemplate::fill(const Word& word, std::string_view item, std::uint64_t number)
{
    std::string text;
    for (const Piece& piece : word) {
        text += piece.text;
        if (!piece.place.empty()) {
            text += valueOf(piece.place, item, number);
        }
    }
    return text;
}

Result<CommandTemplate> CommandTemplate::parse(std::string_view line)
{
    Result<std::vector<std::string>> words = splitWords(line);
    if (!words) {
        return Error{"the command cannot be read: " + words.error().message};
    }
    if (words.value().empty()) {
        return Error{"the command is empty"};
    }
    CommandTemplate command;
    bool hasPlace = false;
    for (const std::string& word : words.value()) {
        command.m_words.push_back(parseWord(word));
        hasPlace = hasPlace || command.m_words.back().size() > 1;
    }
    if (!hasPlace) {
        command.m_words.push_back(parseWord("{}"));
    }
    return command;
}

Result<CommandTemplate> CommandTemplate::parseScript(std::string_view script,
                                                     const std::string& shell)
{
    if (script.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return Error{"the command is empty"};
    }
    ScriptReader reader(script);
    Result<std::string> body = reader.run();
    if (!body) {
        return body.error();
    }
    CommandTemplate command;
    command.m_isScript = true;
    command.m_script = parseWord(script);
    if (reader.places().empty()) {
        reader.appendItem();
        body = reader.run(); // at its end already
        command.m_script.back().text += ' ';
        command.m_script.back().place = "{}";
    }
    // The values come as arguments; named at once, since functions and "set" have arguments of their own.
    std::string names;
    for (std::size_t i = 1; i <= reader.places().size(); ++i) {
        const std::string number = std::to_string(i);
        names.append("poolscope_").append(number).append("=${").append(number).append("} ");
    }
    for (const std::string& word : {shell, std::string("-c"), names + "\n" + body.value(), shell}) {
        command.m_words.push_back({Piece{word}});
    }
    for (const std::string& place : reader.places()) {
        command.m_words.push_back({Piece{{}, place}});
    }
    return command;
}

std::vector<std::string> CommandTemplate::arguments(std::string_view item,
                                                    std::uint64_t number) const
{
    std::vector<std::string> arguments;
    arguments.reserve(m_words.size());
    for (const Word& word : m_words) {
        arguments.push_back(fill(word, item, number));
    }
    return arguments;
}

std::string CommandTemplate::commandLine(std::string_view item, std::uint64_t number) const
{
    return m_isScript ? fill(m_script, item, number) : joinWords(arguments(item, number));
}

} // namespace poolscope
