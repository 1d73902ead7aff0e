// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/newest_job.h"
#include "ui/figure/figure.h"
#include "ui/window/crop_page.h"

#include <QDialog>
#include <QPixmap>

#include <functional>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QPushButton)
QT_FORWARD_DECLARE_CLASS(QTabWidget)

namespace poolscope {

/// Asks what a figure is to look like, with the figure itself to see it by. GUI thread.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// \p source as it was when the dialog was asked for: the preview must not change under it. \p look: size,
    /// content and look to begin with.
    explicit ExportDialog(const FigureSource& source, const FigureOptions& look = {},
                          QWidget* parent = nullptr);
    ~ExportDialog() override;

    [[nodiscard]] FigureOptions options() const;
    void setOptions(const FigureOptions& options);
    [[nodiscard]] const SnapshotPtr& snapshot() const { return m_source.snapshot; }

    // On another thread; what came of it is said below the preview.
    void loadView(const QString& path);
    void saveView(const QString& path);
    void saveBars(const QString& path);

signals:
    /// A view was read or a file written, or could not be.
    void fileDone(bool isOk);
    /// Something is in the clipboard.
    void copied();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Copy { Picture, Caption, AltText };

    void createPages(const FigureOptions& look);
    void createPreview();
    void createLayout();
    QWidget* createButtons();
    void updatePreview();
    void showPreview(const QImage& image, const QString& text);
    void showProblem(const QString& text);
    void copy(Copy what);
    void doFile(const std::function<Result<void>()>& work, const QString& done);
    void askFile(bool isSaving, const QString& title, const QString& filter, const QString& suffix,
                 void (ExportDialog::*then)(const QString&));
    void fitPreview();

    FigureSource m_source;
    std::vector<FigurePage*> m_pages;
    QTabWidget* m_tabs;
    QLabel* m_preview;
    QLabel* m_size;
    QLabel* m_said; ///< what came of the last button
    QPushButton* m_save = nullptr;
    QPixmap m_shown; ///< the preview at its full size
    NewestJob m_job; ///< draws the preview
    NewestJob m_copyJob; ///< makes what goes to the clipboard
    NewestJob m_fileJob; ///< reads and writes
};

} // namespace poolscope
