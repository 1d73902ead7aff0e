// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shelf_controller.h"

#include "ui/compare/compare_window.h"
#include "ui/shelf/shelf_window.h"

namespace poolscope {

ShelfController::ShelfController(RunController& controller, QObject* parent)
    : QObject(parent)
    , m_theme(Theme::light())
    , m_shelf(RunShelf::defaultFolder())
    , m_keeper(controller, m_shelf)
{
    connect(&m_keeper, &RunKeeper::kept, this, &ShelfController::kept);
    connect(&m_keeper, &RunKeeper::failed, this, &ShelfController::failed);
    connect(&m_shelf, &ShelfThread::noticed, this, &ShelfController::noticed);
}

ShelfController::~ShelfController()
{
    qDeleteAll(compareWindows());
}

void ShelfController::setTheme(const Theme& theme)
{
    m_theme = theme;
    if (m_window) {
        m_window->setTheme(theme);
    }
    for (CompareWindow* window : compareWindows()) {
        window->setTheme(theme);
    }
}

void ShelfController::showShelf()
{
    if (!m_window) {
        m_window = std::make_unique<ShelfWindow>(m_shelf);
        m_window->setTheme(m_theme);
        connect(m_window.get(), &ShelfWindow::openWanted, this, &ShelfController::openWanted);
        connect(m_window.get(), &ShelfWindow::compareWanted, this, &ShelfController::compare);
        connect(this, &ShelfController::kept, m_window.get(), &ShelfWindow::showKept);
    }
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
}

void ShelfController::compare(const std::vector<ComparedRun>& runs)
{
    auto* window = new CompareWindow(runs);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setTheme(m_theme);
    connect(window, &CompareWindow::alignedWanted, this, &ShelfController::openWanted);
    m_comparisons << window;
    window->show();
}

QList<CompareWindow*> ShelfController::compareWindows() const
{
    QList<CompareWindow*> windows;
    for (const QPointer<CompareWindow>& window : m_comparisons) {
        if (window) {
            windows << window;
        }
    }
    return windows;
}

void ShelfController::closeWindows()
{
    for (CompareWindow* window : compareWindows()) {
        window->close();
    }
    if (m_window) {
        m_window->close();
    }
}

} // namespace poolscope
