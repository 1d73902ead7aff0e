// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/svg_engine.h"

#include <QBuffer>
#include <QFontInfo>
#include <QImage>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

QByteArray attribute(const char* name, double value)
{
    return QByteArray(" ") + name + "=\"" + svgNumber(value) + '"';
}

QByteArray paint(const char* name, const QColor& color, double opacity)
{
    QByteArray text = QByteArray(" ") + name + "=\"" + color.name().toLatin1() + '"';
    const double alpha = static_cast<double>(color.alphaF()) * opacity;
    if (alpha < 0.9995) {
        text += QByteArray(" ") + name + "-opacity=\"" + svgNumber(alpha) + '"';
    }
    return text;
}

QByteArray rectangle(const QRectF& rect)
{
    return attribute("x", rect.x()) + attribute("y", rect.y()) + attribute("width", rect.width()) +
           attribute("height", rect.height());
}

/// A pen's dashes are given in its widths.
QByteArray dashes(const QPen& pen, double width)
{
    if (pen.style() == Qt::SolidLine) {
        return {};
    }
    QByteArray lengths;
    for (const double length : pen.dashPattern()) {
        lengths += (lengths.isEmpty() ? "" : ",") + svgNumber(length * width);
    }
    QByteArray text = " stroke-dasharray=\"" + lengths + '"';
    if (pen.dashOffset() > 0) {
        text += attribute("stroke-dashoffset", pen.dashOffset() * width);
    }
    return text;
}

} // namespace

QByteArray svgNumber(double value)
{
    QByteArray text = QByteArray::number(std::round(value * 1000) / 1000, 'f', 3);
    while (text.endsWith('0')) {
        text.chop(1);
    }
    if (text.endsWith('.')) {
        text.chop(1);
    }
    return text == "-0" ? QByteArray("0") : text;
}

QByteArray xmlText(QString text)
{
    text.removeIf([](QChar c) {
        return (c < u' ' && c != u'\n' && c != u'\t') || c == QChar(0xfffe) || c == QChar(0xffff);
    });
    return text.toHtmlEscaped().toUtf8(); // half a surrogate pair becomes a replacement character
}

void SvgEngine::updateState(const QPaintEngineState& now)
{
    const DirtyFlags dirty = now.state();
    if (dirty & DirtyTransform) {
        m_transform = now.transform();
    }
    if (dirty & DirtyPen) {
        m_pen = now.pen();
    }
    if (dirty & DirtyBrush) {
        m_brush = now.brush();
    }
    if (dirty & DirtyOpacity) {
        m_opacity = now.opacity();
    }
    if (dirty & DirtyClipPath) {
        clipTo(m_transform.map(now.clipPath()).boundingRect(), now.clipOperation());
    }
    if (dirty & DirtyClipRegion) {
        clipTo(m_transform.mapRect(QRectF(now.clipRegion().boundingRect())), now.clipOperation());
    }
    if (dirty & DirtyClipEnabled) {
        m_isClipEnabled = now.isClipEnabled();
    }
}

void SvgEngine::clipTo(const QRectF& rect, Qt::ClipOperation operation)
{
    if (operation == Qt::NoClip) { // as a painter is restored
        m_hasClip = false;
        return;
    }
    m_clip = operation == Qt::IntersectClip && m_hasClip ? m_clip.intersected(rect) : rect;
    m_hasClip = true;
}

void SvgEngine::openClip()
{
    const bool isClipping = m_hasClip && m_isClipEnabled;
    if (m_isOpen == isClipping && (!m_isOpen || m_written == m_clip)) {
        return;
    }
    closeClip();
    if (!isClipping) {
        return;
    }
    const QByteArray rect = rectangle(m_clip);
    auto found = m_clips.find(rect);
    if (found == m_clips.end()) {
        found = m_clips.insert(rect, static_cast<int>(m_clips.size()) + 1);
        definitions +=
            "<clipPath id=\"c" + QByteArray::number(*found) + "\"><rect" + rect + "/></clipPath>\n";
    }
    body += "<g clip-path=\"url(#c" + QByteArray::number(*found) + ")\">\n";
    m_written = m_clip;
    m_isOpen = true;
}

void SvgEngine::closeClip()
{
    if (m_isOpen) {
        body += "</g>\n";
        m_isOpen = false;
    }
}

void SvgEngine::write(const QByteArray& element)
{
    openClip();
    body += element;
    ++elements;
}

QByteArray SvgEngine::stroke() const
{
    if (m_pen.style() == Qt::NoPen || m_pen.color().alpha() == 0) {
        return {};
    }
    const double scale = std::hypot(m_transform.m11(), m_transform.m12());
    const double width = std::max(m_pen.widthF() * scale, 0.1);
    QByteArray text = paint("stroke", m_pen.color(), m_opacity) + attribute("stroke-width", width) +
                      dashes(m_pen, width);
    if (m_pen.capStyle() == Qt::RoundCap) {
        text += " stroke-linecap=\"round\"";
    } else if (m_pen.capStyle() == Qt::SquareCap) {
        text += " stroke-linecap=\"square\"";
    }
    if (m_pen.joinStyle() != Qt::MiterJoin) {
        text += m_pen.joinStyle() == Qt::RoundJoin ? " stroke-linejoin=\"round\""
                                                   : " stroke-linejoin=\"bevel\"";
    }
    return text;
}

QByteArray SvgEngine::fill() const
{
    return m_brush.style() == Qt::NoBrush ? QByteArray(" fill=\"none\"")
                                          : paint("fill", m_brush.color(), m_opacity);
}

void SvgEngine::drawRects(const QRectF* rects, int count)
{
    const QByteArray look = fill() + stroke();
    for (int i = 0; i < count; ++i) {
        if (m_transform.type() > QTransform::TxScale) {
            QPainterPath path;
            path.addRect(rects[i]);
            drawPath(path);
        } else {
            write("<rect" + rectangle(m_transform.mapRect(rects[i])) + look + "/>\n");
        }
    }
}

void SvgEngine::drawPath(const QPainterPath& path)
{
    const QPainterPath mapped = m_transform.map(path);
    QByteArray d;
    for (int i = 0; i < mapped.elementCount(); ++i) {
        const QPainterPath::Element element = mapped.elementAt(i);
        if (element.type != QPainterPath::CurveToDataElement) {
            d += element.type == QPainterPath::MoveToElement   ? 'M'
                 : element.type == QPainterPath::LineToElement ? 'L'
                                                               : 'C';
        } else {
            d += ' ';
        }
        d += svgNumber(element.x) + ' ' + svgNumber(element.y);
    }
    QByteArray rule;
    if (m_brush.style() != Qt::NoBrush && mapped.fillRule() == Qt::OddEvenFill) {
        rule = " fill-rule=\"evenodd\"";
    }
    write("<path d=\"" + d + '"' + fill() + rule + stroke() + "/>\n");
}

void SvgEngine::drawPolygon(const QPointF* points, int count, PolygonDrawMode mode)
{
    QByteArray list;
    for (int i = 0; i < count; ++i) {
        const QPointF at = m_transform.map(points[i]);
        list += (i > 0 ? " " : "") + svgNumber(at.x()) + ',' + svgNumber(at.y());
    }
    if (mode == PolylineMode) {
        write("<polyline points=\"" + list + "\" fill=\"none\"" + stroke() + "/>\n");
    } else {
        write("<polygon points=\"" + list + '"' + fill() + stroke() + "/>\n");
    }
}

void SvgEngine::drawPixmap(const QRectF& to, const QPixmap& pixmap, const QRectF& from)
{
    drawImage(to, pixmap.toImage(), from, Qt::AutoColor);
}

void SvgEngine::drawImage(const QRectF& to, const QImage& image, const QRectF& from,
                          Qt::ImageConversionFlags)
{
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    constexpr int kQuick = 70; // rows repeat, so zlib's quick levels are as good as its slow ones
    const QRect part = from.toAlignedRect();
    (part == image.rect() ? image : image.copy(part)).save(&buffer, "PNG", kQuick);
    write("<image" + rectangle(m_transform.mapRect(to)) +
          " preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64," + png.toBase64() +
          "\"/>\n");
}

void SvgEngine::drawTextItem(const QPointF& at, const QTextItem& item)
{
    if (m_textForm == TextForm::Paths) {
        QPaintEngine::drawTextItem(at, item); // comes back as a path
        return;
    }
    if (item.text().trimmed().isEmpty()) {
        return;
    }
    const QFont font = item.font();
    if (family.isEmpty()) {
        family = QFontInfo(font).family();
    }
    const double scale = std::hypot(m_transform.m11(), m_transform.m12());
    const QPointF mapped = m_transform.map(at);
    QByteArray place = attribute("x", mapped.x()) + attribute("y", mapped.y());
    if (m_transform.type() > QTransform::TxScale) { // turned
        const double angle = std::atan2(m_transform.m12(), m_transform.m11()) * 180 / M_PI;
        place += " transform=\"rotate(" + svgNumber(angle) + ' ' + svgNumber(mapped.x()) + ' ' +
                 svgNumber(mapped.y()) + ")\"";
    }
    QByteArray look = attribute("font-size", QFontInfo(font).pixelSize() * scale);
    if (font.weight() > QFont::Medium) {
        look += attribute("font-weight", font.weight());
    }
    // The width that was laid out: with another font, letters get narrower instead of overlapping.
    look += attribute("textLength", item.width() * scale) + " lengthAdjust=\"spacingAndGlyphs\"";
    write("<text" + place + look + paint("fill", m_pen.color(), m_opacity) + '>' +
          xmlText(item.text()) + "</text>\n");
}

} // namespace poolscope
