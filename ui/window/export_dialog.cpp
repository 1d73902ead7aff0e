// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_dialog.h"

#include "ui/figure/figure_view.h"
#include "ui/window/figure_clipboard.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace poolscope {

namespace {

constexpr QSize kPreviewLeast(360, 240);
constexpr QSize kFirstSize(1080, 640); // fits a screen of 1280 × 800
constexpr int kPagesWidth = 360;

} // namespace

ExportDialog::ExportDialog(const FigureSource& source, const FigureOptions& look, QWidget* parent)
    : QDialog(parent)
    , m_source(source)
    , m_tabs(new QTabWidget(this))
    , m_preview(new QLabel(this))
    , m_size(new QLabel(this))
    , m_said(new QLabel(this))
{
    setWindowTitle(tr("Export picture"));
    setAttribute(Qt::WA_DeleteOnClose);
    createPages(look);
    createPreview();
    createLayout();
    resize(kFirstSize);
    updatePreview();
}

ExportDialog::~ExportDialog()
{
    // A field that loses the focus at the end may still tell that it was edited.
    for (FigurePage* page : m_pages) {
        page->disconnect(this);
    }
}

void ExportDialog::createPages(const FigureOptions& look)
{
    auto* crop = new CropPage(m_source, m_tabs);
    FigureOptions first = look;
    first.colorBy = m_source.colorBy; // as the window shows it, too
    for (const auto& [page, title] :
         {std::pair<FigurePage*, QString>{new SizePage(m_tabs), tr("&Size")},
          {crop, tr("Cr&op")},
          {new ContentPage(m_tabs), tr("Co&ntent")},
          {new LookPage(m_tabs), tr("&Look")}}) {
        if (page != crop) { // the crop is what the window shows, not what was last wanted
            page->setOptions(first);
        }
        connect(page, &FigurePage::edited, this, &ExportDialog::updatePreview);
        m_pages.push_back(page);
        m_tabs->addTab(page, title);
    }
    m_tabs->setAccessibleName(tr("What the picture is to look like"));
    m_tabs->setFixedWidth(kPagesWidth);
    m_tabs->setDocumentMode(true);
}

void ExportDialog::createPreview()
{
    m_preview->setMinimumSize(kPreviewLeast);
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setFrameShape(QFrame::StyledPanel);
    m_preview->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_preview->setWordWrap(true);
    m_preview->setAccessibleName(tr("Preview"));
    m_preview->installEventFilter(this);
    m_size->setAccessibleName(tr("Size of the picture"));
    m_size->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_said->setAccessibleName(tr("What was done"));
    m_said->setAlignment(Qt::AlignRight);
}

QWidget* ExportDialog::createButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* view = buttons->addButton(tr("&View"), QDialogButtonBox::ActionRole);
    view->setToolTip(tr("Keep what is chosen here as a file, to make the figure again"));
    auto* viewMenu = new QMenu(view);
    const QString views = tr("Views (*.json)");
    viewMenu->addAction(tr("&Load view…"), this, [this, views] {
        askFile(false, tr("Load view"), views, QStringLiteral("json"), &ExportDialog::loadView);
    });
    viewMenu->addAction(tr("&Save view…"), this, [this, views] {
        askFile(true, tr("Save view"), views, QStringLiteral("json"), &ExportDialog::saveView);
    });
    view->setMenu(viewMenu);
    QPushButton* copyButton = buttons->addButton(tr("Cop&y"), QDialogButtonBox::ActionRole);
    auto* copyMenu = new QMenu(copyButton);
    copyMenu->addAction(tr("&Picture, as pixels and as a drawing"), this,
                        [this] { copy(Copy::Picture); });
    copyMenu->addAction(tr("&Caption: what is seen and where it is from"), this,
                        [this] { copy(Copy::Caption); });
    copyMenu->addAction(tr("&Alternative text, for those who cannot see it"), this,
                        [this] { copy(Copy::AltText); });
    copyButton->setMenu(copyMenu);
    QPushButton* bars = buttons->addButton(tr("Save &bars…"), QDialogButtonBox::ActionRole);
    bars->setToolTip(tr("Save exactly the bars of the picture as CSV"));
    connect(bars, &QPushButton::clicked, this, [this] {
        askFile(true, tr("Save bars"), tr("CSV (*.csv)"), QStringLiteral("csv"),
                &ExportDialog::saveBars);
    });
    m_save = buttons->addButton(tr("Save &as…"), QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    m_save->setToolTip(tr("Choose a file (Enter)"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

void ExportDialog::createLayout()
{
    auto* right = new QVBoxLayout;
    right->setSpacing(8);
    right->addWidget(m_preview, 1);
    auto* words = new QHBoxLayout;
    words->addWidget(m_size, 1);
    words->addWidget(m_said);
    right->addLayout(words);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(16);
    middle->addWidget(m_tabs);
    middle->addLayout(right, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addLayout(middle, 1);
    layout->addWidget(createButtons());
}

FigureOptions ExportDialog::options() const
{
    FigureOptions options;
    for (const FigurePage* page : m_pages) {
        page->read(options);
    }
    options.runFileHash = m_source.runFileHash;
    return options;
}

void ExportDialog::setOptions(const FigureOptions& options)
{
    for (FigurePage* page : m_pages) {
        page->setOptions(options);
    }
    updatePreview();
}

void ExportDialog::resizeEvent(QResizeEvent* event)
{
    QDialog::resizeEvent(event);
    fitPreview();
}

bool ExportDialog::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_preview && event->type() == QEvent::Resize) {
        fitPreview();
        updatePreview(); // as fine as the room allows
    }
    return QDialog::eventFilter(watched, event);
}

void ExportDialog::updatePreview()
{
    const QSizeF room =
        QSizeF(m_preview->contentsRect().size() - QSize(8, 8)) * devicePixelRatioF();
    m_job.ask([this, room, chosen = options(),
               snapshot = m_source.snapshot]() -> NewestJob::Deliver {
        const Result<Figure> figure = Figure::make(*snapshot, chosen);
        if (!figure) {
            return [this, text = QString::fromStdString(figure.error().message)] {
                showProblem(text);
            };
        }
        const QSizeF points = figure.value().sizePt();
        const double dpi =
            std::clamp(std::min(room.width() / points.width(), room.height() / points.height()) *
                           kPointsPerInch,
                       10.0, 400.0);
        const QLocale locale;
        const QSize pixels = figure.value().sizePx();
        const QString text =
            tr("%1 × %2 mm, %3 × %4 pixels")
                .arg(locale.toString(points.width() / kPointsPerInch * kMmPerInch, 'f', 0),
                     locale.toString(points.height() / kPointsPerInch * kMmPerInch, 'f', 0),
                     locale.toString(pixels.width()), locale.toString(pixels.height()));
        return [this, text, image = figure.value().image(dpi),
                altText = figure.value().facts().altText] {
            showPreview(image, text);
            m_preview->setAccessibleDescription(altText);
        };
    });
}

void ExportDialog::showPreview(const QImage& image, const QString& text)
{
    m_shown = QPixmap::fromImage(image);
    fitPreview();
    m_size->setText(text);
    m_save->setEnabled(true);
}

void ExportDialog::fitPreview()
{
    if (m_shown.isNull()) {
        return;
    }
    const double ratio = devicePixelRatioF();
    const QSize room = (QSizeF(m_preview->contentsRect().size()) * ratio).toSize() - QSize(4, 4);
    QPixmap pixmap = m_shown;
    if (pixmap.width() > room.width() || pixmap.height() > room.height()) {
        pixmap = pixmap.scaled(room, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    }
    pixmap.setDevicePixelRatio(ratio);
    m_preview->setPixmap(pixmap);
}

void ExportDialog::showProblem(const QString& text)
{
    m_shown = QPixmap();
    m_preview->setAccessibleDescription(text);
    m_preview->setText(text);
    m_size->clear();
    m_save->setEnabled(false);
}

void ExportDialog::copy(Copy what)
{
    m_copyJob.ask(
        [this, what, chosen = options(), snapshot = m_source.snapshot]() -> NewestJob::Deliver {
            Result<Figure> figure = Figure::make(*snapshot, chosen);
            if (!figure) {
                return [this, text = QString::fromStdString(figure.error().message)] {
                    m_said->setText(text);
                };
            }
            if (what == Copy::Picture) {
                return [this, picture = clipboardPictureOf(figure.value())] {
                    QGuiApplication::clipboard()->setMimeData(newMimeData(picture));
                    m_said->setText(tr("Picture copied"));
                    emit copied();
                };
            }
            const FigureFacts& facts = figure.value().facts();
            return [this, what, text = what == Copy::Caption ? facts.caption : facts.altText] {
                QGuiApplication::clipboard()->setText(text);
                m_said->setText(what == Copy::Caption ? tr("Caption copied")
                                                      : tr("Alternative text copied"));
                emit copied();
            };
        });
}

void ExportDialog::askFile(bool isSaving, const QString& title, const QString& filter,
                           const QString& suffix, void (ExportDialog::*then)(const QString&))
{
    auto* dialog = new QFileDialog(this, title, QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(isSaving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(isSaving ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, then);
    dialog->open();
}

void ExportDialog::doFile(const std::function<Result<void>()>& work, const QString& done)
{
    m_fileJob.ask([this, work, done]() -> NewestJob::Deliver {
        const Result<void> result = work();
        const bool isOk = result.isOk();
        return [this, isOk, text = isOk ? done : QString::fromStdString(result.error().message)] {
            m_said->setText(text);
            emit fileDone(isOk);
        };
    });
}

void ExportDialog::saveView(const QString& path)
{
    doFile([path, chosen = options()] { return writeViewFile(chosen, path); },
           tr("Written: %1").arg(path));
}

void ExportDialog::saveBars(const QString& path)
{
    doFile(
        [path, chosen = options(), snapshot = m_source.snapshot]() -> Result<void> {
            const Result<Figure> figure = Figure::make(*snapshot, chosen);
            return figure ? writeBytes(figure.value().barsCsv(), path)
                          : Result<void>(figure.error());
        },
        tr("Written: %1").arg(path));
}

void ExportDialog::loadView(const QString& path)
{
    m_fileJob.ask([this, path]() -> NewestJob::Deliver {
        return [this, path, view = readViewFile(path)] {
            if (view) {
                setOptions(view.value());
            }
            m_said->setText(view ? tr("Loaded: %1").arg(path)
                                 : QString::fromStdString(view.error().message));
            emit fileDone(view.isOk());
        };
    });
}

} // namespace poolscope
