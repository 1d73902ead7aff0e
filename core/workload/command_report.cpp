// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/command_report.h"

#include "core/base/signal_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace poolscope {
namespace {

std::string number(double value, const char* unit)
{
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", value < 10 ? 1 : 0, value, unit);
    return text.data();
}

std::string timeText(Nanos nanos)
{
    const double millis = static_cast<double>(nanos) / static_cast<double>(kNanosPerMilli);
    return millis < 1000 ? number(millis, "ms") : number(toSeconds(nanos), "s");
}

std::string sizeText(std::uint64_t bytes)
{
    constexpr double kStep = 1024;
    constexpr std::array<const char*, 4> kUnits{"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) {
        return std::to_string(bytes) + " bytes";
    }
    double value = static_cast<double>(bytes) / kStep;
    std::size_t unit = 0;
    for (; value >= kStep && unit + 1 < kUnits.size(); ++unit) {
        value /= kStep;
    }
    return number(value, kUnits[unit]);
}

std::string usageText(const ChildEnd& end)
{
    return "CPU " + timeText(end.userNs) + " user + " + timeText(end.systemNs) + " system, peak " +
           (end.isPeakOwn ? "" : "below ") + sizeText(end.peakBytes);
}

std::string endText(const ChildEnd& end)
{
    switch (end.how) {
    case ChildEnd::How::Exited:
        return "exit status " + std::to_string(end.status);
    case ChildEnd::How::Signalled:
        return "killed by " + signalText(end.status) + (end.hasDumpedCore ? ", core dumped" : "");
    case ChildEnd::How::Unknown:
        break;
    }
    return "ended in an unknown way (something in this program waits for every child)";
}

std::string causeText(const CommandLimits& limits, const CommandOutcome& outcome)
{
    const std::string how =
        outcome.hasIgnoredTerm
            ? "did not end on SIGTERM within " + timeText(limits.graceNs) + " and was killed"
        : outcome.end.how == ChildEnd::How::Signalled ? "ended by " + signalText(outcome.end.status)
                                                      : "ended with " + endText(outcome.end);
    switch (outcome.cause) {
    case CommandOutcome::Cause::Timeout:
        return "timed out after " + timeText(limits.timeoutNs) + ", " + how;
    case CommandOutcome::Cause::Stop:
        return "cancelled, " + how;
    case CommandOutcome::Cause::Terminal:
        return "wanted to use the terminal, which a task does not have, " + how;
    case CommandOutcome::Cause::Itself:
        break;
    }
    return endText(outcome.end);
}

std::string_view withoutLastLineEnd(std::string_view text)
{
    while (text.ends_with('\n') || text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    return text;
}

/// \return the last lines of \p text.
std::string_view lastLines(std::string_view text)
{
    constexpr int kLines = 10;
    constexpr std::size_t kBytes = 2000;
    text = withoutLastLineEnd(text);
    text = text.substr(text.size() - std::min(text.size(), kBytes));
    std::size_t begin = text.size();
    for (int line = 0; line < kLines && begin != std::string_view::npos && begin > 0; ++line) {
        begin = text.find_last_of('\n', begin - 1);
    }
    return begin == std::string_view::npos || begin == 0 ? text : text.substr(begin + 1);
}

} // namespace

bool hasSucceeded(const CommandOutcome& outcome)
{
    return outcome.cause == CommandOutcome::Cause::Itself &&
           outcome.end.how == ChildEnd::How::Exited && outcome.end.status == 0;
}

std::string resultText(const CommandOutcome& outcome)
{
    std::string text = "exit 0, " + usageText(outcome.end);
    const std::uint64_t kept = outcome.output.head().size();
    if (outcome.output.size() > kept) {
        text += ", first " + sizeText(kept) + " of " + sizeText(outcome.output.size()) + " output";
    }
    if (kept > 0) {
        text += '\n';
        text += withoutLastLineEnd(outcome.output.head());
    }
    return text;
}

std::string failureText(const std::string& commandLine, const CommandLimits& limits,
                        const CommandOutcome& outcome)
{
    std::string text = shortened(commandLine) + ": " + causeText(limits, outcome);
    const std::string error = outcome.error.tail();
    const std::string output = outcome.output.tail();
    if (const std::string_view lines = lastLines(error); !lines.empty()) {
        text += '\n';
        text += lines;
    } else if (const std::string_view printed = lastLines(output); !printed.empty()) {
        text += "\n(nothing on standard error; standard output ends with)\n";
        text += printed;
    }
    return text;
}

std::string shortened(std::string_view commandLine)
{
    constexpr std::size_t kLongest = 300;
    if (commandLine.size() <= kLongest) {
        return std::string(commandLine);
    }
    const auto isInside = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
    };
    std::size_t headEnd = kLongest * 2 / 3;
    std::size_t tailBegin = commandLine.size() - kLongest / 3;
    // Not inside a character of several bytes.
    while (headEnd > 0 && isInside(commandLine[headEnd])) {
        --headEnd;
    }
    while (tailBegin < commandLine.size() && isInside(commandLine[tailBegin])) {
        ++tailBegin;
    }
    return std::string(commandLine.substr(0, headEnd)) + " … " +
           std::string(commandLine.substr(tailBegin));
}

} // namespace poolscope
