// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_options.h"

#include "ui/figure/figure_words.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

using figure::tr;

constexpr std::array kParts{
    FigurePart{"subtitle", QT_TRANSLATE_NOOP("poolscope::Figure", "Subtitle"),
               &FigureParts::hasSubtitle},
    FigurePart{"here", QT_TRANSLATE_NOOP("poolscope::Figure", "Place in the run"),
               &FigureParts::hasHere},
    FigurePart{"strip", QT_TRANSLATE_NOOP("poolscope::Figure", "Tasks per second"),
               &FigureParts::hasStrip},
    FigurePart{"legend", QT_TRANSLATE_NOOP("poolscope::Figure", "Legend"), &FigureParts::hasLegend},
    FigurePart{"numbers", QT_TRANSLATE_NOOP("poolscope::Figure", "Numbers"),
               &FigureParts::hasNumbers},
    FigurePart{"footer", QT_TRANSLATE_NOOP("poolscope::Figure", "Footer: program, run, machine"),
               &FigureParts::hasFooter},
};

constexpr std::array kThemes{
    std::pair{FigureTheme::Paper, "paper"}, std::pair{FigureTheme::Greyscale, "greyscale"},
    std::pair{FigureTheme::Dark, "dark"}, std::pair{FigureTheme::Light, "light"}};

constexpr std::array kForms{std::pair{TextForm::Text, "text"}, std::pair{TextForm::Paths, "paths"}};

constexpr std::array kColorModes{
    std::pair{ColorMode::Kind, "kind"},           std::pair{ColorMode::Name, "name"},
    std::pair{ColorMode::Executor, "executor"},   std::pair{ColorMode::Worker, "worker"},
    std::pair{ColorMode::Outcome, "outcome"},     std::pair{ColorMode::RunTime, "run_time"},
    std::pair{ColorMode::QueueWait, "queue_wait"}};
constexpr std::array kOrders{
    std::pair{LaneOrder::Number, "number"}, std::pair{LaneOrder::BusyShare, "busy"},
    std::pair{LaneOrder::Tasks, "tasks"}, std::pair{LaneOrder::Start, "start"}};

static_assert(kColorModes.size() == kColorModeCount);

template <class Table, class Value>
QString wordOf(const Table& table, Value value)
{
    const auto found =
        std::ranges::find_if(table, [value](const auto& row) { return row.first == value; });
    return found == table.end() ? QString() : QString::fromLatin1(found->second);
}

template <class Value, class Table>
Result<Value> valueOf(const Table& table, const QString& word)
{
    QStringList known;
    for (const auto& [value, text] : table) {
        if (word.compare(QLatin1String(text), Qt::CaseInsensitive) == 0) {
            return value;
        }
        known += QString::fromLatin1(text);
    }
    return Error{
        tr("“%1” is none of %2.").arg(word, known.join(QStringLiteral(", "))).toStdString()};
}

Error outside(const QString& what, double value, double least, double most)
{
    return Error{tr("%1 %2 cannot be: give a number from %3 to %4.")
                     .arg(what)
                     .arg(value)
                     .arg(least)
                     .arg(most)
                     .toStdString()};
}

} // namespace

std::span<const FigurePart> figureParts()
{
    return kParts;
}

Result<void> checkOptions(const FigureOptions& options)
{
    using Options = FigureOptions;
    const auto isIn = [](double value, double least, double most) {
        return value >= least && value <= most; // false for NaN
    };
    if (!isIn(options.widthMm, Options::kLeastMm, Options::kMostMm)) {
        return outside(tr("A width (mm) of"), options.widthMm, Options::kLeastMm, Options::kMostMm);
    }
    if (!isIn(options.heightMm, 0, Options::kMostMm) ||
        (options.heightMm > 0 && options.heightMm < Options::kLeastMm)) {
        return Error{tr("A height of %1 mm cannot be: give 0 (as the lanes need) or %2 to %3.")
                         .arg(options.heightMm)
                         .arg(Options::kLeastMm)
                         .arg(Options::kMostMm)
                         .toStdString()};
    }
    if (!isIn(options.dpi, Options::kLeastDpi, Options::kMostDpi)) {
        return outside(tr("A resolution (dpi) of"), options.dpi, Options::kLeastDpi,
                       Options::kMostDpi);
    }
    if (!isIn(options.fontPt, Options::kLeastFontPt, Options::kMostFontPt)) {
        return outside(tr("A font size (pt) of"), options.fontPt, Options::kLeastFontPt,
                       Options::kMostFontPt);
    }
    // What has no room for the lanes' names and a few ticks is no figure.
    constexpr double kLeastUnits = 14;
    const double widthPt = options.widthMm * 72 / 25.4;
    if (widthPt < kLeastUnits * options.fontPt) {
        return Error{tr("Text of %1 pt is too large for a width of %2 mm: give at most %3 pt.")
                         .arg(options.fontPt)
                         .arg(options.widthMm)
                         .arg(static_cast<int>(widthPt / kLeastUnits))
                         .toStdString()};
    }
    if (options.range && options.range->isEmpty()) {
        return Error{
            tr("The range of time is empty: its end must be after its beginning.").toStdString()};
    }
    if (options.mostNames < 1) {
        return Error{tr("A figure needs a colour for at least one task name.").toStdString()};
    }
    if (options.mostElements < 0) {
        return Error{tr("A drawing cannot have fewer than 0 elements.").toStdString()};
    }
    return {};
}

QString toWord(FigureTheme theme)
{
    return wordOf(kThemes, theme);
}

QString toWord(TextForm form)
{
    return wordOf(kForms, form);
}

Result<FigureTheme> figureThemeOf(const QString& word)
{
    return valueOf<FigureTheme>(kThemes, word);
}

Result<TextForm> textFormOf(const QString& word)
{
    return valueOf<TextForm>(kForms, word);
}

QString toWord(ColorMode mode)
{
    return wordOf(kColorModes, mode);
}

Result<ColorMode> colorModeOf(const QString& word)
{
    return valueOf<ColorMode>(kColorModes, word);
}

QString toWord(LaneOrder order)
{
    return wordOf(kOrders, order);
}

Result<LaneOrder> laneOrderOf(const QString& word)
{
    return valueOf<LaneOrder>(kOrders, word);
}

QString toWord(const std::vector<std::string>& executors)
{
    QStringList words;
    for (const std::string& executor : executors) {
        words += QString::fromStdString(executor);
    }
    return words.isEmpty() ? QStringLiteral("none") : words.join(u',');
}

Result<std::vector<std::string>> executorsOf(const QString& words)
{
    std::vector<std::string> executors;
    if (words.trimmed() == QLatin1String("none")) {
        return executors;
    }
    for (const QString& word : words.split(u',', Qt::SkipEmptyParts)) {
        executors.push_back(word.trimmed().toStdString());
    }
    return executors;
}

QString toWord(const FigureParts& parts)
{
    QStringList words;
    for (const FigurePart& part : kParts) {
        if (parts.*part.isShown) {
            words += QString::fromLatin1(part.id);
        }
    }
    return words.isEmpty() ? QStringLiteral("none") : words.join(u',');
}

Result<FigureParts> figurePartsOf(const QString& words)
{
    FigureParts parts;
    QStringList known;
    for (const FigurePart& part : kParts) {
        parts.*part.isShown = false;
        known += QString::fromLatin1(part.id);
    }
    if (words.trimmed() == QLatin1String("none")) {
        return parts;
    }
    const QStringList asked = words.split(u',', Qt::SkipEmptyParts);
    for (const QString& word : asked) {
        const auto found = std::ranges::find_if(kParts, [&word](const FigurePart& part) {
            return word.trimmed() == QLatin1String(part.id);
        });
        if (found == kParts.end()) {
            return Error{tr("“%1” is no part of a figure; there are %2, or none.")
                             .arg(word.trimmed(), known.join(QStringLiteral(", ")))
                             .toStdString()};
        }
        parts.*(found->isShown) = true;
    }
    return parts;
}

} // namespace poolscope
