// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QListWidget)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

struct Theme;

/// A list of files and folders: buttons add and remove, and files can be dropped on it from elsewhere.
/// GUI thread.
class PathsBox : public QWidget
{
    Q_OBJECT

public:
    explicit PathsBox(QWidget* parent = nullptr);

    [[nodiscard]] QStringList paths() const;
    /// Empty lines and what is there already are left out.
    void setPaths(const QStringList& paths);
    void addPaths(const QStringList& paths);
    void setTheme(const Theme& theme);
    void setListName(const QString& accessibleName);

signals:
    void pathsChanged();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QToolButton* makeButton(const QString& text);
    bool append(const QString& path);
    void addFolder();
    void addFiles();
    void removeSelected();
    void updateRemoveButton();

    QListWidget* m_list;
    QToolButton* m_addFolder;
    QToolButton* m_addFiles;
    QToolButton* m_remove;
};

} // namespace poolscope
