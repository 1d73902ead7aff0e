// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace poolscope {

/// Writes \p snapshot to \p path in the format that its suffix names: a picture or data.
/// Pictures need a QGuiApplication; they name \p runFile, the run's own file, if there is one. Error:
/// unknown suffix, cannot write.
[[nodiscard]] Result<void> exportSnapshot(const Snapshot& snapshot, const QString& path,
                                          const QString& runFile = {});

/// Writes all of \p paths, run files first. \return what went wrong with each that failed.
[[nodiscard]] std::vector<Error> exportToAll(const Snapshot& snapshot, const QStringList& paths);

/// \return whether writing \p path paints a picture.
[[nodiscard]] bool isPicture(const QString& path);

} // namespace poolscope
