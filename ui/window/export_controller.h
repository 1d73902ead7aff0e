// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figure/figure.h"
#include "ui/timeline/view_state.h"
#include "ui/window/file_job.h"

#include <QHash>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <utility>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QFileDialog)
QT_FORWARD_DECLARE_CLASS(QWidget)

namespace poolscope {

class ExportDialog;
struct FigureSource;
class SettingsStore;

/// Files in and out: asks where, writes and reads on another thread, tells what came of it. The
/// dialogs do not block the window. GUI thread.
class ExportController : public QObject
{
    Q_OBJECT

public:
    /// All must outlive the controller. Dialogs belong to \p window.
    ExportController(const ViewState& state, SettingsStore& settings, QWidget& window);

    /// \p lanes tells which lanes the timeline shows at the moment, as indices in the snapshot.
    void setVisibleLanes(std::function<std::vector<int>()> lanes)
    {
        m_visibleLanes = std::move(lanes);
    }

    [[nodiscard]] bool isBusy() const { return m_job.isBusy(); }
    /// \return the SHA-256 of the file that the snapshot's run was read from or saved to; empty: none.
    [[nodiscard]] QString runFileHash(const Snapshot& snapshot) const;

    // Ask for a file first. Preconditions as below.
    void askOpenRun();
    void askSaveRun();
    void askExportPicture();
    void askExportData();

    // Precondition of the writing ones: there is a snapshot. A file of another kind than the name says
    // is refused.
    void openRun(const QString& path);
    void writeData(const QString& path);
    void writePicture(const SnapshotPtr& snapshot, const FigureOptions& options,
                      const QString& path);

signals:
    void opened(const poolscope::SnapshotPtr& snapshot, const QString& path);
    void succeeded(const QString& message);
    void failed(const QString& message);
    /// \p text says what is being done, empty: nothing.
    void activityChanged(const QString& text);

private:
    QFileDialog* makeSaveDialog(const QString& title, const QStringList& filters,
                                const QString& suffix);
    void askPicturePath(const ExportDialog& dialog);
    [[nodiscard]] FigureSource figureSource() const;
    [[nodiscard]] QString suggestedName() const;
    /// \return false and tells so when a file is being worked on already.
    bool begin(const QString& path, const QString& activity);
    void onFinished(const FileJob::Outcome& outcome);

    const ViewState& m_state;
    SettingsStore& m_settings;
    QWidget& m_window;
    QString m_path; ///< of the file that is worked on
    std::function<std::vector<int>()> m_visibleLanes;
    QHash<QString, QString> m_hashes; ///< of run files, by run
    QString m_savedRun; ///< id of the run that is being saved
    FileJob m_job;
};

} // namespace poolscope
