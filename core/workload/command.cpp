// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/command_plan.h"
#include "core/workload/command_report.h"
#include "core/workload/command_runner.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace poolscope {
namespace {

constexpr std::size_t kKibi = 1024;

Nanos toNanos(double seconds)
{
    return static_cast<Nanos>(std::llround(seconds * static_cast<double>(kNanosPerSecond)));
}

CommandLimits limitsOf(const TaskContext& context)
{
    const ParamSet& params = context.params;
    CommandLimits limits;
    limits.timeoutNs = toNanos(params.real("timeout"));
    limits.graceNs = toNanos(params.real("kill_after"));
    limits.keptBytes = static_cast<std::size_t>(params.integer("output_limit")) * kKibi;
    if (!params.text("keep_output").empty()) {
        const std::string file = outputFile(params, context.index);
        limits.outputFile = file + ".out";
        limits.errorFile = file + ".err";
    }
    return limits;
}

Result<Value> run(const TaskContext& context)
{
    const Result<CommandTemplate> command = commandTemplate(context.params);
    if (!command) {
        return command.error();
    }
    const std::uint64_t number = context.index + 1;
    const auto commandLine = [&] { return command.value().commandLine(context.item, number); };
    ChildSetup setup;
    setup.arguments = command.value().arguments(context.item, number);
    setup.folder = context.params.text("folder");
    setup.environment = pathList(context.params.text("environment"));
    const CommandLimits limits = limitsOf(context);
    const Result<CommandOutcome> outcome = runCommand(std::move(setup), limits, context.stop);
    if (!outcome) {
        return Error{shortened(commandLine()) + ": " + outcome.error().message};
    }
    if (!hasSucceeded(outcome.value())) {
        return Error{failureText(commandLine(), limits, outcome.value()),
                     outcome.value().cause == CommandOutcome::Cause::Timeout};
    }
    return Value{resultText(outcome.value())};
}

bool mayRunTwice(const ParamSet& params)
{
    return params.text("repeat") != kRunsOnce;
}

std::vector<ParamSpec> whatParams()
{
    return {
        {.id = "command",
         .label = "Command",
         .help =
             "What runs for each item: {} is the item, {.} it without suffix, {/} its base name, "
             "{//} its folder, {/.} its base name without suffix, {#} the number of the task; "
             "without any the item comes last.",
         .kind = ParamKind::Lines,
         .defaultValue = std::string(),
         .example = "convert {} {.}.webp"},
        {.id = "shell",
         .label = "Shell",
         .help = "Which shell reads the command; without one it runs as it is, which is quicker.",
         .kind = ParamKind::Choice,
         .defaultValue = std::string(kNoShell),
         .choices = {{kNoShell, "None"}, {"sh", "sh"}, {"bash", "bash"}}},
        {.id = "items",
         .label = "Items",
         .help =
             "What to run it on, one source a line: *.png files that match, @list.txt lines of a "
             "file, 1..100 numbers, other text as it is.",
         .kind = ParamKind::Lines,
         .defaultValue = std::string(),
         .example = "*.png\n1..100\n@list.txt"},
        {.id = "input",
         .label = "Files and folders",
         .help = "More items: files, and folders with all files below them.",
         .kind = ParamKind::Paths,
         .defaultValue = std::string()},
        {.id = "folder",
         .label = "Working folder",
         .help =
             "Where the command runs and relative paths are seen from; empty: where poolscope was "
             "started.",
         .kind = ParamKind::Text,
         .defaultValue = std::string()},
        {.id = "environment",
         .label = "Environment",
         .help = "Variables for the command beside those of poolscope, one NAME=value a line.",
         .kind = ParamKind::Lines,
         .defaultValue = std::string(),
         .example = "NAME=value"},
    };
}

std::vector<ParamSpec> limitParams()
{
    constexpr double kWeek = 7.0 * 24 * 3600;
    return {
        {.id = "timeout",
         .label = "Time limit",
         .help = "After which a command is ended with all it started; 0: none.",
         .kind = ParamKind::Real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = kWeek,
         .unit = "s"},
        {.id = "kill_after",
         .label = "Time to end",
         .help = "How long a command that is told to end (SIGTERM) may take before it is killed "
                 "(SIGKILL).",
         .kind = ParamKind::Real,
         .defaultValue = 2.0,
         .minimum = 0,
         .maximum = 3600,
         .unit = "s"},
        {.id = "output_limit",
         .label = "Output kept",
         .help = "How much of a command's standard output its result holds; the rest is dropped.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{4},
         .minimum = 0,
         .maximum = 16384,
         .unit = "KiB"},
        {.id = "keep_output",
         .label = "Folder for output",
         .help =
             "A new or empty folder for all of the output: 000001.out and 000001.err for the first "
             "task, and so on.",
         .kind = ParamKind::Text,
         .defaultValue = std::string()},
        {.id = "repeat",
         .label = "Runs for an item",
         .help =
             "Whether the command may run more than once for an item: needed to compare executors "
             "and to try again after a worker process died.",
         .kind = ParamKind::Choice,
         .defaultValue = std::string(kRunsOnce),
         .choices = {{kRunsOnce, "Once"}, {"any", "Any number"}}},
    };
}

std::vector<ParamSpec> params()
{
    std::vector<ParamSpec> all = whatParams();
    std::ranges::move(limitParams(), std::back_inserter(all));
    return all;
}

} // namespace

Workload makeCommand()
{
    return {
        .id = "command",
        .title = "Command",
        .summary =
            "Runs a program of your own for each file, line or number, as xargs and parallel do.",
        .params = params(),
        .plan = planCommand,
        .kernel = run,
        .mayRunTwice = mayRunTwice,
    };
}

} // namespace poolscope
