// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

namespace poolscope {

/// Exit status of the program without a window.
enum ExitStatus {
    AllDone = 0, ///< every task ended as done, every file was written
    SomeNotDone = 1, ///< a task did not, or a file could not be written or read
    WrongUsage = 2,
    NotAsExpected = 3, ///< an --assert does not hold; the rest is as for AllDone or SomeNotDone
};

/// The commands of the program without a window. Each makes the application object it needs, and
/// returns the exit status. \p argc, \p argv: main's. \p words: what follows the command.
int runCommand(int& argc, char** argv, const QStringList& words);
int explainCommand(int& argc, char** argv, const QStringList& words);
int exportCommand(int& argc, char** argv, const QStringList& words);
int duelCommand(int& argc, char** argv, const QStringList& words);
int sweepCommand(int& argc, char** argv, const QStringList& words);
int chunksCommand(int& argc, char** argv, const QStringList& words);
int compareCommand(int& argc, char** argv, const QStringList& words);
int listCommand(int& argc, char** argv, const QStringList& words);
int scenarioCommand(int& argc, char** argv, const QStringList& words);
int whatIfCommand(int& argc, char** argv, const QStringList& words);
int shelfCommand(int& argc, char** argv, const QStringList& words);

/// No display to be had: runs the default scenario, prints its summary and writes the timeline
/// picture to ./poolscope-timeline.png.
int runDefaultScenario(int& argc, char** argv);

/// Writes \p text, as it is, to standard output at once.
void print(const QByteArray& text);

/// Prints "poolscope: <message>" to standard error. \return \p status.
int reportError(const QString& message, ExitStatus status);

} // namespace poolscope
