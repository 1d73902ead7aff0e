// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QStringList>

namespace poolscope {

/// Takes each "--functions FILE" and "--functions=FILE" out of \p words, wherever it stands before a "--".
/// \return the files. Error: the last one has no file.
[[nodiscard]] Result<QStringList> takeFunctionFiles(QStringList& words);

/// Adds to the catalogue what is used without being named: by the environment, in the user's folder, in the
/// window's settings. \return what is wrong with those that could not be added; no reason to stop.
[[nodiscard]] QStringList addStandingFunctions();

} // namespace poolscope
