// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"
#include "ui/figure/figure_facts.h"
#include "ui/figure/figure_options.h"

#include <QByteArray>
#include <QImage>
#include <QPainter>
#include <QSizeF>

#include <memory>
#include <span>

namespace poolscope {

struct FigureScene;

/// A picture of the timeline, laid out once and painted as often as wanted, on anything: the same for
/// PNG, SVG and PDF. Same snapshot and options, same picture. Making one reads the records in the range;
/// so do it on another thread than the GUI's. Needs a QGuiApplication (any platform, offscreen too).
/// Any thread, one at a time.
class Figure
{
public:
    /// Error: options that cannot be, lanes that the run has not, too low for the lanes.
    [[nodiscard]] static Result<Figure> make(const Snapshot& snapshot,
                                             const FigureOptions& options);
    Figure(Figure&& other) noexcept;
    Figure& operator=(Figure&& other) noexcept;
    ~Figure();

    [[nodiscard]] const FigureOptions& options() const;
    [[nodiscard]] const FigureFacts& facts() const;
    /// \return in points (1/72 inch).
    [[nodiscard]] QSizeF sizePt() const;
    /// \return of an image at the options' resolution.
    [[nodiscard]] QSize sizePx() const;
    [[nodiscard]] const Snapshot& snapshot() const;
    /// Where all lies, for tests.
    [[nodiscard]] const FigureScene& scene() const { return *m_scene; }

    /// Paints into sizePt().
    void paint(QPainter& painter) const;
    /// \return an image with its physical size and provenance texts set; null when there is no memory for
    /// it. \p dpi 0: the options'.
    [[nodiscard]] QImage image(double dpi = 0) const;
    /// \return the plotted bars as CSV.
    [[nodiscard]] QByteArray barsCsv() const;

private:
    explicit Figure(std::unique_ptr<FigureScene> scene);

    std::unique_ptr<FigureScene> m_scene;
};

/// A kind of file a figure can be written as.
struct FigureFormat
{
    const char* suffix; ///< without the dot, e.g. "svg"
    const char* title; ///< English, e.g. "SVG drawings"
    Result<QByteArray> (*render)(const Figure& figure);
};

/// \return the table: "png", "svg", "pdf".
[[nodiscard]] std::span<const FigureFormat> figureFormats();
/// \return the row for the suffix of \p path (any case) or nullptr.
[[nodiscard]] const FigureFormat* findFigureFormat(const QString& path);

/// Writes the figure in the format that the suffix of \p path names; an older file stays when that
/// fails. The same snapshot and options give the same bytes, today and tomorrow. Error: unknown
/// suffix, too large a picture, cannot write, disk full.
[[nodiscard]] Result<void> writeFigure(const Figure& figure, const QString& path);
[[nodiscard]] Result<void> writeFigure(const Snapshot& snapshot, const FigureOptions& options,
                                       const QString& path);
/// The same for bytes that are ready.
[[nodiscard]] Result<void> writeBytes(const QByteArray& bytes, const QString& path);

} // namespace poolscope
