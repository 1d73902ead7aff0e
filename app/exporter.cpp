// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/exporter.h"

#include "core/io/file_format.h"
#include "ui/figure/figure.h"

#include <QFile>
#include <QFileInfo>

namespace poolscope {

bool isPicture(const QString& path)
{
    return findFigureFormat(path) != nullptr;
}

Result<void> exportSnapshot(const Snapshot& snapshot, const QString& path)
{
    if (isPicture(path)) {
        return writeFigure(snapshot, FigureOptions{}, path);
    }
    const std::string suffix = QFileInfo(path).suffix().toStdString();
    const FileFormat* format = findFileFormat(suffix);
    if (format == nullptr) {
        return Error{"Cannot export to " + path.toStdString() + ": '." + suffix +
                     "' is not a known format (see 'poolscope list')."};
    }
    return writeSnapshot(snapshot, *format, QFile::encodeName(path).toStdString());
}

} // namespace poolscope
