// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_options.h"

#include <QByteArray>
#include <QString>

namespace poolscope {

// Views: files that say what a figure looks like, so that it can be made again (docs/file-formats.md).

/// \return the view of \p options as JSON; the run's hash is no part of it.
[[nodiscard]] QByteArray toViewJson(const FigureOptions& options);
/// Reads such a view. What is left out has its default. Error: no JSON, an unknown key or version, a value that cannot
/// be; says which.
[[nodiscard]] Result<FigureOptions> fromViewJson(const QByteArray& json);

/// Error: cannot read, or as above, with the file's name.
[[nodiscard]] Result<FigureOptions> readViewFile(const QString& path);
/// Error: cannot write.
[[nodiscard]] Result<void> writeViewFile(const FigureOptions& options, const QString& path);

} // namespace poolscope
