// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/display_check.h"
#include "core/control/run_controller.h"
#include "poolscope_version.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QFileInfo>

#include <cstdio>

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
        "  poolscope list                   lists workloads, executors and formats\n"
        "  poolscope --help, --version\n");
}

int openWindow(int& argc, char** argv, const QStringList& words)
{
    if (!isDisplayReachable()) {
        return runDefaultScenario(argc, argv);
    }
    const QApplication application(argc, argv);
    RunController controller;
    MainWindow window(controller);
    window.show();
    if (!words.isEmpty()) {
        window.openRunFile(words.first());
    }
    return QApplication::exec();
}

int dispatch(int& argc, char** argv, const QStringList& words)
{
    const QString first = words.value(0);
    if (first == QLatin1String("run")) {
        return runCommand(argc, argv, words.mid(1));
    }
    if (first == QLatin1String("export")) {
        return exportCommand(argc, argv, words.mid(1));
    }
    if (first == QLatin1String("explain")) {
        return explainCommand(argc, argv, words.mid(1));
    }
    if (first == QLatin1String("list")) {
        return listCommand(argc, argv, words.mid(1));
    }
    if (first == QLatin1String("--version") || first == QLatin1String("-v")) {
        std::printf("poolscope %s\n", kVersion.data());
        return AllDone;
    }
    if (first == QLatin1String("--help") || first == QLatin1String("-h")) {
        std::fputs(qPrintable(helpText()), stdout);
        return AllDone;
    }
    if (words.size() > 1 || (!first.isEmpty() && !QFileInfo::exists(first))) {
        return reportError(
            CommandLine::tr(
                "'%1' is neither a command nor a file; 'poolscope --help' lists the commands.")
                .arg(first),
            WrongUsage);
    }
    return openWindow(argc, argv, words);
}

} // namespace

} // namespace poolscope

int main(int argc, char** argv)
{
    QCoreApplication::setOrganizationName(QStringLiteral("Poolscope"));
    QCoreApplication::setApplicationName(QStringLiteral("Poolscope"));
    QCoreApplication::setApplicationVersion(QString::fromUtf8(poolscope::kVersion.data()));
    QStringList words;
    for (int i = 1; i < argc; ++i) {
        words << QFile::decodeName(argv[i]);
    }
    return poolscope::dispatch(argc, argv, words);
}
