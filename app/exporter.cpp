// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/exporter.h"

#include "core/io/file_format.h"
#include "ui/figure/figure.h"
#include "ui/figure/run_file_hash.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace poolscope {

bool isPicture(const QString& path)
{
    return findFigureFormat(path) != nullptr;
}

Result<void> exportSnapshot(const Snapshot& snapshot, const QString& path, const QString& runFile)
{
    if (isPicture(path)) {
        FigureOptions options;
        options.runFileHash = runFile.isEmpty() ? QString() : runFileHash(runFile);
        return writeFigure(snapshot, options, path);
    }
    const std::string suffix = QFileInfo(path).suffix().toStdString();
    const FileFormat* format = findFileFormat(suffix);
    if (format == nullptr) {
        return Error{"Cannot export to " + path.toStdString() + ": '." + suffix +
                     "' is not a known format (see 'poolscope list')."};
    }
    return writeSnapshot(snapshot, *format, QFile::encodeName(path).toStdString());
}

std::vector<Error> exportToAll(const Snapshot& snapshot, const QStringList& paths)
{
    const auto isRunFile = [](const QString& path) {
        return QFileInfo(path).suffix().compare(QLatin1String("pscope"), Qt::CaseInsensitive) == 0;
    };
    QStringList ordered = paths;
    std::stable_partition(ordered.begin(), ordered.end(), isRunFile);
    QString runFile;
    std::vector<Error> errors;
    for (const QString& path : std::as_const(ordered)) {
        if (auto written = exportSnapshot(snapshot, path, runFile); !written) {
            errors.push_back(written.error());
        } else if (runFile.isEmpty() && isRunFile(path)) {
            runFile = path;
        }
    }
    return errors;
}

} // namespace poolscope
