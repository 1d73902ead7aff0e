// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workload_options.h"

#include "app/command_line_text.h"
#include "core/control/catalogue_view.h"
#include "core/task/words.h"
#include "core/workload/catalogue.h"

#include <QCoreApplication>

#include <algorithm>

namespace poolscope {

namespace {

/// Used to explain what is missing.
constexpr const char* kExample = "poolscope run --items '*.png' -- convert {} {.}.webp";

Error usageError(const QString& message)
{
    return Error{message.toStdString()};
}

Result<const Workload*> chooseWorkload(const WorkloadWords& words)
{
    const QString id =
        words.workload.value_or(words.command ? QStringLiteral("command") : words.defaultWorkload);
    if (const Workload* workload = findWorkload(id.toStdString())) {
        return workload;
    }
    QStringList known;
    for (const Workload* each : workloadChoices()) {
        known << QString::fromStdString(each->id);
    }
    return usageError(CommandLine::tr("--workload %1: there is no such workload. Known: %2.")
                          .arg(id, known.join(QStringLiteral(", "))));
}

const ParamSpec* findParam(const Workload& workload, const std::string& id)
{
    const auto spec = std::find_if(workload.params.begin(), workload.params.end(),
                                   [&id](const ParamSpec& each) { return each.id == id; });
    return spec == workload.params.end() ? nullptr : &*spec;
}

Result<void> assign(const Workload& workload, const QString& assignment, ParamSet& params)
{
    const QString name = assignment.section(QLatin1Char('='), 0, 0);
    const ParamSpec* spec = findParam(workload, name.toStdString());
    if (!assignment.contains(QLatin1Char('=')) || spec == nullptr) {
        QStringList known;
        for (const ParamSpec& each : workload.params) {
            known << QString::fromStdString(each.id);
        }
        return usageError(
            CommandLine::tr(
                "'%1' is not a parameter of %2. Its parameters, given as name=value: %3.")
                .arg(name, QString::fromStdString(workload.id), known.join(QStringLiteral(", "))));
    }
    auto value = parseParam(*spec, assignment.section(QLatin1Char('='), 1).toStdString());
    if (!value) {
        return value.error();
    }
    params.set(spec->id, std::move(value).value());
    return {};
}

std::string textOf(const ParamSet& params, const char* id)
{
    const ParamValue* value = params.find(id);
    return value == nullptr ? std::string() : toText(*value);
}

/// Makes a parameter's text of the words behind --: quoted for each to stay a word, but for a shell as
/// they are, since it splits words itself.
Result<void> setCommand(const Workload& workload, const QStringList& words, ParamSet& params)
{
    if (findParam(workload, "command") == nullptr) {
        return usageError(
            CommandLine::tr("%1 runs no command: leave away what stands behind --, or give "
                            "--workload command.")
                .arg(QString::fromStdString(workload.id)));
    }
    if (words.isEmpty()) {
        return usageError(CommandLine::tr("There is no command behind --; give one, as in %1.")
                              .arg(QLatin1String(kExample)));
    }
    if (params.find("command") != nullptr) {
        return usageError(
            CommandLine::tr("The command is given twice: behind -- and with --param command=…."));
    }
    const std::string shell = textOf(params, "shell");
    if (!shell.empty() && shell != "none") {
        params.set("command", words.join(QLatin1Char(' ')).toStdString());
        return {};
    }
    std::vector<std::string> plain;
    for (const QString& word : words) {
        plain.push_back(word.toStdString());
    }
    params.set("command", joinWords(plain));
    return {};
}

/// The planner would say it too, but only once the run has begun.
Result<void> checkCommand(const ParamSet& params)
{
    if (textOf(params, "command").empty()) {
        return usageError(CommandLine::tr("There is no command; put one behind --, as in %1.")
                              .arg(QLatin1String(kExample)));
    }
    if (textOf(params, "items").empty() && textOf(params, "input").empty()) {
        return usageError(
            CommandLine::tr(
                "There is nothing to run the command on; give --items or --input, as in %1.")
                .arg(QLatin1String(kExample)));
    }
    return {};
}

} // namespace

Result<void> readWorkload(const WorkloadWords& words, RunSettings& settings)
{
    const Result<const Workload*> workload = chooseWorkload(words);
    if (!workload) {
        return workload.error();
    }
    settings.workload = workload.value()->id;
    for (const QString& assignment : words.assignments) {
        if (auto assigned = assign(*workload.value(), assignment, settings.params); !assigned) {
            return assigned;
        }
    }
    if (words.command) {
        if (auto set = setCommand(*workload.value(), *words.command, settings.params); !set) {
            return set;
        }
    }
    return settings.workload == "command" ? checkCommand(settings.params) : Result<void>();
}

bool readsStandardInput(const RunSettings& settings)
{
    const std::vector<std::string> sources = pathList(textOf(settings.params, "items"));
    return settings.workload == "command" &&
           std::find(sources.begin(), sources.end(), "-") != sources.end();
}

} // namespace poolscope
