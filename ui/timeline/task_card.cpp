// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/task_card.h"

#include "ui/timeline/lane_facts.h"

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
constexpr int kCostBar = 8; ///< height of the bar, and the squares before its lines
constexpr int kCostBarRoom = 18;

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

int TaskCard::neededWidth() const
{
    const QFontMetrics bold(m_style->boldFont);
    const QFontMetrics normal(m_style->font);
    int width = bold.horizontalAdvance(m_facts.title) + kChip + 8;
    if (m_facts.state != TaskState::Done) {
        width += normal.horizontalAdvance(stateName(m_facts.state)) + 16;
    }
    const auto widen = [&](const QString& what, const QString& howMuch) {
        width = std::max(width,
                         normal.horizontalAdvance(what) + 24 + normal.horizontalAdvance(howMuch));
    };
    for (const auto& [what, howMuch] : m_facts.lines) {
        widen(what, howMuch);
    }
    for (const TaskFacts::Cost& cost : m_facts.costs) {
        widen(costPartName(cost.part), cost.text + QStringLiteral("    ")); // and the square
    }
    return std::clamp(width, kLeastWidth, kMostWidth);
}

void TaskCard::showFacts(const TaskFacts& facts, const QColor& chip, QPoint anchor)
{
    m_facts = facts;
    m_chip = chip;
    const int width = neededWidth();
    m_noteHeight = 0;
    if (!facts.note.isEmpty()) {
        const QRect note = QFontMetrics(m_style->font)
                               .boundingRect(QRect(0, 0, width, 1000),
                                             Qt::TextWordWrap | Qt::TextWrapAnywhere, facts.note);
        m_noteHeight = std::min(4 * m_lineHeight, note.height() + 8);
    }
    const int lines = static_cast<int>(facts.lines.size());
    const int costs = static_cast<int>(facts.costs.size());
    m_costsHeight = costs == 0 ? 0 : kCostBarRoom + costs * m_lineHeight;
    resize(width + 2 * kPadding,
           2 * kPadding - 4 + m_titleHeight + lines * m_lineHeight + m_costsHeight + m_noteHeight);
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
    paintTitle(painter, QRect(inside.left(), inside.top(), inside.width(), m_titleHeight - 4));
    painter.setFont(m_style->font);
    QRect line(inside.left(), inside.top() + m_titleHeight, inside.width(), m_lineHeight);
    for (const auto& [what, howMuch] : m_facts.lines) {
        paintLine(painter, line, what, howMuch);
        line.translate(0, m_lineHeight);
    }
    paintCosts(painter, line);
    line.translate(0, m_costsHeight);
    if (!m_facts.note.isEmpty()) {
        painter.setPen(isFailure(m_facts.state) ? theme.failure : theme.text);
        painter.drawText(QRect(inside.left(), line.top() + 4, inside.width(), m_noteHeight - 4),
                         Qt::TextWordWrap | Qt::TextWrapAnywhere, m_facts.note);
    }
}

void TaskCard::paintTitle(QPainter& painter, const QRect& line) const
{
    const Theme& theme = m_style->theme;
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_chip);
    painter.drawRoundedRect(QRect(line.left(), line.center().y() - kChip / 2, kChip, kChip), 2.5,
                            2.5);
    int right = line.right();
    if (m_facts.state != TaskState::Done) {
        const QString state = stateName(m_facts.state);
        painter.setFont(m_style->font);
        painter.setPen(isFailure(m_facts.state) ? theme.failure : theme.dimText);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, state);
        right -= QFontMetrics(m_style->font).horizontalAdvance(state) + 10;
    }
    painter.setFont(m_style->boldFont);
    painter.setPen(theme.text);
    const int left = line.left() + kChip + 8;
    const QRect text(left, line.top(), right - left, line.height());
    painter.drawText(
        text, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(m_style->boldFont).elidedText(m_facts.title, Qt::ElideMiddle, text.width()));
}

void TaskCard::paintLine(QPainter& painter, const QRect& line, const QString& what,
                         const QString& howMuch) const
{
    const QFontMetrics metrics(m_style->font);
    painter.setPen(m_style->theme.dimText);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, what);
    painter.setPen(m_style->theme.text);
    const int room = line.width() - metrics.horizontalAdvance(what) - 12;
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(howMuch, Qt::ElideMiddle, room));
}

/// A bar of the parts, whose order says nothing about time, and a line for each.
void TaskCard::paintCosts(QPainter& painter, QRect line) const
{
    if (m_facts.costs.empty()) {
        return;
    }
    const QRectF bar(line.left(), line.top() + 5, line.width(), kCostBar);
    painter.fillRect(bar, m_style->theme.grid);
    double left = bar.left();
    line.translate(0, kCostBarRoom);
    for (const TaskFacts::Cost& cost : m_facts.costs) {
        const double width = std::min(cost.share * bar.width(), bar.right() - left);
        painter.fillRect(QRectF(left, bar.top(), width, bar.height()), colorOf(cost.part));
        left += width;
        const QRect square(line.left(), line.center().y() - kCostBar / 2, kCostBar, kCostBar);
        painter.fillRect(square, colorOf(cost.part));
        paintLine(painter, line.adjusted(kCostBar + 6, 0, 0, 0), costPartName(cost.part),
                  cost.text);
        line.translate(0, m_lineHeight);
    }
}

/// The less it did, the fainter.
QColor TaskCard::colorOf(CostPart part) const
{
    const Theme& theme = m_style->theme;
    switch (part) {
    case CostPart::OnProcessor:
        return theme.accent;
    case CostPart::WaitingForOne:
        return blended(theme.accent, theme.panel, 0.45);
    case CostPart::Blocked:
    case CostPart::OffProcessor:
        break;
    }
    return blended(theme.dimText, theme.panel, 0.4);
}

} // namespace poolscope
