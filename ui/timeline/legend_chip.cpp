// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/legend_chip.h"

#include <QFontMetrics>
#include <QPainter>

namespace poolscope {

namespace {

constexpr int kPadding = 6;
constexpr int kSwatch = 10;
constexpr int kGap = 6;
constexpr int kRounding = 2; // texts are not whole pixels wide

} // namespace

LegendChip::LegendChip(QWidget* parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void LegendChip::setColors(const BarColors& colors, const Theme& theme)
{
    m_colors = colors;
    m_theme = theme;
    update();
}

void LegendChip::setEntry(const QString& name, const QString& share)
{
    if (text() == name && m_share == share) {
        return;
    }
    const bool isResized = text() != name || m_share.size() != share.size();
    setText(name);
    m_share = share;
    setAccessibleName(share.isEmpty() ? name : tr("%1, %2 of busy time").arg(name, share));
    setToolTip(share.isEmpty() ? name : accessibleName());
    if (isResized) {
        updateGeometry();
    }
    update();
}

QSize LegendChip::sizeHint() const
{
    const QFontMetrics metrics(font());
    int width = 2 * kPadding + kSwatch + kGap + metrics.horizontalAdvance(text()) + kRounding;
    if (!m_share.isEmpty()) {
        width += kGap + metrics.horizontalAdvance(m_share);
    }
    return {width, metrics.height() + 8};
}

QSize LegendChip::minimumSizeHint() const
{
    return {2 * kPadding + kSwatch, sizeHint().height()};
}

void LegendChip::enterEvent(QEnterEvent* /*event*/)
{
    update();
}

void LegendChip::leaveEvent(QEvent* /*event*/)
{
    update();
}

void LegendChip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF all = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(m_theme.accent, 1.5) : QPen(Qt::NoPen));
        painter.setBrush(underMouse() ? blended(m_theme.text, m_theme.panel, 0.08) : m_theme.panel);
        painter.drawRoundedRect(all, 4, 4);
    }
    const QRectF swatch(kPadding, (height() - kSwatch) / 2.0, kSwatch, kSwatch);
    painter.setPen(isChecked() ? QPen(m_colors.edge, m_colors.needsEdge ? 1 : 0)
                               : QPen(m_theme.dimText, 1));
    painter.setBrush(isChecked() ? QBrush(m_colors.fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(swatch, 2, 2);

    const QFontMetrics metrics(font());
    const int shareWidth = m_share.isEmpty() ? 0 : metrics.horizontalAdvance(m_share) + kGap;
    const int left = kPadding + kSwatch + kGap;
    int room = width() - left - kPadding;
    const bool showsShare =
        !m_share.isEmpty() && room - shareWidth >= metrics.horizontalAdvance(text().left(3)) + kGap;
    room -= showsShare ? shareWidth : 0;
    const QString name = metrics.elidedText(text(), Qt::ElideRight, room);
    painter.setPen(isChecked() ? m_theme.text : m_theme.dimText);
    painter.drawText(QRect(left, 0, room, height()), Qt::AlignLeft | Qt::AlignVCenter, name);
    if (showsShare) {
        painter.setPen(m_theme.dimText);
        painter.drawText(
            QRect(left + metrics.horizontalAdvance(name) + kGap, 0, shareWidth, height()),
            Qt::AlignLeft | Qt::AlignVCenter, m_share);
    }
}

} // namespace poolscope
