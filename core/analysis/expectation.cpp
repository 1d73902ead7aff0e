// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/expectation.h"

#include "core/analysis/ledger.h"
#include "core/analysis/run_summary.h"
#include "core/analysis/schedule.h"
#include "core/analysis/task_query.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace poolscope {

namespace {

/// The figures of one executor, from which each expectation takes its own.
struct Figures
{
    RunSummary summary;
    Ledger ledger;
};

struct Row
{
    ExpectationFigure figure;
    /// \return the figure, or nothing when the run does not have it.
    std::optional<double> (*read)(const Figures& figures);
};

std::optional<double> timeOf(const Percentiles& of, double value)
{
    return of.maxNs > 0 ? std::optional(value) : std::nullopt;
}

std::optional<double> countOf(std::uint64_t count)
{
    return static_cast<double>(count);
}

std::optional<double> shareOf(const Figures& figures, LaneTime use)
{
    return figures.ledger.totalNs > 0 ? std::optional(figures.ledger.share(use)) : std::nullopt;
}

std::optional<double> ifRan(const Figures& figures, double value)
{
    return figures.summary.makespanNs > 0 ? std::optional(value) : std::nullopt;
}

using F = const Figures&;

const std::vector<Row>& rows()
{
    constexpr bool kTime = true;
    constexpr bool kShare = true;
    static const std::vector<Row> all{
        {{"makespan", kTime},
         [](F f) { return ifRan(f, static_cast<double>(f.summary.makespanNs)); }},
        {{"tasks_per_second"}, [](F f) { return ifRan(f, f.summary.tasksPerSecond); }},
        {{"utilisation", false, kShare}, [](F f) { return ifRan(f, f.summary.utilisation); }},
        {{"mean_run", kTime}, [](F f) { return timeOf(f.summary.run, f.summary.run.meanNs); }},
        {{"p50_run", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.run.p50Ns)); }},
        {{"p95_run", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.run.p95Ns)); }},
        {{"p99_run", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.run.p99Ns)); }},
        {{"max_run", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.run.maxNs)); }},
        {{"mean_wait", kTime}, [](F f) { return timeOf(f.summary.run, f.summary.wait.meanNs); }},
        {{"p50_wait", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.wait.p50Ns)); }},
        {{"p95_wait", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.wait.p95Ns)); }},
        {{"p99_wait", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.wait.p99Ns)); }},
        {{"max_wait", kTime},
         [](F f) { return timeOf(f.summary.run, static_cast<double>(f.summary.wait.maxNs)); }},
        {{"tasks"}, [](F f) { return countOf(f.summary.tasks); }},
        {{"done"}, [](F f) { return countOf(f.summary.done); }},
        {{"failed"}, [](F f) { return countOf(f.summary.failed); }},
        {{"cancelled"}, [](F f) { return countOf(f.summary.cancelled); }},
        {{"timed_out"}, [](F f) { return countOf(f.summary.timedOut); }},
        {{"lost"}, [](F f) { return countOf(f.summary.lost); }},
        {{"lost_attempts"}, [](F f) { return countOf(f.summary.lostAttempts); }},
        {{"load_balance", false, kShare}, [](F f) { return ifRan(f, f.ledger.loadBalance()); }},
        {{"communication_efficiency", false, kShare},
         [](F f) { return ifRan(f, f.ledger.communicationEfficiency()); }},
        {{"parallel_efficiency", false, kShare},
         [](F f) { return ifRan(f, f.ledger.parallelEfficiency()); }},
        {{"useful", false, kShare}, [](F f) { return shareOf(f, LaneTime::Useful); }},
        {{"blocked", false, kShare}, [](F f) { return shareOf(f, LaneTime::Blocked); }},
        {{"preempted", false, kShare}, [](F f) { return shareOf(f, LaneTime::Preempted); }},
        {{"wasted", false, kShare}, [](F f) { return shareOf(f, LaneTime::Wasted); }},
        {{"start_up", false, kShare}, [](F f) { return shareOf(f, LaneTime::StartUp); }},
        {{"starved", false, kShare}, [](F f) { return shareOf(f, LaneTime::Starved); }},
        {{"serial", false, kShare}, [](F f) { return shareOf(f, LaneTime::Serial); }},
        {{"hand_over", false, kShare}, [](F f) { return shareOf(f, LaneTime::HandOver); }},
        {{"paused", false, kShare}, [](F f) { return shareOf(f, LaneTime::Paused); }},
        {{"tail", false, kShare}, [](F f) { return shareOf(f, LaneTime::Tail); }},
    };
    return all;
}

constexpr std::array<std::pair<std::string_view, Expectation::Relation>, 7> kRelations{{
    // The longer ones first, so that "<=" is not read as "<".
    {"<=", Expectation::Relation::LessOrEqual},
    {">=", Expectation::Relation::GreaterOrEqual},
    {"==", Expectation::Relation::Equal},
    {"!=", Expectation::Relation::NotEqual},
    {"<", Expectation::Relation::Less},
    {">", Expectation::Relation::Greater},
    {"=", Expectation::Relation::Equal},
}};

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> parseValue(const ExpectationFigure& figure, std::string_view text)
{
    if (figure.isTime) {
        const auto ns = parseDuration(text);
        return ns ? std::optional(static_cast<double>(*ns)) : std::nullopt;
    }
    const bool isPercent = figure.isShare && !text.empty() && text.back() == '%';
    text = isPercent ? trimmed(text.substr(0, text.size() - 1)) : text;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return isPercent ? value / 100 : value;
}

std::string knownFigures()
{
    std::string names;
    for (const Row& row : rows()) {
        names += (names.empty() ? "" : ", ") + std::string(row.figure.id);
    }
    return names;
}

Error lineError(std::string_view line, const std::string& what)
{
    return {"\"" + std::string(line) + "\" cannot be checked: " + what};
}

bool holds(Expectation::Relation relation, double measured, double value)
{
    switch (relation) {
    case Expectation::Relation::Less:
        return measured < value;
    case Expectation::Relation::LessOrEqual:
        return measured <= value;
    case Expectation::Relation::Equal:
        return !(measured < value) && !(measured > value);
    case Expectation::Relation::NotEqual:
        return measured < value || measured > value;
    case Expectation::Relation::GreaterOrEqual:
        return measured >= value;
    case Expectation::Relation::Greater:
        return measured > value;
    }
    return false;
}

Figures figuresOf(const Snapshot& snapshot, int executor)
{
    Figures figures{summariseRun(snapshot, executor), {}};
    if (const TimeRange makespan = makespanOf(snapshot, executor); !makespan.isEmpty()) {
        figures.ledger = ledgerOf(snapshot, executor, makespan);
    }
    return figures;
}

} // namespace

const std::vector<ExpectationFigure>& expectationFigures()
{
    static const std::vector<ExpectationFigure> figures = [] {
        std::vector<ExpectationFigure> all;
        for (const Row& row : rows()) {
            all.push_back(row.figure);
        }
        return all;
    }();
    return figures;
}

Result<Expectation> parseExpectation(std::string_view line)
{
    Expectation expectation;
    expectation.text = trimmed(line);
    std::string_view rest = trimmed(line);
    if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos) {
        expectation.executor = trimmed(rest.substr(0, colon));
        rest = trimmed(rest.substr(colon + 1));
        if (expectation.executor.empty()) {
            return lineError(line, "before the colon stands no executor, as in \"processes: "
                                   "p95_run < 20 ms\".");
        }
    }
    const std::size_t at = rest.find_first_of("<>=!");
    const auto* const relation =
        at == std::string_view::npos
            ? kRelations.end()
            : std::find_if(kRelations.begin(), kRelations.end(), [&](const auto& known) {
                  return rest.substr(at, known.first.size()) == known.first;
              });
    if (relation == kRelations.end()) {
        return lineError(line, "it needs one of <, <=, ==, !=, >=, >, as in \"p95_run < 20 ms\".");
    }
    expectation.relation = relation->second;
    const std::string_view name = trimmed(rest.substr(0, at));
    const auto row = std::find_if(rows().begin(), rows().end(),
                                  [name](const Row& known) { return known.figure.id == name; });
    if (row == rows().end()) {
        return lineError(line, "there is no figure \"" + std::string(name) +
                                   "\". Known: " + knownFigures() + ".");
    }
    expectation.figure = static_cast<std::size_t>(row - rows().begin());
    const std::string_view text = trimmed(rest.substr(at + relation->first.size()));
    const auto value = parseValue(row->figure, text);
    if (!value) {
        const char* form = row->figure.isTime    ? "\" is no time with its unit, as in 20 ms."
                           : row->figure.isShare ? "\" is no share, as in 0.8 or 80 %."
                                                 : "\" is no number.";
        return lineError(line, "\"" + std::string(text) + form);
    }
    expectation.value = *value;
    return expectation;
}

std::vector<ExpectationOutcome> checkExpectations(const Snapshot& snapshot,
                                                  const std::vector<Expectation>& expectations)
{
    const auto& executors = snapshot.meta->executors;
    std::vector<std::optional<Figures>> figures(executors.size());
    std::vector<ExpectationOutcome> outcomes;
    for (std::size_t i = 0; i < expectations.size(); ++i) {
        const Expectation& expectation = expectations[i];
        bool isAboutAny = false;
        for (std::size_t executor = 0; executor < executors.size(); ++executor) {
            if (!expectation.executor.empty() && executors[executor].kind != expectation.executor) {
                continue;
            }
            isAboutAny = true;
            if (!figures[executor]) {
                figures[executor] = figuresOf(snapshot, static_cast<int>(executor));
            }
            const auto measured = rows()[expectation.figure].read(*figures[executor]);
            outcomes.push_back(
                {static_cast<int>(executor), i, measured.value_or(0), measured.has_value(),
                 measured && holds(expectation.relation, *measured, expectation.value)});
        }
        if (!isAboutAny) {
            outcomes.push_back({-1, i, 0, false, false});
        }
    }
    return outcomes;
}

} // namespace poolscope
