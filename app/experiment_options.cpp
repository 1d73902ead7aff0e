// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/experiment_options.h"

#include "app/command_line_text.h"
#include "app/option_values.h"
#include "app/run_options.h"
#include "core/control/catalogue_view.h"
#include "core/control/experiment_grid.h"

#include <algorithm>
#include <optional>

namespace poolscope {

namespace {

constexpr std::int64_t kLargestLevel = 1U << 30U;

QString nameOf(ExperimentKind kind)
{
    return kind == ExperimentKind::Duel    ? QStringLiteral("duel")
           : kind == ExperimentKind::Sweep ? QStringLiteral("sweep")
                                           : QStringLiteral("chunks");
}

QString introduction(ExperimentKind kind)
{
    switch (kind) {
    case ExperimentKind::Duel:
        return CommandLine::tr(
            "poolscope duel [options]: the same job on each executor by itself, in turns, and "
            "which one is faster.\n  --sides threads:2,threads:8   executors and workers, any of "
            "them twice, in place of --executor\n");
    case ExperimentKind::Sweep:
        return CommandLine::tr(
            "poolscope sweep [options]: the same job with several numbers of workers, and how "
            "many to take.\n  --grid 1,2,4    the numbers; default: up to twice the usable "
            "processors\n");
    case ExperimentKind::Chunks:
        break;
    }
    return CommandLine::tr(
        "poolscope chunks [options]: the same job with several sizes of chunks, and which to "
        "take.\n  --grid 1,2,4    the sizes; default: powers of two up to one chunk a worker\n");
}

/// Takes "--name value" or "--name=value" out of \p words, up to --. \return the value; nothing: not given.
std::optional<QString> takeOption(QStringList& words, const QString& name)
{
    const QString dashed = QStringLiteral("--") + name;
    for (qsizetype i = 0; i < words.size() && words[i] != QLatin1String("--"); ++i) {
        if (words[i] == dashed) {
            const QString value = words.value(i + 1);
            words.remove(i, std::min<qsizetype>(2, words.size() - i));
            return value;
        }
        if (words[i].startsWith(dashed + QLatin1Char('='))) {
            return words.takeAt(i).mid(dashed.size() + 1);
        }
    }
    return std::nullopt;
}

bool namesExecutor(const QStringList& words)
{
    const auto own = words.mid(0, words.indexOf(QStringLiteral("--")));
    return std::any_of(own.begin(), own.end(), [](const QString& word) {
        return word.startsWith(QLatin1String("--executor")) ||
               (word.startsWith(QLatin1String("-e")) && !word.startsWith(QLatin1String("--")));
    });
}

Result<std::vector<int>> parseGrid(const QString& text, std::int64_t largest)
{
    std::vector<int> grid;
    for (const QString& word : text.split(QLatin1Char(','))) {
        const auto number = parseNumber(QStringLiteral("grid"), word, 1, largest);
        if (!number) {
            return number.error();
        }
        grid.push_back(static_cast<int>(number.value()));
    }
    std::ranges::sort(grid);
    grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
    if (grid.size() < 2) {
        return usageError(CommandLine::tr("--grid %1: two different numbers at least.").arg(text));
    }
    return grid;
}

/// \p text: "threads:2,threads:8,processes"; without a number as many workers as the run's. Parsed one by
/// one, since an executor may be there more than once.
Result<std::vector<RunSettings>> parseSides(const QString& text, const RunSettings& settings)
{
    std::vector<RunSettings> arms;
    for (const QString& word : text.split(QLatin1Char(','))) {
        RunSettings arm = settings;
        arm.executors = {{word.section(QLatin1Char(':'), 0, 0).toStdString(),
                          settings.executors.front().workers}};
        if (word.contains(QLatin1Char(':'))) {
            const auto workers = parseNumber(QStringLiteral("sides"),
                                             word.section(QLatin1Char(':'), 1), 1, maxWorkers());
            if (!workers) {
                return workers.error();
            }
            arm.executors.front().workers = static_cast<int>(workers.value());
        }
        if (auto usable = checkSettings(arm); !usable) {
            return usageError(QStringLiteral("--sides %1: %2")
                                  .arg(text, QString::fromStdString(usable.error().message)));
        }
        arms.push_back(std::move(arm));
    }
    if (arms.size() < 2) {
        return usageError(CommandLine::tr("--sides %1: give two or more, as in "
                                          "'threads:2,threads:8'.")
                              .arg(text));
    }
    return arms;
}

Result<void> makeArms(const RunSettings& settings, const std::optional<QString>& grid,
                      const std::optional<QString>& sides, ExperimentOptions& options)
{
    if (sides) {
        if (options.kind != ExperimentKind::Duel) {
            return usageError(CommandLine::tr("--sides: only a duel has them."));
        }
        auto arms = parseSides(*sides, settings);
        if (!arms) {
            return arms.error();
        }
        options.plan.arms = std::move(arms).value();
        return {};
    }
    if (options.kind == ExperimentKind::Duel) {
        if (grid || settings.executors.size() < 2) {
            return usageError(grid ? CommandLine::tr("--grid: a duel has none.")
                                   : CommandLine::tr("duel needs two executors or more, as in "
                                                     "'--executor threads,processes'."));
        }
        options.plan.arms = armsByExecutor(settings);
        return {};
    }
    if (settings.executors.size() != 1) {
        return usageError(CommandLine::tr("%1 needs one executor, as in '--executor processes'.")
                              .arg(nameOf(options.kind)));
    }
    options.plan.order = ExperimentPlan::Order::Shuffled;
    const bool isSweep = options.kind == ExperimentKind::Sweep;
    std::vector<int> levels = isSweep ? defaultWorkerGrid() : defaultChunkGrid(settings);
    if (grid) {
        auto parsed = parseGrid(*grid, kLargestLevel);
        if (!parsed) {
            return parsed.error();
        }
        levels = std::move(parsed).value();
    }
    options.plan.arms = isSweep ? armsByWorkers(settings, levels) : armsByChunk(settings, levels);
    for (const RunSettings& arm : options.plan.arms) {
        if (auto usable = checkSettings(arm); !usable) {
            return usable.error();
        }
    }
    return {};
}

} // namespace

Result<ExperimentOptions> parseExperimentOptions(ExperimentKind kind, const QStringList& words)
{
    ExperimentOptions options;
    options.kind = kind;
    QStringList own = words;
    const auto rounds = takeOption(own, QStringLiteral("rounds"));
    const auto grid = takeOption(own, QStringLiteral("grid"));
    const auto sides = takeOption(own, QStringLiteral("sides"));
    if (kind != ExperimentKind::Duel && !namesExecutor(own)) {
        own = QStringList{QStringLiteral("--executor"), QStringLiteral("threads")} + own;
    }
    auto run = parseRunOptions(own);
    if (!run) {
        return run.error();
    }
    if (run.value().isHelpWanted) {
        options.isHelpWanted = true;
        options.helpText = introduction(kind) +
                           CommandLine::tr("  --rounds N      how often each; default: 7 for a "
                                           "duel, else 3\nAnd, --export excepted, the options "
                                           "of a run:\n\n") +
                           run.value().helpText;
        return options;
    }
    if (!run.value().exportFiles.isEmpty()) {
        return usageError(
            CommandLine::tr("--export: %1 makes many runs and exports none.").arg(nameOf(kind)));
    }
    options.plan.rounds = defaultRounds(kind);
    if (rounds) {
        const auto number = parseNumber(QStringLiteral("rounds"), *rounds, 1, kMostRounds);
        if (!number) {
            return number.error();
        }
        options.plan.rounds = static_cast<int>(number.value());
    }
    options.isJson = run.value().isJson;
    options.plan.seed = run.value().settings.seed;
    if (auto made = makeArms(run.value().settings, grid, sides, options); !made) {
        return made.error();
    }
    return options;
}

} // namespace poolscope
