// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/svg_canvas.h"

#include "ui/figure/svg_engine.h"

namespace poolscope {

SvgCanvas::SvgCanvas(QSizeF sizePt, TextForm textForm)
    : PointDevice(sizePt)
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
                      mm(sizePt().width()) + "\" height=\"" + mm(sizePt().height()) +
                      "\" viewBox=\"0 0 " + svgNumber(sizePt().width()) + ' ' +
                      svgNumber(sizePt().height()) +
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

} // namespace poolscope
