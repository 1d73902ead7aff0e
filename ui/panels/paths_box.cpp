// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/paths_box.h"

#include "ui/common/theme.h"
#include "ui/panels/line_icon.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QListWidget>
#include <QMimeData>
#include <QToolButton>
#include <QVBoxLayout>

namespace poolscope {

namespace {

constexpr int kVisibleRows = 4;

} // namespace

PathsBox::PathsBox(QWidget* parent)
    : QWidget(parent)
    , m_list(new QListWidget(this))
    , m_addFolder(makeButton(tr("Folder…")))
    , m_addFiles(makeButton(tr("Files…")))
    , m_remove(makeButton(tr("Remove")))
{
    setAcceptDrops(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setFixedHeight(fontMetrics().height() * kVisibleRows + 12);
    m_list->setToolTip(tr("Files and folders; more can be dropped here"));
    m_addFolder->setToolTip(tr("Add a folder with all the files in it"));
    m_addFiles->setToolTip(tr("Add single files"));
    m_remove->setToolTip(tr("Take the selected entries from the list"));

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    buttons->addWidget(m_addFolder);
    buttons->addWidget(m_addFiles);
    buttons->addStretch();
    buttons->addWidget(m_remove);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_list);
    layout->addLayout(buttons);
    setFocusProxy(m_list);
    setListName(tr("Files and folders"));

    connect(m_addFolder, &QToolButton::clicked, this, &PathsBox::addFolder);
    connect(m_addFiles, &QToolButton::clicked, this, &PathsBox::addFiles);
    connect(m_remove, &QToolButton::clicked, this, &PathsBox::removeSelected);
    connect(m_list, &QListWidget::itemSelectionChanged, this, &PathsBox::updateRemoveButton);
    updateRemoveButton();
}

QToolButton* PathsBox::makeButton(const QString& text)
{
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QStringList PathsBox::paths() const
{
    QStringList paths;
    for (int row = 0; row < m_list->count(); ++row) {
        paths.append(m_list->item(row)->text());
    }
    return paths;
}

void PathsBox::setPaths(const QStringList& paths)
{
    if (paths == this->paths()) {
        return;
    }
    m_list->clear();
    for (const QString& path : paths) {
        append(path);
    }
    emit pathsChanged();
}

void PathsBox::addPaths(const QStringList& paths)
{
    bool isChanged = false;
    for (const QString& path : paths) {
        isChanged = append(path) || isChanged;
    }
    if (isChanged) {
        emit pathsChanged();
    }
}

bool PathsBox::append(const QString& path)
{
    if (path.isEmpty() || !m_list->findItems(path, Qt::MatchExactly).isEmpty()) {
        return false;
    }
    auto* item = new QListWidgetItem(path, m_list);
    item->setToolTip(path);
    return true;
}

void PathsBox::setTheme(const Theme& theme)
{
    m_addFolder->setIcon(lineIcon(QStringLiteral("folder-add"), theme));
    m_addFiles->setIcon(lineIcon(QStringLiteral("file-add"), theme));
    m_remove->setIcon(lineIcon(QStringLiteral("remove"), theme));
}

void PathsBox::setListName(const QString& accessibleName)
{
    m_list->setAccessibleName(accessibleName);
}

void PathsBox::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void PathsBox::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            paths.append(QDir::cleanPath(url.toLocalFile()));
        }
    }
    addPaths(paths);
    event->acceptProposedAction();
}

void PathsBox::addFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Add folder"));
    addPaths({folder});
}

void PathsBox::addFiles()
{
    addPaths(QFileDialog::getOpenFileNames(this, tr("Add files")));
}

void PathsBox::removeSelected()
{
    qDeleteAll(m_list->selectedItems());
    updateRemoveButton();
    emit pathsChanged();
}

void PathsBox::updateRemoveButton()
{
    m_remove->setEnabled(!m_list->selectedItems().isEmpty());
}

} // namespace poolscope
