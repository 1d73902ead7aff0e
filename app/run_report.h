// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <QByteArray>
#include <QString>

namespace poolscope {

/// \return the summary of a finished run for people: a few lines for each executor.
[[nodiscard]] QString textReport(const Snapshot& snapshot);

/// \return the same as one JSON object: runs[] with the figures of each executor, the job and the
/// facts of the machine. Times are in milliseconds or seconds as the names say.
[[nodiscard]] QByteArray jsonReport(const Snapshot& snapshot);

/// \return whether every task of every executor ended as done.
[[nodiscard]] bool isAllDone(const Snapshot& snapshot);

} // namespace poolscope
