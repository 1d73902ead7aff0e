// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/task_card.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kPadding = 12;
constexpr int kChip = 10;
constexpr int kLeastWidth = 210;
constexpr int kMostWidth = 360;
constexpr int kDistance = 16;

} // namespace

TaskCard::TaskCard(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void TaskCard::setStyle(const TimelineStyle& style)
{
    m_style = &style;
    const QFontMetrics bold(style.boldFont);
    const QFontMetrics small(style.font);
    m_titleHeight = bold.height() + 6;
    m_lineHeight = small.height() + 3;
}

void TaskCard::showFacts(const TaskFacts& facts, const QColor& chip, QPoint anchor)
{
    m_facts = facts;
    m_chip = chip;
    const QFontMetrics bold(m_style->boldFont);
    const QFontMetrics normal(m_style->font);
    int width =
        bold.horizontalAdvance(facts.title) + kChip + 8 +
        (facts.state == TaskState::Done ? 0
                                        : normal.horizontalAdvance(stateName(facts.state)) + 16);
    for (const auto& [what, howMuch] : facts.lines) {
        width = std::max(width,
                         normal.horizontalAdvance(what) + 24 + normal.horizontalAdvance(howMuch));
    }
    width = std::clamp(width, kLeastWidth, kMostWidth);
    m_noteHeight =
        facts.note.isEmpty()
            ? 0
            : std::min(4 * m_lineHeight,
                       normal.boundingRect(QRect(0, 0, width, 1000),
                                           Qt::TextWordWrap | Qt::TextWrapAnywhere, facts.note)
                               .height() +
                           8);
    const int lines = static_cast<int>(facts.lines.size());
    resize(width + 2 * kPadding,
           2 * kPadding - 4 + m_titleHeight + lines * m_lineHeight + m_noteHeight);
    place(anchor);
    show();
    raise();
    update();
}

void TaskCard::place(QPoint anchor)
{
    const QRect room = parentWidget()->rect().adjusted(4, 4, -4, -4);
    int x = anchor.x() + kDistance;
    if (x + width() > room.right()) {
        x = anchor.x() - kDistance - width();
    }
    int y = anchor.y() + kDistance;
    if (y + height() > room.bottom()) {
        y = anchor.y() - kDistance - height();
    }
    move(std::clamp(x, room.left(), std::max(room.left(), room.right() - width())),
         std::clamp(y, room.top(), std::max(room.top(), room.bottom() - height())));
}

void TaskCard::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = m_style->theme;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(blended(theme.dimText, theme.panel, 0.45), 1));
    painter.setBrush(theme.isDark ? QColor(0x26, 0x2C, 0x36) : QColor(Qt::white));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7);

    const QRect inside = rect().adjusted(kPadding, kPadding - 2, -kPadding, -kPadding + 2);
    const QRect title(inside.left(), inside.top(), inside.width(), m_titleHeight - 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_chip);
    painter.drawRoundedRect(QRect(title.left(), title.center().y() - kChip / 2, kChip, kChip), 2.5,
                            2.5);

    painter.setFont(m_style->font);
    int titleRight = title.right();
    if (m_facts.state != TaskState::Done) {
        const QString state = stateName(m_facts.state);
        const int width = QFontMetrics(m_style->font).horizontalAdvance(state);
        painter.setPen(isFailure(m_facts.state) ? theme.failure : theme.dimText);
        painter.drawText(title, Qt::AlignRight | Qt::AlignVCenter, state);
        titleRight -= width + 10;
    }
    painter.setFont(m_style->boldFont);
    painter.setPen(theme.text);
    const QRect titleText(title.left() + kChip + 8, title.top(),
                          titleRight - title.left() - kChip - 8, title.height());
    painter.drawText(titleText, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(m_style->boldFont)
                         .elidedText(m_facts.title, Qt::ElideMiddle, titleText.width()));

    painter.setFont(m_style->font);
    QRect line(inside.left(), inside.top() + m_titleHeight, inside.width(), m_lineHeight);
    for (const auto& [what, howMuch] : m_facts.lines) {
        painter.setPen(theme.dimText);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, what);
        painter.setPen(theme.text);
        const int room = line.width() - QFontMetrics(m_style->font).horizontalAdvance(what) - 12;
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                         QFontMetrics(m_style->font).elidedText(howMuch, Qt::ElideMiddle, room));
        line.translate(0, m_lineHeight);
    }
    if (!m_facts.note.isEmpty()) {
        painter.setPen(isFailure(m_facts.state) ? theme.failure : theme.text);
        painter.drawText(QRect(inside.left(), line.top() + 4, inside.width(), m_noteHeight - 4),
                         Qt::TextWordWrap | Qt::TextWrapAnywhere, m_facts.note);
    }
}

} // namespace poolscope
