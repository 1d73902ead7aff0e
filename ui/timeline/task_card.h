// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/task_facts.h"
#include "ui/timeline/timeline_style.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QPainter)

namespace poolscope {

/// A small card beside the mouse. Never takes the mouse or the focus. GUI thread.
class TaskCard : public QWidget
{
    Q_OBJECT

public:
    explicit TaskCard(QWidget* parent);

    /// Shows \p facts near \p anchor (the parent's coordinates), inside the parent. \p chip: the
    /// colour of the task's bar.
    void showFacts(const TaskFacts& facts, const QColor& chip, QPoint anchor);
    /// \p style must outlive the card, or be replaced.
    void setStyle(const TimelineStyle& style);
    [[nodiscard]] const TaskFacts& facts() const { return m_facts; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] int neededWidth() const;
    void place(QPoint anchor);
    void paintTitle(QPainter& painter, const QRect& line) const;
    void paintLine(QPainter& painter, const QRect& line, const QString& what,
                   const QString& howMuch) const;
    void paintCosts(QPainter& painter, QRect line) const;
    [[nodiscard]] QColor colorOf(CostPart part) const;

    const TimelineStyle* m_style = nullptr;
    TaskFacts m_facts;
    QColor m_chip;
    int m_titleHeight = 0;
    int m_lineHeight = 0;
    int m_costsHeight = 0;
    int m_noteHeight = 0;
};

} // namespace poolscope
