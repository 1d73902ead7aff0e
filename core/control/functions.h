// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace poolscope {

// Functions of one's own, from shared libraries, become workloads of this process.

/// \return the libraries that are used without being named: those of the environment variable
/// POOLSCOPE_FUNCTIONS (separated by colons), then each *.so in the folder poolscope/functions of the
/// user's data ($XDG_DATA_HOME, or ~/.local/share), by name. Any thread.
[[nodiscard]] QStringList standingFunctionFiles();

/// Opens the library in a process of its own, to see whether it does harm. Any thread; some milliseconds, at
/// most ten seconds. Error: it does; the message names the file and what happened.
[[nodiscard]] Result<void> tryFunctions(const QString& file);

/// Tries each library and adds its functions to the catalogue, for the runs that begin from now on; a library
/// that is in already changes nothing. One thread, at the start or between two runs.
/// \return what is wrong with those that could not be added, a message for each.
[[nodiscard]] QStringList addFunctions(const QStringList& files);

/// \return the id of the first workload that comes from the library, empty when none does. Any thread.
[[nodiscard]] QString firstFunctionOf(const QString& file);

} // namespace poolscope
