// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_values.h"

#include "app/command_line_text.h"
#include "core/analysis/task_query.h"
#include "core/control/catalogue_view.h"
#include "core/io/file_format.h"
#include "ui/figure/figure.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <optional>
#include <string>

namespace poolscope {

Error usageError(const QString& message)
{
    return Error{message.toStdString()};
}

Result<std::int64_t> parseNumber(const QString& option, const QString& text, std::int64_t minimum,
                                 std::int64_t maximum)
{
    bool isNumber = false;
    const qlonglong number = text.toLongLong(&isNumber);
    if (!isNumber || number < minimum || number > maximum) {
        return usageError(CommandLine::tr("--%1 %2: give a whole number from %3 to %4.")
                              .arg(option, text)
                              .arg(minimum)
                              .arg(maximum));
    }
    return std::int64_t{number};
}

Result<Nanos> parseTime(const QString& option, const QString& text)
{
    bool isNumber = false;
    static_cast<void>(text.toDouble(&isNumber));
    const std::string withUnit = (isNumber ? text + QStringLiteral(" s") : text).toStdString();
    const std::optional<Nanos> time = parseDuration(withUnit);
    if (!time || *time <= 0) {
        return usageError(
            CommandLine::tr(
                "--%1 %2: give a time above 0, as 200us, 0.5ms, 2s or 0.5, which are seconds.")
                .arg(option, text));
    }
    return *time;
}

Result<TimedResize> parseTimedResize(const QString& text,
                                     const std::vector<ExecutorSettings>& executors)
{
    static const QRegularExpression form(
        QStringLiteral("^(\\d+(?:\\.\\d+)?)(ms|s|min)?:(?:([a-z_]+):)?(\\d+)$"));
    const QRegularExpressionMatch match = form.match(text);
    TimedResize resize;
    bool isKnown = match.hasMatch();
    if (isKnown && !match.captured(3).isEmpty()) {
        const std::string kind = match.captured(3).toStdString();
        const auto executor =
            std::find_if(executors.begin(), executors.end(),
                         [&kind](const ExecutorSettings& each) { return each.kind == kind; });
        isKnown = executor != executors.end();
        resize.executor = static_cast<int>(executor - executors.begin());
    }
    if (!isKnown) {
        return usageError(CommandLine::tr("--resize %1: give a time, perhaps one of the run's "
                                          "executors, and a number of workers: "
                                          "2s:8 or 500ms:processes:1.")
                              .arg(text));
    }
    const auto workers = parseNumber(QStringLiteral("resize"), match.captured(4), 1, maxWorkers());
    if (!workers) {
        return workers.error();
    }
    const QString unit = match.captured(2);
    const double unitNs = unit == QLatin1String("ms")    ? 1e6
                          : unit == QLatin1String("min") ? 60e9
                                                         : 1e9;
    resize.atNs = static_cast<Nanos>(match.captured(1).toDouble() * unitNs);
    resize.workers = static_cast<int>(workers.value());
    return resize;
}

Result<void> checkExportPath(const QString& path)
{
    const QFileInfo file(path);
    if (findFigureFormat(path) == nullptr &&
        findFileFormat(file.suffix().toStdString()) == nullptr) {
        QStringList known;
        for (const FigureFormat& format : figureFormats()) {
            known << QLatin1Char('.') + QString::fromUtf8(format.suffix);
        }
        for (const FileFormat& format : fileFormats()) {
            known << QLatin1Char('.') + QString::fromUtf8(format.suffix);
        }
        return usageError(
            CommandLine::tr("Cannot export to %1: the suffix says what to write; give one of %2.")
                .arg(path, known.join(QLatin1Char(' '))));
    }
    if (file.isDir()) {
        return usageError(CommandLine::tr("Cannot export to %1: that is a folder.").arg(path));
    }
    const QFileInfo folder(file.absolutePath());
    if (!folder.isDir() || !folder.isWritable()) {
        return usageError(
            CommandLine::tr(
                "Cannot export to %1: the folder %2 does not exist or cannot be written to.")
                .arg(path, folder.absoluteFilePath()));
    }
    return {};
}

} // namespace poolscope
