// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure_scene.h"
#include "ui/timeline/timeline_painter.h"

#include <vector>

class QPainter;

namespace poolscope {

// The parts of a figure but its lanes, each where the scene has placed it. One thread at a time.

/// \return the width of thin lines: half a unit, and on pixels never less than one of them.
[[nodiscard]] double hairOf(const QPainter& painter);

void paintTitle(QPainter& painter, const FigureScene& scene);
/// Where the crop lies in the run: the run as a line, the crop as a bar on it.
void paintHere(QPainter& painter, const FigureScene& scene);
/// Flags of what happened to the executors, at \p marks.
void paintEvents(QPainter& painter, const FigureScene& scene, const std::vector<EventMark>& marks);
/// Tasks a second of each executor, on the lanes' scale.
void paintStrip(QPainter& painter, const FigureScene& scene);
/// \return the width of the strip's title and key in one line.
[[nodiscard]] double stripKeyWidth(const FigureScene& scene);
void paintAxis(QPainter& painter, const FigureScene& scene);
/// \p devicePx: a device pixel in the scene's units.
void paintLegend(QPainter& painter, const FigureScene& scene, double devicePx);
void paintNumbers(QPainter& painter, const FigureScene& scene);
void paintFoot(QPainter& painter, const FigureScene& scene);

/// Draws what \p entry means into \p rect.
void paintSwatch(QPainter& painter, const FigureScene& scene, const LegendEntry& entry,
                 const QRectF& rect, double devicePx);

} // namespace poolscope
