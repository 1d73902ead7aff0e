// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/shelf/run_shelf.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

namespace poolscope {

/// Opens the user's shelf, and says on standard error what there is to know of that.
[[nodiscard]] Result<std::unique_ptr<RunShelf>> openShelf();
/// Keeps a finished run on it, and says on standard error under which number.
[[nodiscard]] Result<void> keepOnShelf(const Snapshot& snapshot, const QString& name);

/// \return one line a run under a head line.
[[nodiscard]] QString shelfTable(const std::vector<ShelfEntry>& entries);
/// \return all that is known of one run, some lines.
[[nodiscard]] QString shelfText(const ShelfEntry& entry, const QString& runFile);
/// \return the same as JSON: an object for each run.
[[nodiscard]] QJsonObject shelfObject(const ShelfEntry& entry, const QString& runFile);

} // namespace poolscope
