// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/line_icon.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace poolscope {

namespace {

constexpr int kGrid = 20; ///< the icons' own size

QPixmap render(QByteArray svg, const QColor& colour, int ratio)
{
    svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(kGrid * ratio, kGrid * ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

} // namespace

QIcon lineIcon(const QString& name, const QColor& colour, const QColor& disabled)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray svg = file.readAll();
    QIcon icon;
    for (const int ratio : {1, 2, 3}) {
        icon.addPixmap(render(svg, colour, ratio), QIcon::Normal);
        icon.addPixmap(render(svg, disabled, ratio), QIcon::Disabled);
    }
    return icon;
}

QIcon lineIcon(const QString& name, const Theme& theme)
{
    return lineIcon(name, theme.text,
                    theme.palette.color(QPalette::Disabled, QPalette::ButtonText));
}

QIcon programIcon()
{
    // Drawn here rather than by QIcon, which would need a plugin for it.
    QSvgRenderer renderer(QStringLiteral(":/poolscope.svg"));
    QIcon icon;
    for (const int size : {24, 48, 128}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace poolscope
