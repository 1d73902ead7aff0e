// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshot_mark.h"
#include "ui/timeline/overview_strip.h"
#include "ui/timeline/timeline_painter.h"

#include <QElapsedTimer>
#include <QImage>

namespace poolscope {

/// Lengths that both what paints and what answers the mouse go by, in pixels.
struct OverviewMetrics
{
    static constexpr double kTop = 7; // room for the marks
    static constexpr double kBottom = 5;
    static constexpr double kEdgeReach = 5;
    static constexpr double kWholePart = 0.98; // of the width: from here on all counts as visible
};

/// The run's columns, and what they were made from.
struct OverviewStrip::Picture
{
    Picture(const Theme& theme, const QFont& font)
        : style(theme, font)
        , painter(style)
    {}

    TimelineStyle style;
    TimelinePainter painter;
    QImage image;
    SnapshotMark moment;
    QElapsedTimer age;
};

} // namespace poolscope
