// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_size.h"

#include "ui/figure/figure_words.h"

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

// A slide of 13.3 inches, as presentation programs have them, is 1920 × 1080 pixels at 144 dpi.
constexpr int kSlideDpi = 144;
constexpr double kSlideMm = kMmPerInch / kSlideDpi;

constexpr std::array kPresets{
    FigurePreset{"column", QT_TRANSLATE_NOOP("poolscope::Figure", "One column, 90 mm"), 90, 0, 300,
                 8},
    FigurePreset{"column_and_half",
                 QT_TRANSLATE_NOOP("poolscope::Figure", "One and a half columns, 140 mm"), 140, 0,
                 300, 8},
    FigurePreset{"two_columns", QT_TRANSLATE_NOOP("poolscope::Figure", "Two columns, 190 mm"), 190,
                 0, 300, 8},
    FigurePreset{"slide", QT_TRANSLATE_NOOP("poolscope::Figure", "Slide, 1920 × 1080 pixels"),
                 1920 * kSlideMm, 1080 * kSlideMm, kSlideDpi, 14},
    FigurePreset{"poster", QT_TRANSLATE_NOOP("poolscope::Figure", "Poster, A0 width 841 mm"), 841,
                 0, 150, 24},
};

bool isNear(double a, double b)
{
    return std::abs(a - b) < 0.01;
}

} // namespace

std::span<const FigurePreset> figurePresets()
{
    return kPresets;
}

const FigurePreset* findFigurePreset(const QString& id)
{
    const auto found = std::ranges::find_if(
        kPresets, [&id](const FigurePreset& preset) { return id == QLatin1String(preset.id); });
    return found == kPresets.end() ? nullptr : &*found;
}

void apply(const FigurePreset& preset, FigureOptions& options)
{
    options.widthMm = preset.widthMm;
    options.heightMm = preset.heightMm;
    options.dpi = preset.dpi;
    options.fontPt = preset.fontPt;
}

bool matches(const FigurePreset& preset, const FigureOptions& options)
{
    return isNear(preset.widthMm, options.widthMm) && isNear(preset.heightMm, options.heightMm) &&
           isNear(preset.fontPt, options.fontPt);
}

double toMm(double length, LengthUnit unit, int dpi)
{
    switch (unit) {
    case LengthUnit::Inch:
        return length * kMmPerInch;
    case LengthUnit::Pixel:
        return length / dpi * kMmPerInch;
    case LengthUnit::Millimetre:
        break;
    }
    return length;
}

double fromMm(double mm, LengthUnit unit, int dpi)
{
    switch (unit) {
    case LengthUnit::Inch:
        return mm / kMmPerInch;
    case LengthUnit::Pixel:
        return mm / kMmPerInch * dpi;
    case LengthUnit::Millimetre:
        break;
    }
    return mm;
}

Result<double> parseLength(const QString& text, int dpi)
{
    QString number = text.trimmed();
    auto unit = LengthUnit::Millimetre;
    for (const auto& [suffix, meant] :
         {std::pair{"mm", LengthUnit::Millimetre}, std::pair{"in", LengthUnit::Inch},
          std::pair{"px", LengthUnit::Pixel}}) {
        if (number.endsWith(QLatin1String(suffix), Qt::CaseInsensitive)) {
            number.chop(2);
            unit = meant;
            break;
        }
    }
    bool isNumber = false;
    const double length = number.trimmed().toDouble(&isNumber);
    if (!isNumber || !std::isfinite(length) || length < 0) {
        return Error{figure::tr("“%1” is no length: give a number with mm, in or px, as in 90mm, "
                                "3.5in or 1920px; a bare number is in millimetres.")
                         .arg(text)
                         .toStdString()};
    }
    return toMm(length, unit, dpi);
}

QSize pixelsOf(QSizeF points, double dpi)
{
    const auto pixels = [dpi](double length) {
        return static_cast<int>(
            std::clamp<long long>(std::llround(length / kPointsPerInch * dpi), 1, 1'000'000));
    };
    return {pixels(points.width()), pixels(points.height())};
}

} // namespace poolscope
