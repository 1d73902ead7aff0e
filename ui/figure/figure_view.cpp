// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_view.h"

#include "ui/figure/figure.h"
#include "ui/figure/figure_words.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

using figure::tr;

constexpr int kVersion = 1;
constexpr auto kVersionKey = "poolscope_view";

Error notA(const QString& what)
{
    return Error{tr("it should be %1").arg(what).toStdString()};
}

Result<void> readText(const QJsonValue& value, QString& text)
{
    if (!value.isString()) {
        return notA(tr("a text"));
    }
    text = value.toString();
    return {};
}

Result<void> readNumber(const QJsonValue& value, double& number)
{
    if (!value.isDouble()) {
        return notA(tr("a number"));
    }
    number = value.toDouble();
    return {};
}

Result<void> readWhole(const QJsonValue& value, int& number)
{
    const double given = value.toDouble(NAN);
    if (!(given >= -1e9 && given <= 1e9) || std::floor(given) < given) {
        return notA(tr("a whole number"));
    }
    number = static_cast<int>(given);
    return {};
}

Result<void> readRange(const QJsonValue& value, std::optional<TimeRange>& range)
{
    range.reset();
    if (value.isNull()) {
        return {};
    }
    const QJsonArray edges = value.toArray();
    if (edges.size() != 2 || !edges[0].isDouble() || !edges[1].isDouble()) {
        return notA(tr("[begin, end] in nanoseconds, or null for the whole run"));
    }
    range = TimeRange{edges[0].toInteger(), edges[1].toInteger()};
    return {};
}

/// Reads a word by \p parse into \p target.
template <class Value>
Result<void> readWord(const QJsonValue& value, Value& target,
                      Result<Value> (*parse)(const QString&))
{
    QString word;
    if (auto text = readText(value, word); !text) {
        return text;
    }
    auto parsed = parse(word);
    if (!parsed) {
        return parsed.error();
    }
    target = std::move(parsed).value();
    return {};
}

/// A key of a view: how its value is read and written.
struct ViewKey
{
    const char* key;
    QJsonValue (*get)(const FigureOptions& options);
    Result<void> (*set)(FigureOptions& options, const QJsonValue& value);
};

using Options = FigureOptions;

constexpr std::array kKeys{
    ViewKey{"width_mm", [](const Options& o) { return QJsonValue(o.widthMm); },
            [](Options& o, const QJsonValue& v) { return readNumber(v, o.widthMm); }},
    ViewKey{"height_mm", [](const Options& o) { return QJsonValue(o.heightMm); },
            [](Options& o, const QJsonValue& v) { return readNumber(v, o.heightMm); }},
    ViewKey{"dpi", [](const Options& o) { return QJsonValue(o.dpi); },
            [](Options& o, const QJsonValue& v) { return readWhole(v, o.dpi); }},
    ViewKey{"font_pt", [](const Options& o) { return QJsonValue(o.fontPt); },
            [](Options& o, const QJsonValue& v) { return readNumber(v, o.fontPt); }},
    ViewKey{"range_ns",
            [](const Options& o) {
                return o.range ? QJsonValue(
                                     QJsonArray{qint64{o.range->beginNs}, qint64{o.range->endNs}})
                               : QJsonValue();
            },
            [](Options& o, const QJsonValue& v) { return readRange(v, o.range); }},
    ViewKey{"lanes", [](const Options& o) { return QJsonValue(toText(o.lanes)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.lanes, &parseLaneChoice); }},
    ViewKey{"collapsed", [](const Options& o) { return QJsonValue(toWord(o.collapsed)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.collapsed, &executorsOf); }},
    ViewKey{"order", [](const Options& o) { return QJsonValue(toWord(o.order)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.order, &laneOrderOf); }},
    ViewKey{"colour_by", [](const Options& o) { return QJsonValue(toWord(o.colorBy)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.colorBy, &colorModeOf); }},
    ViewKey{"title", [](const Options& o) { return QJsonValue(o.title); },
            [](Options& o, const QJsonValue& v) { return readText(v, o.title); }},
    ViewKey{"panel", [](const Options& o) { return QJsonValue(o.panel); },
            [](Options& o, const QJsonValue& v) { return readText(v, o.panel); }},
    ViewKey{"parts", [](const Options& o) { return QJsonValue(toWord(o.parts)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.parts, &figurePartsOf); }},
    ViewKey{"theme", [](const Options& o) { return QJsonValue(toWord(o.theme)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.theme, &figureThemeOf); }},
    ViewKey{"text", [](const Options& o) { return QJsonValue(toWord(o.textForm)); },
            [](Options& o, const QJsonValue& v) { return readWord(v, o.textForm, &textFormOf); }},
    ViewKey{"most_names", [](const Options& o) { return QJsonValue(o.mostNames); },
            [](Options& o, const QJsonValue& v) { return readWhole(v, o.mostNames); }},
    ViewKey{"most_elements", [](const Options& o) { return QJsonValue(o.mostElements); },
            [](Options& o, const QJsonValue& v) { return readWhole(v, o.mostElements); }},
};

Error wrong(const QString& what)
{
    return Error{tr("This is no view that can be used: %1.").arg(what).toStdString()};
}

} // namespace

QByteArray toViewJson(const FigureOptions& options)
{
    QJsonObject view{{QLatin1String(kVersionKey), kVersion}};
    for (const ViewKey& key : kKeys) {
        view.insert(QLatin1String(key.key), key.get(options));
    }
    return QJsonDocument(view).toJson();
}

Result<FigureOptions> fromViewJson(const QByteArray& json)
{
    QJsonParseError parsed;
    const QJsonObject view = QJsonDocument::fromJson(json, &parsed).object();
    if (parsed.error != QJsonParseError::NoError) {
        return wrong(tr("%1 at byte %2").arg(parsed.errorString()).arg(parsed.offset));
    }
    const int version = view.value(QLatin1String(kVersionKey)).toInt();
    if (version != kVersion) {
        return wrong(
            version > kVersion
                ? tr("it is of version %1, made by a newer Poolscope").arg(version)
                : tr("\"%1\": %2 is missing").arg(QLatin1String(kVersionKey)).arg(kVersion));
    }
    FigureOptions options;
    for (auto it = view.begin(); it != view.end(); ++it) {
        if (it.key() == QLatin1String(kVersionKey)) {
            continue;
        }
        const auto found = std::ranges::find_if(
            kKeys, [&it](const ViewKey& key) { return it.key() == QLatin1String(key.key); });
        if (found == kKeys.end()) {
            return wrong(tr("\"%1\" is no key of a view").arg(it.key()));
        }
        if (auto set = found->set(options, it.value()); !set) {
            return wrong(
                tr("\"%1\": %2").arg(it.key(), QString::fromStdString(set.error().message)));
        }
    }
    if (auto checked = checkOptions(options); !checked) {
        return checked.error();
    }
    return options;
}

Result<FigureOptions> readViewFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return Error{
            tr("Cannot read the view %1: %2.").arg(path, file.errorString()).toStdString()};
    }
    constexpr qint64 kMostBytes = 1'000'000;
    auto options = fromViewJson(file.read(kMostBytes));
    if (!options) {
        return Error{(path + QStringLiteral(": ")).toStdString() + options.error().message};
    }
    return options;
}

Result<void> writeViewFile(const FigureOptions& options, const QString& path)
{
    return writeBytes(toViewJson(options), path);
}

} // namespace poolscope
