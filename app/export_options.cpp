// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export_options.h"

#include "app/command_line_text.h"
#include "ui/figure/figure_size.h"
#include "ui/figure/figure_view.h"

#include <QStringList>

#include <cmath>

namespace poolscope {

namespace {

using Cli = CommandLine;

QCommandLineOption option(const char* name, const QString& description, const QString& value)
{
    return {QString::fromLatin1(name), description, value};
}

QStringList presetIds()
{
    QStringList ids;
    for (const FigurePreset& preset : figurePresets()) {
        ids += QString::fromLatin1(preset.id);
    }
    return ids;
}

QStringList partIds()
{
    QStringList ids;
    for (const FigurePart& part : figureParts()) {
        ids += QString::fromLatin1(part.id);
    }
    return ids;
}

/// Reads the value of an option by \p parse into \p target.
template <class Value>
Result<void> readWord(const QString& text, Value& target, Result<Value> (*parse)(const QString&))
{
    auto value = parse(text);
    if (!value) {
        return value.error();
    }
    target = std::move(value).value();
    return {};
}

} // namespace

ExportOptions::ExportOptions()
    : output({QStringLiteral("o"), QStringLiteral("output")},
             Cli::tr("What to write, by suffix: .png .svg .pdf .json .csv .pscope; repeatable."),
             Cli::tr("file"))
    , bars(option("bars", Cli::tr("Writes the bars of the picture as CSV."), Cli::tr("file")))
    , caption(option("caption",
                     Cli::tr("Writes a caption for the picture, and its alternative text."),
                     Cli::tr("file")))
    , writeView(option("write-view", Cli::tr("Writes these options as a view, for --view."),
                       Cli::tr("file")))
    , help({QStringLiteral("h"), QStringLiteral("help")}, Cli::tr("Prints this text."))
    , m_view(option("view",
                    Cli::tr("Takes the options of a picture from a view; others given beside "
                            "it count instead."),
                    Cli::tr("file")))
    , m_size(option("size",
                    Cli::tr("Size, resolution and font for a purpose: %1.")
                        .arg(presetIds().join(QStringLiteral(", "))),
                    Cli::tr("name")))
    , m_width(option("width",
                     Cli::tr("Width of a picture, as in 190mm, 3.5in or 1920px; default: "
                             "190mm."),
                     Cli::tr("length")))
    , m_height(option("height", Cli::tr("Height of a picture; 0, the default: as the lanes need."),
                      Cli::tr("length")))
    , m_dpi(option("dpi", Cli::tr("Resolution of a picture in dots per inch; default: 300."),
                   Cli::tr("dpi")))
    , m_font(option("font-size", Cli::tr("Size of the text in points, 8 (the default) or more."),
                    Cli::tr("pt")))
    , m_from(option("from", Cli::tr("Begin of the range in a picture, in milliseconds."),
                    Cli::tr("ms")))
    , m_to(option("to", Cli::tr("End of the range in a picture, in milliseconds."), Cli::tr("ms")))
    , m_lanes(option("lanes",
                     Cli::tr("Lanes of a picture, as in threads:0-3,processes:1; default: "
                             "all."),
                     Cli::tr("lanes")))
    , m_collapse(option("collapse",
                        Cli::tr("Executors with one row for all workers, as in threads,processes; "
                                "or none."),
                        Cli::tr("list")))
    , m_order(option("order",
                     Cli::tr("Order of an executor's lanes: number (the default), busy, tasks or "
                             "start."),
                     Cli::tr("order")))
    , m_colorBy(option("colour-by",
                       Cli::tr("What colours say: kind (the default), name, executor, worker, "
                               "outcome, run_time or queue_wait."),
                       Cli::tr("what")))
    , m_title(option("title", Cli::tr("Title of a picture; default: made from the run."),
                     Cli::tr("text")))
    , m_panel(option("panel", Cli::tr("Letter before the title, as in (a)."), Cli::tr("letter")))
    , m_parts(option("parts",
                     Cli::tr("What is shown beside the lanes, by commas, of %1; or none.")
                         .arg(partIds().join(QStringLiteral(", "))),
                     Cli::tr("list")))
    , m_theme(option("theme",
                     Cli::tr("Colours of a picture: paper (the default), greyscale, dark or "
                             "light."),
                     Cli::tr("name")))
    , m_text(option("text", Cli::tr("Letters of a drawing: text (the default) or paths."),
                    Cli::tr("form")))
    , m_mostNames(option("most-names", Cli::tr("How many task names get a colour; default: 8."),
                         Cli::tr("n")))
    , m_mostElements(option("most-elements",
                            Cli::tr("Lanes of a drawing with more elements become pixels; default: "
                                    "20000."),
                            Cli::tr("n")))
{
    parser.setApplicationDescription(Cli::tr("Writes a recorded run as a picture or as data."));
    parser.addPositionalArgument("run.pscope", Cli::tr("The run file to read."));
    parser.addOptions({output,      m_view,         m_size,  m_width, m_height,   m_dpi,
                       m_font,      m_from,         m_to,    m_lanes, m_collapse, m_order,
                       m_colorBy,   m_title,        m_panel, m_parts, m_theme,    m_text,
                       m_mostNames, m_mostElements, bars,    caption, writeView,  help});
}

Error ExportOptions::wrong(const QCommandLineOption& option, const QString& why) const
{
    return Error{QStringLiteral("--%1 %2: %3")
                     .arg(option.names().constLast(), parser.value(option), why)
                     .toStdString()};
}

Result<double> ExportOptions::number(const QCommandLineOption& option) const
{
    bool isNumber = false;
    const double value = parser.value(option).toDouble(&isNumber);
    if (!isNumber || !std::isfinite(value) || std::abs(value) > 1e10) {
        return wrong(option, Cli::tr("give a number."));
    }
    return value;
}

Result<void> ExportOptions::readSize(FigureOptions& figure) const
{
    if (parser.isSet(m_size)) {
        const FigurePreset* preset = findFigurePreset(parser.value(m_size));
        if (preset == nullptr) {
            return wrong(m_size,
                         Cli::tr("give one of %1.").arg(presetIds().join(QStringLiteral(", "))));
        }
        apply(*preset, figure);
    }
    if (parser.isSet(m_dpi)) {
        const auto dpi = number(m_dpi);
        if (!dpi || dpi.value() < FigureOptions::kLeastDpi ||
            dpi.value() > FigureOptions::kMostDpi) {
            return wrong(m_dpi, Cli::tr("give a number from %1 to %2.")
                                    .arg(FigureOptions::kLeastDpi)
                                    .arg(FigureOptions::kMostDpi));
        }
        figure.dpi = static_cast<int>(dpi.value());
    }
    for (const auto& [option, mm] :
         {std::pair{&m_width, &figure.widthMm}, std::pair{&m_height, &figure.heightMm}}) {
        if (parser.isSet(*option)) {
            const auto length = parseLength(parser.value(*option), figure.dpi);
            if (!length) {
                return wrong(*option, QString::fromStdString(length.error().message));
            }
            *mm = length.value();
        }
    }
    if (parser.isSet(m_font)) {
        const auto size = number(m_font);
        if (!size) {
            return size.error();
        }
        figure.fontPt = size.value();
    }
    return {};
}

Result<void> ExportOptions::readRange(FigureOptions& figure, const Snapshot& snapshot) const
{
    if (!parser.isSet(m_from) && !parser.isSet(m_to)) {
        return {};
    }
    TimeRange range = figure.range.value_or(TimeRange{0, snapshot.nowNs});
    for (const auto& [option, edge] :
         {std::pair{&m_from, &range.beginNs}, std::pair{&m_to, &range.endNs}}) {
        if (!parser.isSet(*option)) {
            continue;
        }
        const auto millis = number(*option);
        if (!millis || millis.value() < 0) {
            return wrong(*option, Cli::tr("give a number of milliseconds, 0 or more."));
        }
        *edge = std::llround(millis.value() * static_cast<double>(kNanosPerMilli));
    }
    if (range.isEmpty()) {
        return Error{Cli::tr("--from and --to: the range is empty; the run takes %1 ms.")
                         .arg(static_cast<double>(snapshot.nowNs) / 1e6)
                         .toStdString()};
    }
    figure.range = range;
    return {};
}

Result<void> ExportOptions::readLook(FigureOptions& figure) const
{
    const auto read = [&](const QCommandLineOption& option, auto& target,
                          auto parse) -> Result<void> {
        if (!parser.isSet(option)) {
            return {};
        }
        auto result = readWord(parser.value(option), target, parse);
        return result ? result : wrong(option, QString::fromStdString(result.error().message));
    };
    for (const auto& result :
         {read(m_lanes, figure.lanes, &parseLaneChoice),
          read(m_collapse, figure.collapsed, &executorsOf),
          read(m_order, figure.order, &laneOrderOf), read(m_colorBy, figure.colorBy, &colorModeOf),
          read(m_parts, figure.parts, &figurePartsOf), read(m_theme, figure.theme, &figureThemeOf),
          read(m_text, figure.textForm, &textFormOf)}) {
        if (!result) {
            return result;
        }
    }
    for (const auto& [option, text] :
         {std::pair{&m_title, &figure.title}, std::pair{&m_panel, &figure.panel}}) {
        if (parser.isSet(*option)) {
            *text = parser.value(*option);
        }
    }
    for (const auto& [option, count] : {std::pair{&m_mostNames, &figure.mostNames},
                                        std::pair{&m_mostElements, &figure.mostElements}}) {
        if (parser.isSet(*option)) {
            bool isNumber = false;
            *count = parser.value(*option).toInt(&isNumber);
            if (!isNumber) {
                return wrong(*option, Cli::tr("give a whole number."));
            }
        }
    }
    return {};
}

Result<FigureOptions> ExportOptions::figure(const Snapshot& snapshot) const
{
    FigureOptions figure;
    if (parser.isSet(m_view)) {
        auto view = readViewFile(parser.value(m_view));
        if (!view) {
            return view.error();
        }
        figure = std::move(view).value();
    }
    for (const auto& result :
         {readSize(figure), readRange(figure, snapshot), readLook(figure), checkOptions(figure)}) {
        if (!result) {
            return result.error();
        }
    }
    return figure;
}

} // namespace poolscope
