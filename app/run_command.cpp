// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run_command.h"

#include "app/command_line_text.h"
#include "app/commands.h"
#include "app/expectation_report.h"
#include "app/exporter.h"
#include "app/headless_application.h"
#include "app/option_values.h"
#include "app/run_report.h"
#include "app/shelf_report.h"
#include "app/standard_input.h"
#include "app/workload_options.h"
#include "core/control/default_scenario.h"

#include <QCoreApplication>
#include <QLocale>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace poolscope {

namespace {

bool paintsPictures(const QStringList& paths)
{
    return std::any_of(paths.begin(), paths.end(), isPicture);
}

} // namespace

HeadlessRun::HeadlessRun(RunOptions options, QObject* parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_isTerminal(::isatty(STDERR_FILENO) == 1)
{
    connect(&m_controller, &RunController::stateChanged, this, &HeadlessRun::onStateChanged);
    connect(&m_controller, &RunController::errorOccurred, this, &HeadlessRun::onError);
    connect(&m_interrupt, &Interrupt::interrupted, this, &HeadlessRun::onInterrupted);
    if (m_isTerminal) {
        connect(&m_controller, &RunController::progressChanged, this, &HeadlessRun::showProgress);
    }
}

int HeadlessRun::exec()
{
    m_controller.start(m_options.settings);
    if (m_controller.state() == RunController::State::Idle) {
        return WrongUsage;
    }
    QCoreApplication::exec();
    clearProgress();
    if (!m_controller.snapshot()) {
        return SomeNotDone;
    }
    return writeResults();
}

void HeadlessRun::onStateChanged(RunController::State state)
{
    if (state == RunController::State::Finished || state == RunController::State::Idle) {
        QCoreApplication::quit();
    }
}

void HeadlessRun::onError(const QString& message)
{
    clearProgress();
    m_hasError = true;
    reportError(message, SomeNotDone);
}

void HeadlessRun::onInterrupted(int count)
{
    if (count == 1) {
        m_controller.cancel();
    } else {
        m_controller.kill();
    }
}

void HeadlessRun::showProgress(const RunProgress& progress)
{
    const QLocale locale;
    QString line = CommandLine::tr("%1 of %2 tasks, %3 tasks/s")
                       .arg(locale.toString(progress.ended), locale.toString(progress.total),
                            locale.toString(progress.tasksPerSecond, 'f', 0));
    if (progress.secondsLeft >= 0) {
        line += CommandLine::tr(", %1 s left").arg(locale.toString(progress.secondsLeft, 'f', 1));
    }
    if (progress.failed > 0) {
        line += CommandLine::tr(", %1 not done").arg(locale.toString(progress.failed));
    }
    std::fprintf(stderr, "\r\033[K%s", qPrintable(line));
    std::fflush(stderr);
}

void HeadlessRun::clearProgress()
{
    if (m_isTerminal) {
        std::fputs("\r\033[K", stderr);
    }
}

int HeadlessRun::writeResults()
{
    const SnapshotPtr snapshot = m_controller.snapshot();
    bool isWritten = true;
    for (const Error& error : exportToAll(*snapshot, m_options.exportFiles)) {
        reportError(QString::fromStdString(error.message), SomeNotDone);
        isWritten = false;
    }
    if (m_options.isKept) {
        if (auto kept = keepOnShelf(*snapshot, m_options.keptName); !kept) {
            reportError(QString::fromStdString(kept.error().message), SomeNotDone);
            isWritten = false;
        }
    }
    print(m_options.isJson ? jsonReport(*snapshot) : textReport(*snapshot).toUtf8() + '\n');
    if (!reportExpectations(*snapshot, m_options.expectations)) {
        return NotAsExpected;
    }
    return isAllDone(*snapshot) && isWritten && !m_hasError ? AllDone : SomeNotDone;
}

int runCommand(int& argc, char** argv, const QStringList& words)
{
    auto options = parseRunOptions(words);
    if (!options) {
        return reportError(QString::fromStdString(options.error().message), WrongUsage);
    }
    if (options.value().isHelpWanted) {
        print(options.value().helpText.toUtf8());
        return AllDone;
    }
    if (readsStandardInput(options.value().settings)) {
        if (auto held = holdStandardInput(); !held) {
            return reportError(QString::fromStdString(held.error().message), SomeNotDone);
        }
    }
    const auto application =
        makeHeadlessApplication(argc, argv, paintsPictures(options.value().exportFiles));
    return HeadlessRun(std::move(options).value()).exec();
}

int runDefaultScenario(int& argc, char** argv)
{
    const QString picture = QStringLiteral("poolscope-timeline.png");
    std::fputs(qPrintable(CommandLine::tr(
                   "No display to be found (DISPLAY or WAYLAND_DISPLAY): running the default "
                   "scenario without a window.\n")),
               stderr);
    RunOptions options;
    options.settings = defaultScenario();
    options.exportFiles = {picture};
    if (auto usable = checkExportPath(picture); !usable) {
        return reportError(QString::fromStdString(usable.error().message), SomeNotDone);
    }
    const auto application = makeHeadlessApplication(argc, argv, true);
    const int status = HeadlessRun(std::move(options)).exec();
    if (status == AllDone) {
        print(CommandLine::tr(
                  "The timeline is in %1; 'poolscope run --help' tells what else there is.\n")
                  .arg(picture)
                  .toUtf8());
    }
    return status;
}

void print(const QByteArray& text)
{
    std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()), stdout);
    std::fflush(stdout);
}

int reportError(const QString& message, ExitStatus status)
{
    std::fprintf(stderr, "poolscope: %s\n", qPrintable(message));
    return status;
}

} // namespace poolscope
