// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/lane_columns.h"
#include "ui/figure/lane_choice.h"
#include "ui/timeline/lane_arrangement.h"
#include "ui/timeline/task_coloring.h"

#include <QString>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace poolscope {

/// The colours of a figure.
enum class FigureTheme {
    Paper, ///< Okabe-Ito on white
    Greyscale, ///< kinds differ in lightness, for printers without colour
    Dark, ///< for slides
    Light, ///< as the window
};

/// What letters are in a drawing.
enum class TextForm {
    Text, ///< text: can be searched and edited
    Paths, ///< outlines: look the same where the font is missing
};

/// What a figure shows beside title, lanes and axis.
struct FigureParts
{
    bool hasSubtitle = true; ///< what ran, in a sentence
    bool hasHere = false; ///< where the crop lies in the run
    bool hasStrip = true; ///< tasks a second below the lanes
    bool hasLegend = true;
    bool hasNumbers = true;
    bool hasFooter = true; ///< what program, run, machine; without it they are in the file only

    friend bool operator==(const FigureParts&, const FigureParts&) = default;
};

/// A row of the table of parts: \p id is the word in files and on the command line.
struct FigurePart
{
    const char* id;
    const char* title; ///< English, for tr()
    bool FigureParts::*isShown;
};
[[nodiscard]] std::span<const FigurePart> figureParts();

/// What a picture of the timeline looks like. A plain value: what is added here gets its line in
/// figure_view.cpp, where view files are read and written.
struct FigureOptions
{
    double widthMm = 190; ///< kLeastMm to kMostMm
    double heightMm = 0; ///< 0: as the lanes need
    int dpi = 300; ///< of pictures, kLeastDpi to kMostDpi
    double fontPt = 8; ///< of most text at the final size, kLeastFontPt to kMostFontPt
    std::optional<TimeRange> range; ///< nothing: the whole run
    LaneChoice lanes;
    std::vector<std::string> collapsed; ///< kinds of executors whose lanes are one row
    LaneOrder order = LaneOrder::Number; ///< of the lanes of an executor, over the whole run
    ColorMode colorBy = ColorMode::Kind; ///< what the colour of a task says
    QString title; ///< empty: made from the run
    QString panel; ///< letter before the title, e.g. "a"
    FigureParts parts;
    FigureTheme theme = FigureTheme::Paper;
    TextForm textForm = TextForm::Text;
    int mostNames = 8; ///< of tasks that get a colour of their own; the others are grey
    int mostElements = 20'000; ///< of a drawing's lanes; beyond, they become pixels of 600 dpi
    QString
        runFileHash; ///< SHA-256 of the run's file in hexadecimal, if it has one; not part of a view

    static constexpr double kLeastMm = 40;
    static constexpr double kMostMm = 2000;
    static constexpr int kLeastDpi = 50;
    static constexpr int kMostDpi = 1200;
    static constexpr double kLeastFontPt = 8; ///< the smallest text is 7/8 of it
    static constexpr double kMostFontPt = 72;

    friend bool operator==(const FigureOptions&, const FigureOptions&) = default;
};

/// \return what \p options say that cannot be, with what can.
[[nodiscard]] Result<void> checkOptions(const FigureOptions& options);

/// \return "paper", "greyscale", "dark", "light"; "text", "paths".
[[nodiscard]] QString toWord(FigureTheme theme);
[[nodiscard]] QString toWord(TextForm form);
/// \return "kind", "name", "executor", "worker", "outcome", "run_time", "queue_wait".
[[nodiscard]] QString toWord(ColorMode mode);
/// Error: not one of these words; says which.
[[nodiscard]] Result<FigureTheme> figureThemeOf(const QString& word);
[[nodiscard]] Result<TextForm> textFormOf(const QString& word);
[[nodiscard]] Result<ColorMode> colorModeOf(const QString& word);

/// \return "number", "busy", "tasks", "start".
[[nodiscard]] QString toWord(LaneOrder order);
/// Error: not one of these words; says which.
[[nodiscard]] Result<LaneOrder> laneOrderOf(const QString& word);

/// \return the kinds of executors, by commas; "none" for none.
[[nodiscard]] QString toWord(const std::vector<std::string>& executors);
/// Reads such a list. Any names will do: checkLanes() knows whether a run has them.
[[nodiscard]] Result<std::vector<std::string>> executorsOf(const QString& words);

/// \return the shown parts' ids, by commas; "none" for none.
[[nodiscard]] QString toWord(const FigureParts& parts);
/// Reads such a list. Error: an unknown part; says which there are.
[[nodiscard]] Result<FigureParts> figurePartsOf(const QString& words);

} // namespace poolscope
