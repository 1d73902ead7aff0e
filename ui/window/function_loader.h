// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/file_job.h"

#include <QObject>
#include <QString>

QT_FORWARD_DECLARE_CLASS(QMenu)
QT_FORWARD_DECLARE_CLASS(QWidget)

namespace poolscope {

class SettingsStore;

/// Adds libraries of functions to the workloads, and keeps in the settings which ones, for the next start. A
/// library is tried by another thread and another process first. GUI thread.
class FunctionLoader : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive the loader. The dialog belongs to \p window.
    FunctionLoader(SettingsStore& settings, QWidget& window);

    /// Asks for a file first.
    void ask();
    /// Ends with added() or failed().
    void add(const QString& file);
    /// From the next start on the library is not used any more; until then its functions stay.
    void forget(const QString& file);
    /// Makes \p menu offer to forget each library of the settings, whenever it is opened.
    void setForgetMenu(QMenu* menu);

signals:
    /// \p workload: id of the library's first function.
    void added(const QString& workload, const QString& message);
    void forgotten(const QString& message);
    void failed(const QString& message);

private:
    void onTried(const FileJob::Outcome& outcome);

    SettingsStore& m_settings;
    QWidget& m_window;
    QString m_file; ///< that is being tried
    FileJob m_job;
};

} // namespace poolscope
