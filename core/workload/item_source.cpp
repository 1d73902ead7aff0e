// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/item_source.h"

#include "core/base/unique_fd.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>

namespace poolscope {
namespace {

/// More than anybody means, and far less than memory.
constexpr std::uint64_t kMostNumbers = 10'000'000;

using Items = std::vector<std::string>;

std::string quoted(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

Error cannotRead(const std::string& what, int number)
{
    return Error{"cannot read the items in " + what + ": " +
                 std::generic_category().message(number)};
}

/// \return all bytes from where \p fd stands.
Result<std::string> readAll(int fd, const std::string& what)
{
    constexpr std::size_t kAtOnce = 65536;
    std::array<char, kAtOnce> bytes;
    std::string text;
    for (;;) {
        const ssize_t count = ::read(fd, bytes.data(), bytes.size());
        if (count > 0) {
            text.append(bytes.data(), static_cast<std::size_t>(count));
        } else if (count == 0) {
            return text;
        } else if (errno != EINTR) {
            return cannotRead(what, errno);
        }
    }
}

void appendLines(const std::string& text, Items& items)
{
    const char separator = text.find('\0') != std::string::npos ? '\0' : '\n';
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) {
            items.push_back(text.substr(begin, end - begin));
        }
        begin = end + 1;
    }
}

Result<void> appendFile(const std::string& path, Items& items)
{
    // Not blocking: a pipe would wait for a writer, and nobody could stop the wait.
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status
    {};
    if (!file.isOpen() || ::fstat(file.get(), &status) != 0) {
        return cannotRead(path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{"cannot read the items in " + path +
                     ": it is not a file; what a command prints goes through standard input: "
                     "… | poolscope run --items -"};
    }
    const Result<std::string> text = readAll(file.get(), path);
    if (!text) {
        return text.error();
    }
    appendLines(text.value(), items);
    return {};
}

Result<void> appendStandardInput(Items& items)
{
    struct stat status
    {};
    if (::fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode)) {
        return Error{"items from standard input (-) can be had on the command line only: "
                     "find . -type f | poolscope run --items - -- wc -c {}"};
    }
    const Result<std::string> text = readAll(STDIN_FILENO, "standard input");
    if (!text) {
        return text.error();
    }
    appendLines(text.value(), items);
    return {};
}

struct GlobResult
{
    glob_t found{};
    GlobResult() = default;
    ~GlobResult() { ::globfree(&found); }
    GlobResult(const GlobResult&) = delete;
    GlobResult& operator=(const GlobResult&) = delete;
};

/// \return \p text with a backslash before each character that means something in a pattern.
std::string asPattern(const std::string& text)
{
    std::string pattern;
    for (const char letter : text) {
        if (std::string_view("*?[\\").find(letter) != std::string_view::npos) {
            pattern += '\\';
        }
        pattern += letter;
    }
    return pattern;
}

Result<void> appendMatches(std::string_view pattern, const std::string& folder, Items& items)
{
    const std::string seen = fromFolder(asPattern(folder), std::string(pattern));
    const std::size_t prefix = fromFolder(folder, std::string(pattern)).size() - pattern.size();
    GlobResult result;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): without GLOB_TILDE it asks no user database
    const int failure = ::glob(seen.c_str(), GLOB_NOSORT, nullptr, &result.found);
    if (failure == GLOB_NOSPACE) {
        return Error{"there is not enough memory for what matches " + quoted(pattern)};
    }
    if (failure != 0) {
        return Error{"no file matches " + quoted(pattern) +
                     (folder.empty() ? "" : " in " + folder) +
                     "; look at the pattern and at the folder it is seen from"};
    }
    const auto first = static_cast<std::ptrdiff_t>(items.size());
    for (std::size_t i = 0; i < result.found.gl_pathc; ++i) {
        items.emplace_back(std::string(result.found.gl_pathv[i]).substr(prefix));
    }
    std::sort(items.begin() + first, items.end()); // by bytes, so alike on every machine
    return {};
}

/// The whole number that \p text begins with; it is taken away from it.
std::optional<std::int64_t> takeNumber(std::string_view& text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool takeDots(std::string_view& text)
{
    const bool hasDots = text.starts_with("..");
    text.remove_prefix(hasDots ? 2 : 0);
    return hasDots;
}

struct Range
{
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::uint64_t step = 1;
    std::size_t digits = 0; ///< to fill up to
};

std::size_t digitsToFill(std::string_view number)
{
    const std::string_view digits = number.substr(number.starts_with('-') ? 1 : 0);
    return digits.size() > 1 && digits.front() == '0' ? digits.size() : 0;
}

/// \return nothing when \p text has not the form of a range.
std::optional<Range> parseRange(std::string_view text)
{
    Range range;
    std::string_view rest = text;
    const std::optional<std::int64_t> first = takeNumber(rest);
    const std::string_view firstText = text.substr(0, text.size() - rest.size());
    if (!first || !takeDots(rest)) {
        return std::nullopt;
    }
    const std::string_view lastText = rest.substr(0, rest.find("..", 1));
    const std::optional<std::int64_t> last = takeNumber(rest);
    if (!last) {
        return std::nullopt;
    }
    if (!rest.empty()) {
        const std::optional<std::int64_t> step = takeDots(rest) ? takeNumber(rest) : std::nullopt;
        if (!step || *step <= 0 || !rest.empty()) {
            return std::nullopt;
        }
        range.step = static_cast<std::uint64_t>(*step);
    }
    range.first = *first;
    range.last = *last;
    range.digits = std::max(digitsToFill(firstText), digitsToFill(lastText));
    return range;
}

std::string numberText(std::int64_t number, std::size_t digits)
{
    std::string text = std::to_string(number);
    const std::size_t sign = number < 0 ? 1 : 0;
    if (text.size() - sign < digits) {
        text.insert(sign, digits - (text.size() - sign), '0');
    }
    return text;
}

Result<void> appendRange(std::string_view text, const Range& range, Items& items)
{
    const bool isUp = range.first <= range.last;
    // Modulo 2^64, so that no distance overflows.
    const std::uint64_t distance =
        isUp ? static_cast<std::uint64_t>(range.last) - static_cast<std::uint64_t>(range.first)
             : static_cast<std::uint64_t>(range.first) - static_cast<std::uint64_t>(range.last);
    const std::uint64_t steps = distance / range.step;
    if (steps >= kMostNumbers) {
        return Error{"the range " + quoted(text) + " has more than " +
                     std::to_string(kMostNumbers) + " numbers; give a shorter one"};
    }
    for (std::uint64_t i = 0; i <= steps; ++i) {
        const std::uint64_t offset = i * range.step;
        const auto first = static_cast<std::uint64_t>(range.first);
        const auto number = static_cast<std::int64_t>(isUp ? first + offset : first - offset);
        items.push_back(numberText(number, range.digits));
    }
    return {};
}

std::string withHome(std::string_view pattern)
{
    const char* home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    if (home == nullptr || !pattern.starts_with("~/")) {
        return std::string(pattern);
    }
    return asPattern(home) + std::string(pattern.substr(1));
}

Result<void> appendSource(std::string_view source, const std::string& folder, Items& items)
{
    if (source == "-") {
        return appendStandardInput(items);
    }
    if (source.starts_with('\\')) {
        items.emplace_back(source.substr(1));
        return {};
    }
    if (source.starts_with('@')) {
        return appendFile(fromFolder(folder, std::string(source.substr(1))), items);
    }
    if (source.find_first_of("*?[") != std::string_view::npos) {
        return appendMatches(withHome(source), folder, items);
    }
    if (const std::optional<Range> range = parseRange(source)) {
        return appendRange(source, *range, items);
    }
    items.emplace_back(source);
    return {};
}

} // namespace

std::string fromFolder(const std::string& folder, const std::string& path)
{
    if (folder.empty() || path.starts_with('/')) {
        return path;
    }
    return folder + (folder.ends_with('/') ? "" : "/") + path;
}

Result<std::vector<std::string>> readItems(std::string_view sources, const std::string& folder)
{
    Items items;
    for (std::size_t begin = 0; begin < sources.size();) {
        const std::size_t end = std::min(sources.find('\n', begin), sources.size());
        if (const std::string_view source = sources.substr(begin, end - begin); !source.empty()) {
            if (Result<void> read = appendSource(source, folder, items); !read) {
                return read.error();
            }
        }
        begin = end + 1;
    }
    return items;
}

} // namespace poolscope
