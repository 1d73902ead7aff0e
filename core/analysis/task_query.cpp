// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/task_query.h"

#include "core/task/task_state.h"
#include "core/trace/summary_pyramid.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kRelationLetters = "<>=";

struct Unit
{
    std::string_view name;
    double nanos;
};

constexpr std::array kUnits{
    Unit{"ns", 1},   Unit{"us", 1e3}, Unit{"\u00b5s", 1e3}, Unit{"\u03bcs", 1e3}, // both mu
    Unit{"ms", 1e6}, Unit{"s", 1e9},  Unit{"min", 60e9},    Unit{"h", 3600e9},
};

bool isBlank(char letter)
{
    return kBlanks.find(letter) != std::string_view::npos;
}

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

bool areDigits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, isDigit);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isBlank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isBlank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::optional<std::uint64_t> parseWhole(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

/// \return how much of \p text, from its beginning, is a number without sign: "12", "1.5", ".5".
std::size_t numberLength(std::string_view text)
{
    std::size_t length = 0;
    bool hasPoint = false;
    while (length < text.size() && (isDigit(text[length]) || (text[length] == '.' && !hasPoint))) {
        hasPoint = hasPoint || text[length] == '.';
        ++length;
    }
    return length;
}

std::optional<std::uint8_t> stateBitOf(std::string_view word)
{
    std::string name = lowerCase(word);
    std::ranges::replace(name, '-', '_');
    if (name == toText(TaskState::Running)) {
        return TaskQuery::kRunningBit;
    }
    for (int i = static_cast<int>(TaskState::Done); i < kTaskStateCount; ++i) {
        if (const auto state = static_cast<TaskState>(i); toText(state) == name) {
            return stateBit(state);
        }
    }
    return std::nullopt;
}

/// Takes the line apart, term by term.
class QueryReader
{
public:
    explicit QueryReader(std::string_view line)
        : m_line(line)
    {}

    Result<TaskQuery> read()
    {
        for (skipBlanks(); m_at < m_line.size(); skipBlanks()) {
            if (!readTerm()) {
                return Error{std::move(m_failure)};
            }
        }
        std::ranges::sort(m_query.tasks);
        return std::move(m_query);
    }

private:
    using Figure = TaskQuery::Figure;
    using Relation = TaskQuery::Relation;

    bool readTerm();
    bool readQuoted(std::string& text);
    bool readDuration(Figure figure);
    bool readKey(std::string_view key, std::size_t keyAt);
    bool addKey(std::string_view key, const std::string& value, std::size_t keyAt,
                std::size_t valueAt);
    bool addStates(std::string_view value, std::size_t valueAt);
    bool addNumber(std::vector<std::uint64_t>& numbers, std::string_view text, std::size_t at);
    bool isAtRelation() const;
    Relation takeRelation();
    /// \return what is there up to a blank, a quote, a relation or, if wanted, a colon.
    std::string_view takeBare(bool endsAtColon);
    void skipBlanks()
    {
        while (m_at < m_line.size() && isBlank(m_line[m_at])) {
            ++m_at;
        }
    }
    /// Says \p what is wrong with what begins at \p at.
    bool fail(std::size_t at, std::string_view what);

    std::string_view m_line;
    std::size_t m_at = 0;
    TaskQuery m_query;
    std::string m_failure;
};

bool QueryReader::fail(std::size_t at, std::string_view what)
{
    // People count characters, not bytes.
    const auto before = m_line.substr(0, at);
    const auto characters = std::ranges::count_if(
        before, [](char letter) { return (static_cast<unsigned char>(letter) & 0xc0U) != 0x80U; });
    m_failure = "At character " + std::to_string(characters + 1) + ": ";
    m_failure += what;
    return false;
}

bool QueryReader::isAtRelation() const
{
    return m_at < m_line.size() && kRelationLetters.find(m_line[m_at]) != std::string_view::npos;
}

TaskQuery::Relation QueryReader::takeRelation()
{
    const char first = m_line[m_at++];
    const bool orEqual = m_at < m_line.size() && m_line[m_at] == '=';
    m_at += orEqual ? 1U : 0U;
    switch (first) {
    case '<':
        return orEqual ? Relation::LessOrEqual : Relation::Less;
    case '>':
        return orEqual ? Relation::GreaterOrEqual : Relation::Greater;
    default:
        return Relation::Equal;
    }
}

std::string_view QueryReader::takeBare(bool endsAtColon)
{
    const std::size_t begin = m_at;
    while (m_at < m_line.size() && !isBlank(m_line[m_at]) && m_line[m_at] != '"' &&
           !isAtRelation() && !(endsAtColon && m_line[m_at] == ':')) {
        ++m_at;
    }
    return m_line.substr(begin, m_at - begin);
}

bool QueryReader::readTerm()
{
    const std::size_t at = m_at;
    if (isAtRelation()) {
        return readDuration(Figure::Run);
    }
    if (m_line[m_at] == '"') {
        std::string word;
        if (!readQuoted(word)) {
            return false;
        }
        if (!word.empty()) {
            m_query.words.push_back(lowerCase(word));
        }
        return true;
    }
    const std::string_view bare = takeBare(true);
    if (m_at < m_line.size() && m_line[m_at] == ':') {
        ++m_at;
        return readKey(bare, at);
    }
    const std::string word = lowerCase(bare);
    const bool isJoined = isAtRelation(); // "run>1s" as well as "run > 1s"
    constexpr auto kFigures = std::to_array<std::pair<std::string_view, Figure>>(
        {{"run", Figure::Run}, {"wait", Figure::Wait}, {"cpu", Figure::Cpu}});
    for (const auto& [name, figure] : kFigures) {
        const std::size_t end = m_at;
        skipBlanks();
        if (word == name && isAtRelation()) {
            return readDuration(figure);
        }
        m_at = end;
    }
    if (isJoined) {
        return fail(at, "\"" + std::string(bare) +
                            "\" is no duration to compare; there are run, wait and cpu. Put text "
                            "with < > = in quotes.");
    }
    if (areDigits(bare)) {
        return addNumber(m_query.tasks, bare, at);
    }
    m_query.words.push_back(word);
    return true;
}

bool QueryReader::readQuoted(std::string& text)
{
    const std::size_t at = m_at++;
    const std::size_t end = m_line.find('"', m_at);
    if (end == std::string_view::npos) {
        return fail(at, "this quote is not closed.");
    }
    text = m_line.substr(m_at, end - m_at);
    m_at = end + 1;
    return true;
}

bool QueryReader::readDuration(Figure figure)
{
    const Relation relation = takeRelation();
    skipBlanks();
    const std::size_t at = m_at;
    const std::size_t digits = numberLength(m_line.substr(m_at));
    if (digits == 0) {
        return fail(at, "a time is missing, for example 10 ms.");
    }
    m_at += digits;
    const std::string number(m_line.substr(at, digits));
    skipBlanks();
    const std::string_view unit = takeBare(false);
    const std::optional<Nanos> value =
        unit.empty() ? std::nullopt : parseDuration(number + std::string(unit));
    if (!value) {
        return fail(at, unit.empty()
                            ? "the unit is missing after " + number + ": ns, us, ms, s, min or h."
                            : "\"" + number + ' ' + std::string(unit) +
                                  "\" is no time; units are ns, us, ms, s, min and h.");
    }
    m_query.durations.push_back({figure, relation, *value});
    return true;
}

bool QueryReader::readKey(std::string_view key, std::size_t keyAt)
{
    const std::size_t valueAt = m_at;
    std::string value;
    if (m_at < m_line.size() && m_line[m_at] == '"') {
        if (!readQuoted(value)) {
            return false;
        }
    } else {
        value = takeBare(false);
    }
    return addKey(lowerCase(key), value, keyAt, valueAt);
}

bool QueryReader::addKey(std::string_view key, const std::string& value, std::size_t keyAt,
                         std::size_t valueAt)
{
    constexpr auto kKeys =
        std::to_array<std::string_view>({"id", "state", "executor", "worker", "kind"});
    if (std::ranges::find(kKeys, key) == kKeys.end()) {
        return fail(keyAt,
                    "\"" + std::string(key) +
                        ":\" is nothing to search by; there are id: state: executor: worker: "
                        "kind: Put text with a colon in quotes.");
    }
    if (value.empty()) {
        return fail(valueAt, "a value is missing after " + std::string(key) + ":.");
    }
    if (key == "id") {
        return addNumber(m_query.tasks, value, valueAt);
    }
    if (key == "state") {
        return addStates(value, valueAt);
    }
    if (key == "worker") {
        std::vector<std::uint64_t> numbers;
        if (!addNumber(numbers, value, valueAt)) {
            return false;
        }
        m_query.workers.push_back(
            static_cast<int>(std::min<std::uint64_t>(numbers.front(), 0x7fff'ffff)));
        return true;
    }
    (key == "kind" ? m_query.kinds : m_query.executors).push_back(lowerCase(value));
    return true;
}

bool QueryReader::addStates(std::string_view value, std::size_t valueAt)
{
    while (true) {
        const std::string_view word = value.substr(0, value.find(','));
        const std::optional<std::uint8_t> bit = stateBitOf(word);
        if (!bit) {
            return fail(valueAt, "\"" + std::string(word) +
                                     "\" is no state to search by; there are running, done, "
                                     "failed, cancelled, timed_out and lost.");
        }
        m_query.stateBits |= *bit;
        if (word.size() == value.size()) {
            return true;
        }
        value.remove_prefix(word.size() + 1);
        valueAt += word.size() + 1;
    }
}

bool QueryReader::addNumber(std::vector<std::uint64_t>& numbers, std::string_view text,
                            std::size_t at)
{
    const std::optional<std::uint64_t> number = parseWhole(text);
    if (!number) {
        return fail(at, "\"" + std::string(text) + "\" is no number.");
    }
    numbers.push_back(*number);
    return true;
}

} // namespace

std::string lowerCase(std::string_view text)
{
    std::string result(text);
    for (char& letter : result) {
        if (letter >= 'A' && letter <= 'Z') {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return result;
}

std::optional<Nanos> parseDuration(std::string_view text)
{
    text = trimmed(text);
    const std::size_t digits = numberLength(text);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (digits == 0 || error != std::errc() || end != text.data() + digits) {
        return std::nullopt;
    }
    const std::string unitName = lowerCase(trimmed(text.substr(digits)));
    const auto* unit = std::ranges::find(kUnits, std::string_view(unitName), &Unit::name);
    if (unit == kUnits.end() || number * unit->nanos > 9.2e18) {
        return std::nullopt;
    }
    return std::llround(number * unit->nanos);
}

Result<TaskQuery> parseTaskQuery(std::string_view line)
{
    return QueryReader(line).read();
}

} // namespace poolscope
