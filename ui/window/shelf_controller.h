// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/run_controller.h"
#include "ui/common/theme.h"
#include "ui/compare/run_comparison.h"
#include "ui/shelf/run_keeper.h"
#include "ui/shelf/shelf_thread.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>

#include <memory>
#include <vector>

namespace poolscope {

class CompareWindow;
class ShelfWindow;

/// What the window has to do with the run shelf: keeps runs that end, and opens the shelf's own windows. GUI
/// thread.
class ShelfController : public QObject
{
    Q_OBJECT

public:
    /// \p controller must outlive it.
    explicit ShelfController(RunController& controller, QObject* parent = nullptr);
    ~ShelfController() override;

    void setKeepsRuns(bool keepsRuns) { m_keeper.setOn(keepsRuns); }
    void setTheme(const Theme& theme);
    /// Shows the shelf, or brings it to the front.
    void showShelf();
    void closeWindows();
    /// \return the shelf's window, null before it was shown first.
    [[nodiscard]] ShelfWindow* shelfWindow() const { return m_window.get(); }
    /// Shows what differs between \p runs (two or more), in a window of its own.
    void compare(const std::vector<ComparedRun>& runs);
    /// \return the windows that show comparisons.
    [[nodiscard]] QList<CompareWindow*> compareWindows() const;

signals:
    void kept(qint64 id);
    void failed(const QString& problem);
    void noticed(const QString& notice);
    void openWanted(const poolscope::SnapshotPtr& run, const QString& title);

private:
    Theme m_theme;
    ShelfThread m_shelf;
    RunKeeper m_keeper;
    QList<QPointer<CompareWindow>> m_comparisons; ///< they go when they are closed
    std::unique_ptr<ShelfWindow> m_window; ///< last: it uses the thread
};

} // namespace poolscope
