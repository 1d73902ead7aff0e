// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/display_check.h"
#include "app/function_files.h"
#include "core/base/fast_clock.h"
#include "core/control/functions.h"
#include "core/control/run_controller.h"
#include "poolscope_version.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QFileInfo>

#include <cstdio>
#include <map>
#include <utility>

namespace poolscope {

namespace {

QString helpText()
{
    return CommandLine::tr(
        "Makes parallel work on threads and processes visible.\n\n"
        "  poolscope [run.pscope]           opens the window\n"
        "  poolscope run [options]          runs a job without a window ('run --help')\n"
        "  poolscope export RUN -o FILE     writes a recorded run as a picture or as data ('export "
        "--help')\n"
        "  poolscope explain RUN            says why a recorded run was not faster\n"
        "  poolscope whatif RUN [options]   replays a run with other workers, chunks or order\n"
        "  poolscope scenario ID            runs a teaching scenario and says what to look at\n"
        "  poolscope shelf                  lists the runs that were kept ('shelf --help')\n"
        "  poolscope compare RUN RUN…       says what differs between runs ('compare --help')\n"
        "  poolscope duel [options]         says which executor is faster for a job\n"
        "  poolscope sweep [options]        says how many workers to take\n"
        "  poolscope chunks [options]       says what size of chunks to take\n"
        "  poolscope list                   lists workloads, executors and formats\n"
        "  poolscope --help, --version\n\n"
        "--functions FILE adds the functions of a shared library to the workloads; with each "
        "command, repeatable.\n");
}

/// Adds functions of the user's own to the workloads, before anything looks at those. \p named: files
/// of the command line. \return false, and says why, when one of these cannot be used.
bool loadFunctions(const QStringList& named, QStringList& problems)
{
    const QStringList refusals = addFunctions(named);
    for (const QString& refusal : refusals) {
        reportError(refusal, WrongUsage);
    }
    problems = addStandingFunctions();
    return refusals.isEmpty();
}

int openWindow(int& argc, char** argv, const QStringList& words, const QStringList& problems)
{
    const QApplication application(argc, argv);
    RunController controller;
    MainWindow window(controller);
    window.show();
    window.showProblems(problems);
    if (!words.isEmpty()) {
        window.openRunFile(words.first());
    }
    return QApplication::exec();
}

using Command = int (*)(int& argc, char** argv, const QStringList& words);

/// \return what \p word stands for, or nullptr.
Command findCommand(const QString& word)
{
    static const std::map<QString, Command> commands{
        {QStringLiteral("run"), runCommand},           {QStringLiteral("export"), exportCommand},
        {QStringLiteral("explain"), explainCommand},   {QStringLiteral("duel"), duelCommand},
        {QStringLiteral("sweep"), sweepCommand},       {QStringLiteral("chunks"), chunksCommand},
        {QStringLiteral("list"), listCommand},         {QStringLiteral("shelf"), shelfCommand},
        {QStringLiteral("scenario"), scenarioCommand}, {QStringLiteral("whatif"), whatIfCommand},
        {QStringLiteral("compare"), compareCommand},
    };
    const auto found = commands.find(word);
    return found == commands.end() ? nullptr : found->second;
}

int dispatch(int& argc, char** argv, QStringList words)
{
    const auto functions = takeFunctionFiles(words);
    if (!functions) {
        return reportError(QString::fromStdString(functions.error().message), WrongUsage);
    }
    const QString first = words.value(0);
    if (first == QLatin1String("--version") || first == QLatin1String("-v")) {
        std::printf("poolscope %s\n", kVersion.data());
        return AllDone;
    }
    if (first == QLatin1String("--help") || first == QLatin1String("-h")) {
        std::fputs(qPrintable(helpText()), stdout);
        return AllDone;
    }
    const Command command = findCommand(first);
    if (!command && (words.size() > 1 || (!first.isEmpty() && !QFileInfo::exists(first)))) {
        return reportError(
            CommandLine::tr(
                "'%1' is neither a command nor a file; 'poolscope --help' lists the commands.")
                .arg(first),
            WrongUsage);
    }
    QStringList problems;
    if (!loadFunctions(functions.value(), problems)) {
        return WrongUsage;
    }
    if (!command && isDisplayReachable()) {
        return openWindow(argc, argv, words, problems);
    }
    for (const QString& problem : std::as_const(problems)) {
        reportError(problem, SomeNotDone);
    }
    return command ? command(argc, argv, words.mid(1)) : runDefaultScenario(argc, argv);
}

} // namespace

} // namespace poolscope

int main(int argc, char** argv)
{
    static_cast<void>(poolscope::fastNow()); // it knows its counter by the time a run begins
    QCoreApplication::setOrganizationName(QStringLiteral("Poolscope"));
    QCoreApplication::setApplicationName(QStringLiteral("Poolscope"));
    QCoreApplication::setApplicationVersion(QString::fromUtf8(poolscope::kVersion.data()));
    QStringList words;
    for (int i = 1; i < argc; ++i) {
        words << QFile::decodeName(argv[i]);
    }
    return poolscope::dispatch(argc, argv, words);
}
