// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"
#include "ui/common/theme.h"

#include <QImage>
#include <QPainter>
#include <QSizeF>

#include <optional>

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

/// \return the figure as an image with its physical size and provenance texts set. Needs a
/// QGuiApplication (any platform, offscreen too).
[[nodiscard]] QImage renderFigure(const Snapshot& snapshot, const FigureOptions& options);

/// Writes the figure as PNG; an older file stays when that fails. Error: cannot write, disk full.
[[nodiscard]] Result<void> writeFigure(const Snapshot& snapshot, const FigureOptions& options,
                                       const QString& path);

} // namespace poolscope
