// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <QString>

namespace poolscope {

/// Writes \p snapshot to \p path in the format that its suffix names: a picture or data.
/// Pictures need a QGuiApplication. Error: unknown suffix, cannot write.
[[nodiscard]] Result<void> exportSnapshot(const Snapshot& snapshot, const QString& path);

/// \return whether writing \p path paints a picture.
[[nodiscard]] bool isPicture(const QString& path);

} // namespace poolscope
