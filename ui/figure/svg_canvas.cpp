// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/svg_canvas.h"

#include "ui/figure/svg_engine.h"

#include <cmath>
#include <limits>

namespace poolscope {

SvgCanvas::SvgCanvas(QSizeF sizePt, TextForm textForm)
    : m_sizePt(sizePt)
    , m_engine(std::make_unique<SvgEngine>(textForm))
{}

SvgCanvas::~SvgCanvas() = default;

QByteArray SvgCanvas::file(const Words& words) const
{
    const auto mm = [](double points) { return svgNumber(points / 72 * 25.4) + "mm"; };
    QByteArray family = xmlText(m_engine->family);
    family = (family.isEmpty() ? QByteArray() : '\'' + family + "', ") + "sans-serif";
    QByteArray text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" width=\"" +
                      mm(m_sizePt.width()) + "\" height=\"" + mm(m_sizePt.height()) +
                      "\" viewBox=\"0 0 " + svgNumber(m_sizePt.width()) + ' ' +
                      svgNumber(m_sizePt.height()) +
                      "\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"" + family +
                      "\" xml:space=\"preserve\">\n";
    text += "<title id=\"title\">" + xmlText(words.title) + "</title>\n<desc id=\"desc\">" +
            xmlText(words.description) + "</desc>\n";
    text += "<metadata>" + words.metadata + "</metadata>\n";
    if (!m_engine->definitions.isEmpty()) {
        text += "<defs>\n" + m_engine->definitions + "</defs>\n";
    }
    return text + m_engine->body + "</svg>\n";
}

int SvgCanvas::elementCount() const
{
    return m_engine->elements;
}

QPaintEngine* SvgCanvas::paintEngine() const
{
    return m_engine.get();
}

int SvgCanvas::metric(PaintDeviceMetric metric) const
{
    switch (metric) {
    case PdmWidth:
        return static_cast<int>(std::ceil(m_sizePt.width()));
    case PdmHeight:
        return static_cast<int>(std::ceil(m_sizePt.height()));
    case PdmWidthMM:
        return static_cast<int>(std::lround(m_sizePt.width() / 72 * 25.4));
    case PdmHeightMM:
        return static_cast<int>(std::lround(m_sizePt.height() / 72 * 25.4));
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY:
        return 72;
    case PdmNumColors:
        return std::numeric_limits<int>::max();
    case PdmDepth:
        return 24;
    case PdmDevicePixelRatio:
        return 1;
    case PdmDevicePixelRatioScaled:
        return static_cast<int>(devicePixelRatioFScale());
    }
    return 0;
}

} // namespace poolscope
