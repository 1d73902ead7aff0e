// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lab_picture.h"

#include "ui/figure/figure.h"
#include "ui/figure/svg_canvas.h"

#include <QBuffer>
#include <QFileInfo>
#include <QFontInfo>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr double kPointsPerPixel = 0.75;
constexpr double kMargin = 12;

} // namespace

LabPicture::LabPicture(QWidget* parent)
    : QWidget(parent)
    , m_theme(Theme::light())
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void LabPicture::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

void LabPicture::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

/// In pixels, so that a picture's layout is the same on devices of any resolution.
QFont LabPicture::pictureFont() const
{
    QFont font = this->font();
    font.setPixelSize(QFontInfo(font).pixelSize());
    return font;
}

void LabPicture::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(pictureFont());
    const QRectF inside = QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    if (isEmpty()) {
        painter.setPen(m_theme.dimText);
        painter.drawText(inside, Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    draw(painter, inside, m_theme);
}

void LabPicture::drawSheet(QPainter& painter, const QSizeF& size, const QString& title) const
{
    const Theme paper = Theme::paper();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRectF(QPointF(), size), paper.panel);
    painter.setFont(pictureFont());
    const double line = QFontMetricsF(painter.font()).height();
    const QRectF inside = QRectF(QPointF(), size).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    painter.setPen(paper.text);
    painter.drawText(
        QRectF(inside.topLeft(), QSizeF(inside.width(), line)), Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(painter.font()).elidedText(title, Qt::ElideRight, inside.width()));
    draw(painter, inside.adjusted(0, std::ceil(line * 1.6), 0, 0), paper);
}

QByteArray LabPicture::png(const QSizeF& size, const QString& title) const
{
    constexpr double kRatio = 2; // sharp on paper as well
    QImage image((size * kRatio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(kRatio);
    QPainter painter(&image);
    drawSheet(painter, size, title);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray LabPicture::svg(const QSizeF& size, const QString& title) const
{
    SvgCanvas canvas(size * kPointsPerPixel, TextForm::Text);
    QPainter painter(&canvas);
    painter.scale(kPointsPerPixel, kPointsPerPixel);
    drawSheet(painter, size, title);
    painter.end();
    return canvas.file({title, accessibleDescription(), {}});
}

QByteArray LabPicture::pdf(const QSizeF& size, const QString& title) const
{
    constexpr int kDpi = 1200;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kDpi);
    writer.setPageSize(
        QPageSize(size * kPointsPerPixel, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Poolscope"));
    QPainter painter(&writer);
    const double scale = kDpi / 72.0 * kPointsPerPixel;
    painter.scale(scale, scale);
    drawSheet(painter, size, title);
    painter.end();
    return bytes;
}

Result<void> LabPicture::write(const QString& path, const QString& title) const
{
    const QSizeF size = QSizeF(this->size()).expandedTo(sizeHint());
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("png")) {
        return writeBytes(png(size, title), path);
    }
    if (suffix == QLatin1String("svg")) {
        return writeBytes(svg(size, title), path);
    }
    if (suffix == QLatin1String("pdf")) {
        return writeBytes(pdf(size, title), path);
    }
    return Error{tr("Cannot write %1: the end of its name says the kind of picture; give .png, "
                    ".svg or .pdf.")
                     .arg(path)
                     .toStdString()};
}

} // namespace poolscope
