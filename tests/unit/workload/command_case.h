// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workload/command_runner.h"

#include <QByteArray>
#include <QDir>
#include <QFile>

#include <string>
#include <utility>
#include <vector>

namespace poolscope::test {

// What tests of running commands share.

using How = ChildEnd::How;
using Cause = CommandOutcome::Cause;

inline ChildSetup program(std::vector<std::string> arguments)
{
    return {.arguments = std::move(arguments)};
}

inline ChildSetup script(const char* text)
{
    return program({"sh", "-c", text});
}

inline Result<CommandOutcome> runNow(const ChildSetup& setup, const CommandLimits& limits = {})
{
    const StopFlag neverStopped;
    return runCommand(setup, limits, neverStopped);
}

inline int openDescriptors()
{
    return static_cast<int>(
        QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size());
}

inline QByteArray childrenOfThisProgram()
{
    QByteArray children;
    const QDir threads(QStringLiteral("/proc/self/task"));
    for (const QString& thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile list(threads.filePath(thread) + QStringLiteral("/children"));
        if (list.open(QFile::ReadOnly)) {
            children += list.readAll();
        }
    }
    return children;
}

} // namespace poolscope::test
