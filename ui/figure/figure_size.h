// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/figure/figure_options.h"

#include <QSizeF>

#include <array>
#include <span>

namespace poolscope {

inline constexpr double kMmPerInch = 25.4;
inline constexpr double kPointsPerInch = 72;

/// A size that journals, slides and posters ask for.
struct FigurePreset
{
    const char* id;
    const char* title; ///< English, for tr()
    double widthMm;
    double heightMm; ///< 0: as the lanes need
    int dpi;
    double fontPt; ///< what reads well at the distance it is seen from
};

/// \return the table: "column", "column_and_half", "two_columns", "slide", "poster".
[[nodiscard]] std::span<const FigurePreset> figurePresets();
/// \return the row of \p id, or nullptr.
[[nodiscard]] const FigurePreset* findFigurePreset(const QString& id);
void apply(const FigurePreset& preset, FigureOptions& options);
/// \return whether width, height and font are the preset's.
[[nodiscard]] bool matches(const FigurePreset& preset, const FigureOptions& options);

/// The resolutions to choose from: those that screens, printers and journals ask for.
inline constexpr std::array kFigureDpis{96, 144, 150, 300, 500, 600, 1000};

/// A length's unit.
enum class LengthUnit { Millimetre, Inch, Pixel };

/// \p dpi says how large a pixel is.
[[nodiscard]] double toMm(double length, LengthUnit unit, int dpi);
[[nodiscard]] double fromMm(double mm, LengthUnit unit, int dpi);
/// Reads "90", "90mm", "3.5 in" or "1920px". \return millimetres. Error: not a length.
[[nodiscard]] Result<double> parseLength(const QString& text, int dpi);

/// \return pixels of a picture that is \p points big: each side rounded to the nearest one.
[[nodiscard]] QSize pixelsOf(QSizeF points, double dpi);

} // namespace poolscope
