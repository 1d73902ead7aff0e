// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/line_icon.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace poolscope {

namespace {

constexpr int kGrid = 20; ///< the icons' own size

/// Drawn once: a window that changes its state asks for all of its icons again.
QPixmap render(const QString& name, const QByteArray& svg, const QColor& colour, int ratio)
{
    const QByteArray colourName = colour.name(QColor::HexRgb).toLatin1();
    const QString key = QStringLiteral("lineIcon/%1/%2/%3")
                            .arg(name, QString::fromLatin1(colourName), QString::number(ratio));
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    QSvgRenderer renderer(QByteArray(svg).replace("currentColor", colourName));
    pixmap = QPixmap(kGrid * ratio, kGrid * ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    QPixmapCache::insert(key, pixmap);
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
        icon.addPixmap(render(name, svg, colour, ratio), QIcon::Normal);
        icon.addPixmap(render(name, svg, disabled, ratio), QIcon::Disabled);
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
