// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QFont>
#include <QRectF>
#include <QString>

#include <functional>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QPainter)

namespace poolscope {

/// What values an axis shows.
struct PlotAxis
{
    double low = 0;
    double high = 1; ///< above low
    bool isLog = false; ///< then low is above 0

    /// \return 0 at low, 1 at high; beyond them less and more.
    [[nodiscard]] double shareOf(double value) const;
    [[nodiscard]] double valueAt(double share) const;
};

/// Where values are in a picture, in its pixels.
struct PlotArea
{
    QRectF rect;
    PlotAxis x;
    PlotAxis y;

    [[nodiscard]] double toX(double value) const;
    [[nodiscard]] double toY(double value) const;
    [[nodiscard]] QPointF at(double across, double up) const { return {toX(across), toY(up)}; }
    [[nodiscard]] double fromX(double pixel) const;
    [[nodiscard]] double fromY(double pixel) const;
};

/// \return round values (1, 2 or 5 times a power of ten apart) from low to high, about \p most of them at most.
[[nodiscard]] std::vector<double> plotTicks(double low, double high, int most);

/// \return \p ns in the unit that suits \p most, the largest of an axis, e.g. "80 ms".
[[nodiscard]] QString durationTick(double ns, double most);
/// Draws lines across at round values of y, with their text left of them.
void drawValueGrid(QPainter& painter, const PlotArea& area, const Theme& theme,
                   const std::function<QString(double)>& text);
/// Draws the line below and a mark with its text at each of \p places; texts that had overlapped are left out.
void drawPlaces(QPainter& painter, const PlotArea& area, const Theme& theme,
                const std::vector<std::pair<double, QString>>& places);

/// One entry of a legend.
struct PlotEntry
{
    enum class Mark { Line, Dashes, Point, Dot, Box, Diamond };
    Mark mark = Mark::Line;
    QColor colour;
    QString text;
};

/// Draws \p entries from left to right, in as many lines as it takes. \return the height taken.
double drawLegend(QPainter& painter, const QRectF& rect, const Theme& theme,
                  const std::vector<PlotEntry>& entries);
/// \return the height that drawLegend() takes.
[[nodiscard]] double legendHeight(const QFont& font, double width,
                                  const std::vector<PlotEntry>& entries);

/// Draws a mean and its interval, from \p low to \p high in pixels of y.
void drawErrorBar(QPainter& painter, double x, double low, double high, const QColor& colour);

/// A short text in a rounded box.
struct PlotTag
{
    QString text;
    QColor colour; ///< of the box
    QColor ink; ///< of the text
};

/// Draws \p tag with its middle at \p middle, but inside \p bounds. \return the box.
QRectF drawTag(QPainter& painter, QPointF middle, const QRectF& bounds, const PlotTag& tag);

} // namespace poolscope
