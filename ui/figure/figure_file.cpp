// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Figures as files.

#include "core/io/file_format.h"
#include "ui/figure/figure.h"
#include "ui/figure/figure_size.h"
#include "ui/figure/figure_words.h"
#include "ui/figure/outline_text.h"
#include "ui/figure/pdf_info.h"
#include "ui/figure/svg_canvas.h"
#include "ui/figure/svg_engine.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QHashFunctions>
#include <QPageSize>
#include <QPdfWriter>

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

using figure::tr;

Result<QByteArray> renderPng(const Figure& figure)
{
    constexpr int kMostPixels = 32'767; // a side; beyond, Qt paints in the wrong place
    constexpr int kQuick = 70; // rows repeat, so zlib's quick levels are as good as its slow ones
    const QSize size = figure.sizePx();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    const bool isTooLarge = std::max(size.width(), size.height()) > kMostPixels;
    const QImage image = isTooLarge ? QImage() : figure.image();
    if (image.isNull() || !buffer.open(QIODevice::WriteOnly) ||
        !image.save(&buffer, "PNG", kQuick)) {
        return Error{tr("Cannot make a picture of %1 × %2 pixels: %3. Choose a smaller size, fewer "
                        "dots per inch, or a drawing (SVG, PDF).")
                         .arg(size.width())
                         .arg(size.height())
                         .arg(isTooLarge ? tr("a side has at most %1").arg(kMostPixels)
                                         : tr("there is not enough memory for it"))
                         .toStdString()};
    }
    return bytes;
}

/// Where the run's facts go in an SVG: one element a fact, in a namespace of our own.
QByteArray svgMetadata(const FigureFacts& facts)
{
    QByteArray text = "\n<run xmlns=\"https://poolscope.invalid/ns/figure\">\n";
    for (const auto& [key, value] : facts.metadata) {
        text += "<fact name=\"" + xmlText(key) + "\">" + xmlText(value) + "</fact>\n";
    }
    return text + "</run>\n";
}

Result<QByteArray> renderSvg(const Figure& figure)
{
    SvgCanvas canvas(figure.sizePt(), figure.options().textForm);
    QPainter painter(&canvas);
    figure.paint(painter);
    painter.end();
    return canvas.file({figure.facts().title, figure.facts().altText, svgMetadata(figure.facts())});
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

PdfInfo pdfInfoOf(const Figure& figure)
{
    const TraceMeta& meta = *figure.snapshot().meta;
    PdfInfo info;
    info.facts = figure.facts().metadata;
    info.facts.emplace_back(QStringLiteral("Subject"), figure.facts().altText);
    info.facts.emplace_back(QStringLiteral("Creator"),
                            QStringLiteral("Poolscope ") + figure::fromStd(meta.version));
    info.date = QDateTime::fromMSecsSinceEpoch(meta.startedUnixNs / kNanosPerMilli, Qt::UTC);
    info.id = QByteArray::fromStdString(meta.runId).leftJustified(32, '0', true).toLower();
    return info;
}

void paintPdf(QPdfWriter& writer, QPainter& painter, const Figure& figure)
{
    painter.scale(writer.resolution() / kPointsPerInch, writer.resolution() / kPointsPerInch);
    painter.setRenderHint(QPainter::LosslessImageRendering);
    if (figure.options().textForm == TextForm::Text) {
        figure.paint(painter);
        return;
    }
    OutlineTextDevice outlines(painter, figure.sizePt());
    QPainter onOutlines(&outlines);
    onOutlines.setRenderHint(QPainter::LosslessImageRendering);
    figure.paint(onOutlines);
}

Result<QByteArray> renderPdf(const Figure& figure)
{
    constexpr int kPdfDpi = 1200;
    const FixedHashOrder fixedOrder;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kPdfDpi);
        writer.setPageSize(
            QPageSize(figure.sizePt(), QPageSize::Point, QString(), QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF());
        writer.setTitle(figure.facts().title);
        writer.setCreator(QStringLiteral("Poolscope"));
        QPainter painter(&writer);
        if (!painter.isActive()) {
            return Error{tr("Cannot make a PDF page of this run.").toStdString()};
        }
        paintPdf(writer, painter, figure);
    }
    buffer.close();
    if (!setPdfInfo(bytes, pdfInfoOf(figure))) {
        return Error{tr("Cannot make a PDF page of this run.").toStdString()};
    }
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

Result<void> writeBytes(const QByteArray& bytes, const QString& path)
{
    return replaceFile(QFile::encodeName(path).toStdString(),
                       std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Result<void> writeFigure(const Figure& figure, const QString& path)
{
    const FigureFormat* format = findFigureFormat(path);
    if (format == nullptr) {
        return Error{tr("Cannot write %1: the end of its name says the kind of picture; give .png, "
                        ".svg or .pdf.")
                         .arg(path)
                         .toStdString()};
    }
    const Result<QByteArray> bytes = format->render(figure);
    return bytes ? writeBytes(bytes.value(), path) : Result<void>(bytes.error());
}

Result<void> writeFigure(const Snapshot& snapshot, const FigureOptions& options,
                         const QString& path)
{
    const Result<Figure> figure = Figure::make(snapshot, options);
    return figure ? writeFigure(figure.value(), path) : Result<void>(figure.error());
}

} // namespace poolscope
