// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a CompareWindow writes: the table, the plots.

#include "core/io/replace_file.h"
#include "ui/compare/compare_window.h"
#include "ui/compare/distribution_view.h"
#include "ui/panels/message_bar.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

#include <ostream>

namespace poolscope {

namespace {

constexpr QSize kPicture(720, 760);
constexpr int kPixelsPerPoint = 3; ///< of a PNG, so that it can be printed

Result<void> write(const QString& path, const QByteArray& bytes)
{
    return replaceFileWith(QFile::encodeName(path).toStdString(),
                           [&bytes](std::ostream& out) -> Result<void> {
                               out.write(bytes.constData(), bytes.size());
                               return {};
                           });
}

void paint(QPainter& painter, const DistributionData& data, const QFont& font)
{
    const Theme theme = Theme::paper();
    const QRectF area(QPointF(0, 0), QSizeF(kPicture));
    painter.fillRect(area, theme.panel);
    paintDistributions(painter, area.adjusted(8, 8, -8, -8), data, theme, font);
}

QByteArray svgOf(const DistributionData& data, const QFont& font)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(kPicture);
    svg.setViewBox(QRect(QPoint(0, 0), kPicture));
    svg.setTitle(CompareWindow::tr("Distributions of run times and queue waits"));
    QPainter painter(&svg);
    paint(painter, data, font);
    painter.end();
    return bytes;
}

QByteArray pngOf(const DistributionData& data, const QFont& font)
{
    QImage image(kPicture * kPixelsPerPoint, QImage::Format_RGB32);
    image.setDevicePixelRatio(kPixelsPerPoint);
    QPainter painter(&image);
    paint(painter, data, font);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QBuffer::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QFileDialog* makeDialog(QWidget* parent, const QString& title, const QStringList& filters,
                        const QString& suffix)
{
    auto* dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(QStringLiteral("comparison.") + suffix);
    return dialog;
}

} // namespace

Result<void> CompareWindow::writeTable(const QString& path) const
{
    return write(path, comparisonCsv(*m_comparison).toUtf8());
}

Result<void> CompareWindow::writePicture(const QString& path) const
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QLatin1String("png") && suffix != QLatin1String("svg")) {
        return Error{tr("“%1” cannot be written: the name of the picture ends with .png or .svg.")
                         .arg(path)
                         .toStdString()};
    }
    const bool isSvg = suffix == QLatin1String("svg");
    return write(path, isSvg ? svgOf(m_plot->shown(), font()) : pngOf(m_plot->shown(), font()));
}

void CompareWindow::tell(const Result<void>& done, const QString& path)
{
    if (done) {
        m_message->showMessage(MessageBar::Kind::Information,
                               tr("Written: %1").arg(QDir::toNativeSeparators(path)));
    } else {
        m_message->showMessage(MessageBar::Kind::Error,
                               QString::fromStdString(done.error().message));
    }
}

void CompareWindow::askTable()
{
    QFileDialog* dialog =
        makeDialog(this, tr("Save table"), {tr("Table (*.csv)")}, QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& path) { tell(writeTable(path), path); });
    dialog->open();
}

void CompareWindow::askPicture()
{
    QFileDialog* dialog =
        makeDialog(this, tr("Save picture"), {tr("Picture (*.png)"), tr("Drawing (*.svg)")},
                   QStringLiteral("png"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.contains(QLatin1String(".svg")) ? QStringLiteral("svg")
                                                                        : QStringLiteral("png"));
    });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& path) { tell(writePicture(path), path); });
    dialog->open();
}

} // namespace poolscope
