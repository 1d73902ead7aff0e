// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_dialog.h"

#include "ui/common/format.h"
#include "ui/figure/figure_size.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMimeData>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kPreviewDpi = 96;
constexpr QSize kPreviewSize(560, 300);

// A slide of 16 : 9 is 1920 pixels wide at 144 dots per inch.
constexpr double kSlideWidthMm = 338.667;

} // namespace

ExportDialog::ExportDialog(const ViewState& state, QWidget* parent)
    : QDialog(parent)
    , m_snapshot(state.snapshot())
    , m_width(new QComboBox(this))
    , m_dpi(new QComboBox(this))
    , m_range(new QComboBox(this))
    , m_colours(new QComboBox(this))
    , m_title(new QLineEdit(this))
    , m_preview(new QLabel(this))
    , m_size(new QLabel(this))
{
    setWindowTitle(tr("Export picture"));
    setAttribute(Qt::WA_DeleteOnClose);
    createFields(state);
    createLayout();
    for (QComboBox* box : {m_width, m_dpi, m_range, m_colours}) {
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::updatePreview);
    }
    connect(m_title, &QLineEdit::textChanged, this, &ExportDialog::updatePreview);
    updatePreview();
}

void ExportDialog::createFields(const ViewState& state)
{
    m_width->addItem(tr("One column, 90 mm"), 90.0);
    m_width->addItem(tr("One and a half columns, 140 mm"), 140.0);
    m_width->addItem(tr("Two columns, 190 mm"), 190.0);
    m_width->addItem(tr("Slide, 339 mm"), kSlideWidthMm);
    m_width->setCurrentIndex(2);
    m_width->setAccessibleName(tr("Width"));
    for (const int dpi : {96, 144, 300, 600, 1000}) {
        m_dpi->addItem(tr("%1 dots per inch").arg(dpi), dpi);
    }
    m_dpi->setCurrentIndex(2);
    m_dpi->setAccessibleName(tr("Resolution"));

    m_range->addItem(tr("Whole run"));
    m_ranges.emplace_back(std::nullopt);
    m_range->addItem(tr("What is seen, %1").arg(formatDuration(state.visible().duration())));
    m_ranges.emplace_back(state.visible());
    if (const auto selection = state.selection()) {
        m_range->addItem(tr("Selection, %1").arg(formatDuration(selection->duration())));
        m_ranges.emplace_back(selection);
    }
    m_range->setCurrentIndex(state.selection() ? 2 : 0);
    m_range->setAccessibleName(tr("Range"));
    m_colours->addItem(tr("On white, for paper"));
    m_colours->addItem(tr("On dark, for slides"));
    m_colours->setAccessibleName(tr("Colours"));
    m_title->setPlaceholderText(tr("Made from the run"));
    m_title->setAccessibleName(tr("Title"));
}

void ExportDialog::createLayout()
{
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("&Range"), m_range);
    form->addRow(tr("&Width"), m_width);
    form->addRow(tr("R&esolution"), m_dpi);
    form->addRow(tr("&Colours"), m_colours);
    form->addRow(tr("&Title"), m_title);

    m_preview->setMinimumSize(kPreviewSize);
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setFrameShape(QFrame::StyledPanel);
    m_preview->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_preview->setAccessibleName(tr("Preview"));
    m_size->setAlignment(Qt::AlignRight);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* copy = buttons->addButton(tr("Co&py picture"), QDialogButtonBox::ActionRole);
    copy->setToolTip(tr("Copy the picture to the clipboard, as pixels and as a drawing"));
    connect(copy, &QPushButton::clicked, this, &ExportDialog::copyPicture);
    QPushButton* caption = buttons->addButton(tr("Copy c&aption"), QDialogButtonBox::ActionRole);
    caption->setToolTip(
        tr("Copy a text to go below the picture: what is seen and where it is from"));
    connect(caption, &QPushButton::clicked, this, &ExportDialog::copyCaption);
    QPushButton* save = buttons->addButton(tr("&Save as…"), QDialogButtonBox::AcceptRole);
    save->setDefault(true);
    save->setToolTip(tr("Choose a file (Enter)"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(m_preview, 1);
    layout->addWidget(m_size);
    layout->addLayout(form);
    layout->addSpacing(4);
    layout->addWidget(buttons);
}

double ExportDialog::widthMm() const
{
    return m_width->currentData().toDouble();
}

FigureOptions ExportDialog::options() const
{
    FigureOptions options;
    options.widthMm = widthMm();
    options.dpi = m_dpi->currentData().toInt();
    options.range = m_ranges[static_cast<std::size_t>(std::max(0, m_range->currentIndex()))];
    options.title = m_title->text().trimmed();
    options.theme = m_colours->currentIndex() == 1 ? FigureTheme::Dark : FigureTheme::Paper;
    return options;
}

void ExportDialog::resizeEvent(QResizeEvent* event)
{
    QDialog::resizeEvent(event);
    updatePreview();
}

void ExportDialog::updatePreview()
{
    m_job.ask([this, chosen = options(), snapshot = m_snapshot]() -> NewestJob::Deliver {
        const Result<Figure> figure = Figure::make(*snapshot, chosen);
        if (!figure) {
            return [this, message = figure.error().message] {
                m_preview->setPixmap({});
                m_size->setText(QString::fromStdString(message));
            };
        }
        return [this, image = figure.value().image(kPreviewDpi), points = figure.value().sizePt(),
                pixels = figure.value().sizePx()] {
            showPreview(image);
            m_size->setText(
                tr("%1 × %2 mm, %3 × %4 pixels")
                    .arg(QLocale().toString(points.width() / kPointsPerInch * kMmPerInch, 'f', 0),
                         QLocale().toString(points.height() / kPointsPerInch * kMmPerInch, 'f', 0),
                         QLocale().toString(pixels.width()), QLocale().toString(pixels.height())));
        };
    });
}

void ExportDialog::showPreview(const QImage& image)
{
    const double ratio = devicePixelRatioF();
    const QSize room = (QSizeF(m_preview->size()) * ratio).toSize() - QSize(8, 8);
    QPixmap pixmap = QPixmap::fromImage(image);
    if (pixmap.width() > room.width() || pixmap.height() > room.height()) {
        pixmap = pixmap.scaled(room, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    }
    pixmap.setDevicePixelRatio(ratio);
    m_preview->setPixmap(pixmap);
}

void ExportDialog::copyPicture()
{
    m_copyJob.ask([chosen = options(), snapshot = m_snapshot]() -> NewestJob::Deliver {
        const Result<Figure> figure = Figure::make(*snapshot, chosen);
        if (!figure) {
            return [] {};
        }
        return [image = figure.value().image(), text = figure.value().facts().altText,
                drawing = findFigureFormat(QStringLiteral(".svg"))->render(figure.value())] {
            auto* mime = new QMimeData;
            mime->setImageData(image);
            if (drawing) {
                mime->setData(QStringLiteral("image/svg+xml"), drawing.value());
            }
            mime->setText(text);
            QGuiApplication::clipboard()->setMimeData(mime);
        };
    });
}

void ExportDialog::copyCaption()
{
    m_copyJob.ask([chosen = options(), snapshot = m_snapshot]() -> NewestJob::Deliver {
        const Result<Figure> figure = Figure::make(*snapshot, chosen);
        return [text = figure ? figure.value().facts().caption : QString()] {
            QGuiApplication::clipboard()->setText(text);
        };
    });
}

} // namespace poolscope
