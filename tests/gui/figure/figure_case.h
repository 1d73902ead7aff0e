// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/synthetic_trace.h"
#include "ui/figure/figure.h"
#include "ui/figure/figure_scene.h"

#include <QImage>
#include <QPaintDevice>
#include <QPaintEngine>

#include <vector>

namespace poolscope::test {

/// \return a run of \p tasks on threads and on processes, four lanes each, one in a hundred failed.
inline SnapshotPtr duel(std::uint64_t tasks, int lanes = 4)
{
    return makeSyntheticTrace(
        {.lanes = lanes, .tasks = tasks, .executors = 2, .failureRate = 0.01});
}

/// \return one lane with a task each at these times (ns), ended in these states.
struct TaskAt
{
    Nanos beginNs;
    Nanos endNs;
    TaskState state = TaskState::Done;
};
SnapshotPtr laneOf(const std::vector<TaskAt>& tasks, Nanos nowNs);

/// \return the figure, which must be possible.
inline Figure figureOf(const SnapshotPtr& snapshot, const FigureOptions& options = {})
{
    return Figure::make(*snapshot, options).value();
}

inline QByteArray render(const Figure& figure, const char* name)
{
    return findFigureFormat(QString::fromLatin1(name))->render(figure).value();
}

int countPixels(const QImage& image, const QColor& color, QRect part = {});

/// A piece of text as it was painted, in points.
struct PaintedText
{
    QString text;
    double size = 0;
    QRectF ink; ///< about where its letters are
};
/// \return all text of \p figure.
std::vector<PaintedText> textsOf(const Figure& figure);

[[nodiscard]] bool hasText(const Figure& figure, const QString& part);

/// \return options for a part of the run, 0 to 1.
[[nodiscard]] FigureOptions cropped(const SnapshotPtr& trace, double from, double to);
/// \return options with these parts only.
[[nodiscard]] FigureOptions withParts(const char* parts);

/// \return options with letters as outlines.
[[nodiscard]] FigureOptions asPaths();
/// \return what a figure's file says of where it comes from.
[[nodiscard]] QStringList factNames();

/// \return what \p program printed, given \p bytes in a file whose name replaces "%"; a null text when the
/// program is not installed. \p status: its exit status.
QString toolOutput(const QString& program, QStringList arguments, const QByteArray& bytes,
                   int& status);

/// \return what \p program makes of \p bytes: "%" stands for their file and "%o" for the picture's; null when the
/// program is not installed.
QImage drawnBy(const QString& program, QStringList arguments, const QByteArray& bytes);

/// \return the share of places, 5 pixels wide and high, where the pictures differ by more than a sixth in
/// brightness. The second one is scaled to the size of the first.
double differingShare(const QImage& first, const QImage& second);

} // namespace poolscope::test
