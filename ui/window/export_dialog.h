// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure.h"
#include "ui/panels/newest_job.h"
#include "ui/timeline/view_state.h"

#include <QDialog>

QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QLineEdit)
QT_FORWARD_DECLARE_CLASS(QSpinBox)

namespace poolscope {

/// Asks what a picture of the timeline is to look like, with a small one to see it. GUI thread.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// \p state has a snapshot and outlives the dialog.
    explicit ExportDialog(const ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] FigureOptions options() const;
    [[nodiscard]] const SnapshotPtr& snapshot() const { return m_snapshot; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void createFields(const ViewState& state);
    void createLayout();
    void updatePreview();
    void showPreview(const QImage& image);
    void copyPicture();
    void copyCaption();
    [[nodiscard]] double widthMm() const;

    SnapshotPtr
        m_snapshot; ///< as it was when the dialog opened: the preview must not change under it
    std::vector<std::optional<TimeRange>> m_ranges; ///< one an entry of m_range
    QComboBox* m_width;
    QComboBox* m_dpi;
    QComboBox* m_range;
    QComboBox* m_colours;
    QLineEdit* m_title;
    QLabel* m_preview;
    QLabel* m_size;
    NewestJob m_job; ///< renders the preview
    NewestJob m_copyJob; ///< renders what goes to the clipboard
};

} // namespace poolscope
