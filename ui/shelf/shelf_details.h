// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/shelf/shelf_entry.h"
#include "ui/common/theme.h"

#include <QTimer>
#include <QWidget>

#include <optional>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QLineEdit)
QT_FORWARD_DECLARE_CLASS(QPlainTextEdit)
QT_FORWARD_DECLARE_CLASS(QScrollArea)

namespace poolscope {

/// All that is known of one kept run; its notes and tags can be edited, and what was typed is told a moment later,
/// or when another run is shown. GUI thread.
class ShelfDetails : public QWidget
{
    Q_OBJECT

public:
    explicit ShelfDetails(QWidget* parent = nullptr);

    /// Nothing: shows \p text instead.
    void setEntry(const std::optional<ShelfEntry>& entry, const QString& text = {});
    void setReadOnly(bool isReadOnly);
    /// Tells what was typed now.
    void flush();

signals:
    void notesTyped(qint64 id, const QString& notes);
    void tagsTyped(qint64 id, const QStringList& tags);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLabel* addText(QWidget* parent);
    void createContent();
    void tellTags();

    std::optional<ShelfEntry> m_entry;
    QTimer m_timer; ///< until typed notes are told
    QLabel* m_empty;
    QScrollArea* m_scroll;
    QWidget* m_content;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_figures;
    QLineEdit* m_tags;
    QPlainTextEdit* m_notes;
    QLabel* m_settings;
    QLabel* m_machine;
};

} // namespace poolscope
