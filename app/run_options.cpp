// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run_options.h"

#include "app/command_line_text.h"
#include "app/option_values.h"
#include "app/workload_options.h"
#include "core/control/catalogue_view.h"
#include "core/control/default_scenario.h"
#include "core/workload/catalogue.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <optional>

namespace poolscope {

namespace {

/// The options in the order of the help text.
struct RunParser
{
    QCommandLineParser parser;
    QCommandLineOption workload{{"w", "workload"},
                                CommandLine::tr("What to run (see 'poolscope list')."),
                                CommandLine::tr("id"),
                                "mixed"};
    QCommandLineOption input{{"i", "input"},
                             CommandLine::tr("A file or folder to work on; repeatable."),
                             CommandLine::tr("path")};
    QCommandLineOption items{
        "items",
        CommandLine::tr(
            "What to run a command on: '*.png' files that match, @list.txt lines of a file, "
            "1..100 numbers, - lines of standard input; repeatable."),
        CommandLine::tr("source")};
    QCommandLineOption keepOutput{
        "keep-output", CommandLine::tr("A new or empty folder for all that the commands print."),
        CommandLine::tr("folder")};
    QCommandLineOption tasks{
        {"n", "tasks"}, CommandLine::tr("Number of tasks."), CommandLine::tr("count")};
    QCommandLineOption param{{"p", "param"},
                             CommandLine::tr("A parameter of the workload; repeatable."),
                             CommandLine::tr("name=value")};
    QCommandLineOption seed{"seed", CommandLine::tr("Seed of the job, for the same run again."),
                            CommandLine::tr("number"), "1"};
    QCommandLineOption executor{{"e", "executor"},
                                CommandLine::tr("What to run it on (see 'poolscope list'), several "
                                                "with commas; both: threads,processes."),
                                CommandLine::tr("kind"),
                                "both"};
    QCommandLineOption workers{{"j", "workers"},
                               CommandLine::tr("Workers of each executor, or one number for each: "
                                               "2,4. Default: the usable processors."),
                               CommandLine::tr("count")};
    QCommandLineOption chunk{{"c", "chunk"},
                             CommandLine::tr("Tasks handed over together."),
                             CommandLine::tr("count"),
                             "1"};
    QCommandLineOption attempts{
        "max-attempts", CommandLine::tr("How often a task whose worker died is begun in all."),
        CommandLine::tr("count"), "3"};
    QCommandLineOption retryFailed{
        "retry-failed",
        CommandLine::tr("Begins tasks again that failed, too, up to --max-attempts in all.")};
    QCommandLineOption interpreterLock{
        "interpreter-lock",
        CommandLine::tr("Lets one task of a thread pool compute at a time, as Python's does.")};
    QCommandLineOption lazyStart{
        "lazy-start",
        CommandLine::tr("Starts a pool's worker when a task finds no idle one, not before.")};
    QCommandLineOption keepAlive{
        "keep-alive",
        CommandLine::tr(
            "Lets a pool's worker leave that has had no task for so long; it comes back "
            "with the next ones."),
        CommandLine::tr("time")};
    QCommandLineOption initializer{
        "initializer",
        CommandLine::tr("A workload or function of which each worker of a pool runs one task, with "
                        "its defaults, before its first own one."),
        CommandLine::tr("id")};
    QCommandLineOption timeout{
        "timeout",
        CommandLine::tr(
            "Ends a task that runs longer, per attempt: asks it to stop, then kills its "
            "worker process."),
        CommandLine::tr("time")};
    QCommandLineOption queueLimit{
        "queue-limit", CommandLine::tr("How many tasks may wait before submitting has to wait."),
        CommandLine::tr("count")};
    QCommandLineOption prefetch{
        "prefetch",
        CommandLine::tr(
            "Chunks that a worker process is given beyond the one that it runs; 0: none."),
        CommandLine::tr("count"), "1"};
    QCommandLineOption submitGap{
        "submit-gap", CommandLine::tr("Submits the tasks so far apart, as if they arrived."),
        CommandLine::tr("time")};
    QCommandLineOption cancelAfter{"cancel-after",
                                   CommandLine::tr("Cancels what is left after that time."),
                                   CommandLine::tr("time")};
    QCommandLineOption resize{
        "resize",
        CommandLine::tr(
            "Sets the workers while the run goes on: 2s:8 or 500ms:processes:1; repeatable."),
        CommandLine::tr("time:count")};
    QCommandLineOption costs{
        "costs",
        CommandLine::tr("What to measure of each task: off, or totals for processor time, time in "
                        "the run queue, switches, faults and memory."),
        CommandLine::tr("level"), "off"};
    QCommandLineOption memoryCap{
        "memory-cap",
        CommandLine::tr("How much memory the trace may take, as 512M, 2G or 25% (of what this "
                        "process may use); then the oldest detail goes and its summaries stay. "
                        "off: no cap."),
        CommandLine::tr("size"), "25%"};
    QCommandLineOption infrastructure{
        "infrastructure",
        CommandLine::tr("Also records when the engine's own threads are busy: process I/O, alarm, "
                        "collector.")};
    QCommandLineOption exportFile{
        {"o", "export"},
        CommandLine::tr(
            "Writes the result, by suffix: .png .svg .pdf .json .csv .pscope; repeatable."),
        CommandLine::tr("file")};
    QCommandLineOption assertion{
        "assert",
        CommandLine::tr("Ends with status 3 unless it holds, as 'p95_run < 20ms' or 'processes: "
                        "utilisation > 80%'; repeatable."),
        CommandLine::tr("condition")};
    QCommandLineOption keep{"keep", CommandLine::tr("Keeps the run on the shelf, without a name.")};
    QCommandLineOption keepAs{
        "keep-as", CommandLine::tr("Keeps the run on the shelf (see 'poolscope shelf')."),
        CommandLine::tr("name")};
    QCommandLineOption json{"json",
                            CommandLine::tr("Prints one JSON object instead of the summary.")};
    QCommandLineOption help{{"h", "help"}, CommandLine::tr("Prints this text.")};

    RunParser()
    {
        parser.setApplicationDescription(CommandLine::tr(
            "Runs a job on one or several executors at once, and prints what came of it.\n"
            "Exit status: 0 every task is done, 1 some are not, 2 wrong usage, 3 an --assert does "
            "not hold.\n\n"
            "A command of your own stands behind --, one run for each item:\n"
            "  poolscope run --items '*.png' -- convert {} {.}.webp\n"
            "{} is the item, {.} without suffix, {/} its base name, {//} its folder, {/.} its base "
            "name without suffix, {#} the task's number."));
        parser.addOptions({workload,    input,       items,           keepOutput,     tasks,
                           param,       seed,        executor,        workers,        chunk,
                           attempts,    retryFailed, interpreterLock, lazyStart,      keepAlive,
                           initializer, timeout,     queueLimit,      prefetch,       submitGap,
                           cancelAfter, resize,      costs,           infrastructure, memoryCap,
                           exportFile,  keep,        keepAs,          assertion,      json,
                           help});
    }
};

/// The words about the work, \p command being those behind --.
WorkloadWords workloadWords(const RunParser& options, std::optional<QStringList> command)
{
    WorkloadWords words;
    words.defaultWorkload = options.parser.value(options.workload);
    if (options.parser.isSet(options.workload)) {
        words.workload = options.parser.value(options.workload);
    }
    words.command = std::move(command);
    words.assignments = options.parser.values(options.param);
    const std::array<std::pair<const QCommandLineOption*, const char*>, 4> named{
        {{&options.tasks, "tasks="},
         {&options.input, "input="},
         {&options.items, "items="},
         {&options.keepOutput, "keep_output="}}};
    for (const auto& [option, name] : named) {
        if (options.parser.isSet(*option)) {
            words.assignments << QLatin1String(name) +
                                     options.parser.values(*option).join(QLatin1Char('\n'));
        }
    }
    return words;
}

/// Without a wish, work that may run only once gets the thread pool: a command is a process of its own
/// anyway.
QString wantedExecutors(const RunParser& options, const RunSettings& settings)
{
    const Workload& workload = *findWorkload(settings.workload);
    const auto params = checkParams(workload.params, settings.params);
    const bool isOnce = params && !mayRunTwice(workload, params.value());
    return isOnce && !options.parser.isSet(options.executor)
               ? QStringLiteral("threads")
               : options.parser.value(options.executor);
}

Result<void> checkExecutorKinds(const std::vector<ExecutorSettings>& executors)
{
    QStringList known;
    for (const ExecutorChoice& choice : executorChoices()) {
        known << choice.id;
    }
    for (const ExecutorSettings& executor : executors) {
        const QString kind = QString::fromStdString(executor.kind);
        if (!known.contains(kind)) {
            return usageError(
                CommandLine::tr("--executor %1: there is no such executor. Known: %2, both.")
                    .arg(kind, known.join(QStringLiteral(", "))));
        }
        if (std::count_if(executors.begin(), executors.end(), [&executor](const auto& other) {
                return other.kind == executor.kind;
            }) > 1) {
            return usageError(CommandLine::tr("--executor: %1 is given twice.").arg(kind));
        }
    }
    return {};
}

Result<void> readExecutors(const RunParser& options, RunSettings& settings)
{
    const QString wanted = wantedExecutors(options, settings);
    const RunSettings defaults = defaultScenario();
    if (wanted == QLatin1String("both")) {
        settings.executors = defaults.executors;
    } else {
        for (const QString& kind : wanted.split(QLatin1Char(','))) {
            settings.executors.push_back({kind.toStdString(), defaults.executors.front().workers});
        }
    }
    if (auto known = checkExecutorKinds(settings.executors); !known) {
        return known;
    }
    if (!options.parser.isSet(options.workers)) {
        return {};
    }
    const QStringList counts = options.parser.value(options.workers).split(QLatin1Char(','));
    const auto executorCount = static_cast<qsizetype>(settings.executors.size());
    if (counts.size() != 1 && counts.size() != executorCount) {
        return usageError(
            CommandLine::tr("--workers %1: give one number, or one for each of the %n executor(s).")
                .arg(options.parser.value(options.workers))
                .replace(QStringLiteral("%n"), QString::number(executorCount)));
    }
    for (qsizetype i = 0; i < executorCount; ++i) {
        const auto workers = parseNumber(QStringLiteral("workers"),
                                         counts[counts.size() == 1 ? 0 : i], 1, maxWorkers());
        if (!workers) {
            return workers.error();
        }
        settings.executors[static_cast<std::size_t>(i)].workers = static_cast<int>(workers.value());
    }
    return {};
}

Result<void> readNumbers(const RunParser& options, RunSettings& settings)
{
    const auto seed =
        parseNumber(QStringLiteral("seed"), options.parser.value(options.seed), 0, INT64_MAX);
    const auto chunk =
        parseNumber(QStringLiteral("chunk"), options.parser.value(options.chunk), 1, maxChunk());
    const auto attempts =
        parseNumber(QStringLiteral("max-attempts"), options.parser.value(options.attempts), 1, 100);
    const auto queueLimit = parseNumber(
        QStringLiteral("queue-limit"),
        options.parser.isSet(options.queueLimit) ? options.parser.value(options.queueLimit)
                                                 : QStringLiteral("0"),
        options.parser.isSet(options.queueLimit) ? 1 : 0, INT64_MAX);
    const auto prefetch = parseNumber(QStringLiteral("prefetch"),
                                      options.parser.value(options.prefetch), 0, maxPrefetch());
    for (const auto* number : {&seed, &chunk, &attempts, &queueLimit, &prefetch}) {
        if (!*number) {
            return number->error();
        }
    }
    settings.seed = static_cast<std::uint64_t>(seed.value());
    settings.chunk = static_cast<int>(chunk.value());
    settings.maxAttempts = static_cast<int>(attempts.value());
    settings.retryFailed = options.parser.isSet(options.retryFailed);
    settings.hasInterpreterLock = options.parser.isSet(options.interpreterLock);
    settings.queueLimit = static_cast<std::uint64_t>(queueLimit.value());
    settings.prefetch = static_cast<int>(prefetch.value());
    const std::array<std::pair<const QCommandLineOption*, Nanos*>, 4> times{
        {{&options.timeout, &settings.taskTimeoutNs},
         {&options.keepAlive, &settings.keepAliveNs},
         {&options.submitGap, &settings.submitGapNs},
         {&options.cancelAfter, &settings.cancelAtNs}}};
    for (const auto& [option, target] : times) {
        if (options.parser.isSet(*option)) {
            const auto time = parseTime(option->names().first(), options.parser.value(*option));
            if (!time) {
                return time.error();
            }
            *target = time.value();
        }
    }
    settings.isLazy = options.parser.isSet(options.lazyStart);
    for (const QString& text : options.parser.values(options.resize)) {
        auto resize = parseTimedResize(text, settings.executors);
        if (!resize) {
            return resize.error();
        }
        settings.resizes.push_back(resize.value());
    }
    return {};
}

Result<void> readInitializer(const RunParser& options, RunSettings& settings)
{
    const QString id = options.parser.value(options.initializer);
    if (options.parser.isSet(options.initializer) && findWorkload(id.toStdString()) == nullptr) {
        return usageError(
            CommandLine::tr("--initializer %1: there is no such workload; see 'poolscope list'.")
                .arg(id));
    }
    settings.initializer = id.toStdString();
    return {};
}

Result<void> readCosts(const RunParser& options, RunSettings& settings)
{
    const QString word = options.parser.value(options.costs);
    const std::optional<CostLevel> level = costLevelOf(word.toStdString());
    if (!level) {
        return usageError(CommandLine::tr("--costs %1: give off or totals.").arg(word));
    }
    settings.costLevel = *level;
    const QString cap = options.parser.value(options.memoryCap);
    const auto memoryCap = parseMemoryCap(cap.toStdString());
    if (!memoryCap) {
        return usageError(CommandLine::tr("--memory-cap %1: %2.")
                              .arg(cap, QString::fromStdString(memoryCap.error().message)));
    }
    settings.memoryCap = memoryCap.value();
    settings.recordsInfrastructure = options.parser.isSet(options.infrastructure);
    return {};
}

Result<Expectation> readExpectation(const QString& text, const RunSettings& settings)
{
    auto expectation = parseExpectation(text.toStdString());
    if (!expectation) {
        return usageError(QStringLiteral("--assert ") +
                          QString::fromStdString(expectation.error().message));
    }
    const std::string& kind = expectation.value().executor;
    if (!kind.empty() &&
        std::none_of(settings.executors.begin(), settings.executors.end(),
                     [&kind](const ExecutorSettings& executor) { return executor.kind == kind; })) {
        return usageError(CommandLine::tr("--assert \"%1\": the run has no executor %2.")
                              .arg(text, QString::fromStdString(kind)));
    }
    return expectation;
}

Error strayWord(const RunParser& options)
{
    const QString word = options.parser.positionalArguments().first();
    if (options.parser.isSet(options.items)) {
        return usageError(
            CommandLine::tr("'%1' is not understood; put a pattern in quotes, so that the "
                            "shell leaves it as it is: --items '*.png'.")
                .arg(word));
    }
    return usageError(CommandLine::tr("'%1' is not understood; every value belongs to an "
                                      "option, as in --workload square.")
                          .arg(word));
}

} // namespace

Result<RunOptions> parseRunOptions(const QStringList& words)
{
    RunParser options;
    const qsizetype dashes = words.indexOf(QStringLiteral("--"));
    const QStringList own = dashes < 0 ? words : words.first(dashes);
    std::optional<QStringList> command;
    if (dashes >= 0) {
        command = words.mid(dashes + 1);
    }
    if (!options.parser.parse(QStringList{QStringLiteral("poolscope run")} + own)) {
        return usageError(options.parser.errorText());
    }
    RunOptions result;
    if (options.parser.isSet(options.help)) {
        result.isHelpWanted = true;
        result.helpText = helpOf(options.parser, QStringLiteral("poolscope run"));
        return result;
    }
    if (!options.parser.positionalArguments().isEmpty()) {
        return strayWord(options);
    }
    if (auto done = readWorkload(workloadWords(options, command), result.settings); !done) {
        return done.error();
    }
    for (const auto read : {readExecutors, readNumbers, readInitializer, readCosts}) {
        if (auto done = read(options, result.settings); !done) {
            return done.error();
        }
    }
    for (const QString& text : options.parser.values(options.assertion)) {
        auto expectation = readExpectation(text, result.settings);
        if (!expectation) {
            return expectation.error();
        }
        result.expectations.push_back(std::move(expectation).value());
    }
    result.isJson = options.parser.isSet(options.json);
    result.isKept = options.parser.isSet(options.keep) || options.parser.isSet(options.keepAs);
    result.keptName = options.parser.value(options.keepAs);
    result.exportFiles = options.parser.values(options.exportFile);
    for (const QString& path : result.exportFiles) {
        if (auto usable = checkExportPath(path); !usable) {
            return usable.error();
        }
    }
    return result;
}

} // namespace poolscope
