// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>

namespace poolscope::bench {

namespace {

std::string boundText(const Check& check, const std::optional<double>& bound)
{
    if (!bound) {
        return "–";
    }
    return (check.direction == Direction::AtLeast ? "≥ " : "≤ ") + numberText(*bound) + " " +
           check.unit;
}

std::string verdict(const Check& check)
{
    if (!check.meets(check.gate)) {
        return "**MISS**";
    }
    return check.goal && check.meets(check.goal) ? "goal" : "pass";
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : "; ") + part;
    }
    return text.empty() ? "–" : text;
}

void printLine(const std::vector<std::string>& cells)
{
    for (const std::string& cell : cells) {
        std::printf("| %s ", cell.c_str());
    }
    std::printf("|\n");
}

void printRow(const Row& row)
{
    const std::string title = row.title + (row.note.empty() ? "" : " (" + row.note + ")");
    if (row.checks.empty()) {
        printLine({row.id, title, row.ours.empty() ? "–" : row.ours, joined(row.peers), "–", "–",
                   "–", "–"});
        return;
    }
    bool isFirst = true;
    for (const Check& check : row.checks) {
        printLine({isFirst ? row.id : "", isFirst ? title : "", isFirst ? row.ours : "",
                   isFirst ? joined(row.peers) : "",
                   numberText(check.figure) + " " + check.unit + " " + check.what,
                   boundText(check, check.gate), boundText(check, check.goal), verdict(check)});
        isFirst = false;
    }
}

} // namespace

bool Check::meets(const std::optional<double>& bound) const
{
    if (!bound) {
        return true;
    }
    return direction == Direction::AtLeast ? figure >= *bound : figure <= *bound;
}

bool Row::missesGate() const
{
    return std::any_of(checks.begin(), checks.end(),
                       [](const Check& check) { return !check.meets(check.gate); });
}

std::string numberText(double value)
{
    std::array<char, 32> text{};
    const double size = std::fabs(value);
    const int digits = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

std::string rateText(double perSecond)
{
    if (perSecond >= 1e6) {
        return numberText(perSecond / 1e6) + " M/s";
    }
    return perSecond >= 1e3 ? numberText(perSecond / 1e3) + " k/s" : numberText(perSecond) + " /s";
}

std::string timeText(double nanos)
{
    if (nanos >= 1e6) {
        return numberText(nanos / 1e6) + " ms";
    }
    return nanos >= 1e3 ? numberText(nanos / 1e3) + " us" : numberText(nanos) + " ns";
}

void describe(Row& row, const std::vector<Series>& all, std::string (*text)(double),
              std::size_t figure)
{
    row.ours = text(all.front().median(figure));
    for (auto series = all.begin() + 1; series != all.end(); ++series) {
        row.peers.push_back(series->name() + " " + text(series->median(figure)));
    }
}

const Series& bestPeer(const std::vector<Series>& all, Direction direction, std::size_t figure)
{
    assert(all.size() > 1);
    const auto isLess = [figure](const Series& a, const Series& b) {
        return a.median(figure) < b.median(figure);
    };
    return direction == Direction::AtLeast ? *std::max_element(all.begin() + 1, all.end(), isLess)
                                           : *std::min_element(all.begin() + 1, all.end(), isLess);
}

void printTable(const std::vector<Row>& rows)
{
    printLine({"row", "what", "ours", "peers", "figure", "gate", "goal", "verdict"});
    printLine({"---", "---", "---", "---", "---", "---", "---", "---"});
    for (const Row& row : rows) {
        printRow(row);
    }
}

} // namespace poolscope::bench
