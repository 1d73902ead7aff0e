// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Figures as images and files.

#include "core/io/file_format.h"
#include "ui/figure/figure.h"
#include "ui/figure/figure_facts.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QHashFunctions>
#include <QPageSize>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include <algorithm>
#include <array>
#include <cmath>

namespace poolscope {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Figure", text);
}

FigureFacts factsOf(const Snapshot& snapshot, const FigureOptions& options)
{
    const TimeRange range = options.range.value_or(TimeRange{0, snapshot.nowNs});
    return figureFacts(snapshot, range, options.title, 0);
}

Result<QByteArray> renderPng(const Snapshot& snapshot, const FigureOptions& options)
{
    const QImage image = renderFigure(snapshot, options);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (image.isNull() || !buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) {
        return Error{
            tr("Cannot make a picture of %1 × %2 mm at %3 dpi: there is not enough memory for "
               "it. Choose a smaller size or fewer dots per inch.")
                .arg(options.sizeMm.width())
                .arg(options.sizeMm.height())
                .arg(options.dpi)
                .toStdString()};
    }
    return bytes;
}

/// Where the run's facts go in an SVG: one element a fact, in a namespace of our own.
QByteArray svgMetadata(const FigureFacts& facts)
{
    QString text =
        QStringLiteral("<metadata>\n<run xmlns=\"https://poolscope.invalid/ns/figure\">\n");
    for (const auto& [key, value] : facts.metadata) {
        text += QStringLiteral("<fact name=\"%1\">%2</fact>\n")
                    .arg(key.toHtmlEscaped(), value.toHtmlEscaped());
    }
    return (text + QStringLiteral("</run>\n</metadata>\n")).toUtf8();
}

Result<QByteArray> renderSvg(const Snapshot& snapshot, const FigureOptions& options)
{
    constexpr int kPartsPerInch = 2540; // sizes are whole numbers: hundredths of a millimetre
    const QSizeF points = figureSize(snapshot, options);
    const FigureFacts facts = factsOf(snapshot, options);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(kPartsPerInch);
    generator.setSize((points * (kPartsPerInch / 72.0)).toSize());
    generator.setViewBox(QRectF(QPointF(0, 0), points));
    generator.setTitle(facts.title.toHtmlEscaped());
    generator.setDescription(facts.altText.toHtmlEscaped());
    QPainter painter(&generator);
    paintFigure(painter, snapshot, options, points);
    painter.end();
    buffer.close();
    const QByteArray afterTitle("</desc>\n");
    const qsizetype place = bytes.indexOf(afterTitle);
    if (place < 0) {
        return Error{tr("Cannot make an SVG drawing of this run.").toStdString()};
    }
    bytes.insert(place + afterTitle.size(), svgMetadata(facts));
    return bytes;
}

/// Puts the run's date in place of the time of writing, and its id in place of a random one, each as
/// long as what was there: a PDF addresses its parts by their offset.
void makeReproducible(QByteArray& pdf, const TraceMeta& meta)
{
    const auto started =
        QDateTime::fromMSecsSinceEpoch(meta.startedUnixNs / kNanosPerMilli, Qt::UTC);
    const QByteArray id =
        QByteArray::fromStdString(meta.runId).leftJustified(32, '0', true).toLower();
    const QByteArray uuid = id.left(8) + '-' + id.mid(8, 4) + '-' + id.mid(12, 4) + '-' +
                            id.mid(16, 4) + '-' + id.mid(20, 12);
    const auto replaceAll = [&pdf](const char* pattern, const QByteArray& text) {
        const QRegularExpression expression(QString::fromLatin1(pattern));
        // Latin-1 keeps one character a byte, whatever the bytes are.
        const QString whole = QString::fromLatin1(pdf);
        for (auto found = expression.globalMatch(whole); found.hasNext();) {
            const QRegularExpressionMatch match = found.next();
            const qsizetype length = match.capturedLength(1);
            pdf.replace(match.capturedStart(1), length, text.leftJustified(length, ' ', true));
        }
    };
    replaceAll(R"(/CreationDate\s*\(D:(\d{14}))",
               started.toString(QStringLiteral("yyyyMMddHHmmss")).toLatin1());
    replaceAll(R"(/CreationDate\s*\(D:\d{14}([-+]\d\d'\d\d))", "+00'00");
    replaceAll(R"(<xmp:\w*Date>([^<]*)</xmp:\w*Date>)",
               started.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")).toLatin1() + "+00:00");
    replaceAll(R"(uuid:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}))", uuid);
}

/// The PDF writer lists its fonts in the order of a hash, which else differs from start to start.
class FixedHashOrder
{
public:
    FixedHashOrder() { QHashSeed::setDeterministicGlobalSeed(); }
    ~FixedHashOrder() { QHashSeed::resetRandomGlobalSeed(); }
    FixedHashOrder(const FixedHashOrder&) = delete;
    FixedHashOrder& operator=(const FixedHashOrder&) = delete;
};

Result<QByteArray> renderPdf(const Snapshot& snapshot, const FigureOptions& options)
{
    constexpr int kPdfDpi = 1200;
    const FixedHashOrder fixedOrder;
    const QSizeF points = figureSize(snapshot, options);
    const FigureFacts facts = factsOf(snapshot, options);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kPdfDpi);
    writer.setPageSize(QPageSize(points, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(facts.title);
    writer.setCreator(QStringLiteral("Poolscope ") +
                      QString::fromStdString(snapshot.meta->version));
    QPainter painter(&writer);
    if (!painter.isActive()) {
        return Error{tr("Cannot make a PDF page of this run.").toStdString()};
    }
    painter.scale(kPdfDpi / 72.0, kPdfDpi / 72.0);
    painter.setRenderHint(QPainter::LosslessImageRendering);
    paintFigure(painter, snapshot, options, points);
    painter.end();
    buffer.close();
    makeReproducible(bytes, *snapshot.meta);
    return bytes;
}

constexpr std::array kFormats{
    FigureFormat{"png", QT_TRANSLATE_NOOP("poolscope::Figure", "PNG pictures"), &renderPng},
    FigureFormat{"svg", QT_TRANSLATE_NOOP("poolscope::Figure", "SVG drawings"), &renderSvg},
    FigureFormat{"pdf", QT_TRANSLATE_NOOP("poolscope::Figure", "PDF pages"), &renderPdf},
};

} // namespace

std::span<const FigureFormat> figureFormats()
{
    return kFormats;
}

const FigureFormat* findFigureFormat(const QString& path)
{
    const QString suffix = QFileInfo(path).suffix();
    const auto found = std::ranges::find_if(kFormats, [&suffix](const FigureFormat& format) {
        return suffix.compare(QLatin1String(format.suffix), Qt::CaseInsensitive) == 0;
    });
    return found == kFormats.end() ? nullptr : &*found;
}

QImage renderFigure(const Snapshot& snapshot, const FigureOptions& options)
{
    const int dpi = std::clamp(options.dpi, 50, 1200);
    const QSizeF points = figureSize(snapshot, options);
    const double scale = dpi / 72.0;
    QImage image(static_cast<int>(std::lround(points.width() * scale)),
                 static_cast<int>(std::lround(points.height() * scale)), QImage::Format_RGB32);
    if (image.isNull()) {
        return image;
    }
    image.fill(options.theme.window);
    {
        QPainter painter(&image);
        painter.scale(scale, scale);
        painter.setRenderHint(QPainter::TextAntialiasing);
        paintFigure(painter, snapshot, options, points);
    }
    image.setDotsPerMeterX(static_cast<int>(std::lround(dpi / 0.0254)));
    image.setDotsPerMeterY(static_cast<int>(std::lround(dpi / 0.0254)));
    const FigureFacts facts = factsOf(snapshot, options);
    for (const auto& [key, text] : facts.metadata) {
        image.setText(key, text);
    }
    image.setText(QStringLiteral("Description"), facts.altText);
    return image;
}

Result<void> writeFigure(const Snapshot& snapshot, const FigureOptions& options,
                         const QString& path)
{
    const FigureFormat* format = findFigureFormat(path);
    if (format == nullptr) {
        return Error{tr("Cannot write %1: the end of its name says the kind of picture; give .png, "
                        ".svg or .pdf.")
                         .arg(path)
                         .toStdString()};
    }
    const Result<QByteArray> bytes = format->render(snapshot, options);
    if (!bytes) {
        return bytes.error();
    }
    return replaceFile(path.toStdString(),
                       std::string_view(bytes.value().constData(),
                                        static_cast<std::size_t>(bytes.value().size())));
}

} // namespace poolscope
