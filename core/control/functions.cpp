// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/functions.h"

#include "core/base/program_path.h"
#include "core/workload/catalogue.h"
#include "core/workload/function_probe.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <string>
#include <utility>

namespace poolscope {

namespace {

std::string fileName(const QString& file)
{
    return QFile::encodeName(file).toStdString();
}

} // namespace

QStringList standingFunctionFiles()
{
    QStringList files =
        qEnvironmentVariable("POOLSCOPE_FUNCTIONS").split(QLatin1Char(':'), Qt::SkipEmptyParts);
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                      QStringLiteral("/poolscope/functions"));
    for (const QString& name :
         folder.entryList({QStringLiteral("*.so")}, QDir::Files | QDir::System, QDir::Name)) {
        files << folder.filePath(name);
    }
    return files;
}

Result<void> tryFunctions(const QString& file)
{
    return probeFunctionLibrary(programBesideThis("poolscope-worker"), fileName(file));
}

QStringList addFunctions(const QStringList& files)
{
    QStringList refusals;
    if (files.isEmpty()) {
        return refusals;
    }
    Catalogue all = catalogue();
    for (const QString& file : files) {
        Result<void> added = tryFunctions(file);
        if (added) {
            added = all.addLibrary(fileName(file));
        }
        if (!added) {
            refusals << QString::fromStdString(added.error().message);
        }
    }
    setCatalogue(std::move(all));
    return refusals;
}

QString firstFunctionOf(const QString& file)
{
    const std::string path = fileName(QFileInfo(file).canonicalFilePath());
    for (const Workload& workload : workloads()) {
        if (!path.empty() && workload.library == path) {
            return QString::fromStdString(workload.id);
        }
    }
    return {};
}

} // namespace poolscope
