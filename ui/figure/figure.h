// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"
#include "ui/common/theme.h"

#include <QByteArray>
#include <QImage>
#include <QPainter>
#include <QSizeF>

#include <optional>
#include <span>

namespace poolscope {

/// What a picture of the timeline looks like.
struct FigureOptions
{
    QSizeF sizeMm{190, 0}; ///< height 0: as the lanes need
    int dpi = 300; ///< 50 to 1200
    std::optional<TimeRange> range; ///< nothing: the whole run
    QString title; ///< empty: made from the run
    Theme theme = Theme::paper();
};

/// Paints title, lanes with bars, ruler with unit, legend and run facts with \p painter into
/// \p sizePt points (1/72 inch): the same for PNG, SVG and PDF. Same snapshot and options, same picture.
void paintFigure(QPainter& painter, const Snapshot& snapshot, const FigureOptions& options,
                 QSizeF sizePt);

/// \return the figure's size in points: the width from the options, the height as asked or as needed.
[[nodiscard]] QSizeF figureSize(const Snapshot& snapshot, const FigureOptions& options);

/// \return the figure as an image with its physical size and provenance texts set; null when there is
/// no memory for it. Needs a QGuiApplication (any platform, offscreen too).
[[nodiscard]] QImage renderFigure(const Snapshot& snapshot, const FigureOptions& options);

/// A kind of file a figure can be written as.
struct FigureFormat
{
    const char* suffix; ///< without the dot, e.g. "svg"
    const char* title; ///< English, e.g. "SVG drawings"
    Result<QByteArray> (*render)(const Snapshot& snapshot, const FigureOptions& options);
};

/// \return the table: "png", "svg", "pdf".
[[nodiscard]] std::span<const FigureFormat> figureFormats();
/// \return the row for the suffix of \p path (any case) or nullptr.
[[nodiscard]] const FigureFormat* findFigureFormat(const QString& path);

/// Writes the figure in the format that the suffix of \p path names; an older file stays when that
/// fails. The same snapshot and options give the same bytes, today and tomorrow. Needs a
/// QGuiApplication. Error: unknown suffix, too large a picture, cannot write, disk full.
[[nodiscard]] Result<void> writeFigure(const Snapshot& snapshot, const FigureOptions& options,
                                       const QString& path);

} // namespace poolscope
