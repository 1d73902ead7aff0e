// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ledger_bar.h"

#include "ui/common/advice_text.h"
#include "ui/common/format.h"
#include "ui/panels/range_tables.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>

#include <array>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kTextMargin = 4;

QString useText(const Ledger& ledger, LaneTime use)
{
    return LedgerBar::tr("%1: %2, %3")
        .arg(laneTimeName(use), formatShare(ledger.share(use)), formatDuration(ledger.of(use)));
}

} // namespace

QColor laneTimeColour(const Theme& theme, LaneTime use)
{
    switch (use) {
    case LaneTime::Useful:
        return theme.kinds[2];
    case LaneTime::Blocked:
        return theme.kinds[5];
    case LaneTime::Preempted:
        return theme.kinds[6];
    case LaneTime::Wasted:
        return theme.failure;
    case LaneTime::StartUp:
        return theme.kinds[1];
    case LaneTime::Starved:
        return theme.kinds[0];
    case LaneTime::HandOver:
        return theme.kinds[3];
    case LaneTime::Paused:
        return theme.dimText;
    case LaneTime::Tail:
        return theme.kinds[4];
    }
    return theme.dimText;
}

LedgerBar::LedgerBar(const Ledger& ledger, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_ledger(ledger)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Where the workers' time went"));
    QStringList lines;
    for (int i = 0; i < kLaneTimeCount; ++i) {
        if (m_ledger.of(static_cast<LaneTime>(i)) > 0) {
            lines += useText(m_ledger, static_cast<LaneTime>(i));
        }
    }
    setAccessibleDescription(lines.isEmpty() ? tr("Nothing to show") : lines.join(u'\n'));
}

QSize LedgerBar::sizeHint() const
{
    return {240, fontMetrics().height() + 2 * kTextMargin};
}

int LedgerBar::edge(int use) const
{
    Nanos before = 0;
    for (int i = 0; i < use; ++i) {
        before += m_ledger.of(static_cast<LaneTime>(i));
    }
    return m_ledger.totalNs > 0
               ? static_cast<int>(std::lround(static_cast<double>(before) * width() /
                                              static_cast<double>(m_ledger.totalNs)))
               : 0;
}

void LedgerBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.laneOdd);
    for (int i = 0; i < kLaneTimeCount; ++i) {
        const auto use = static_cast<LaneTime>(i);
        const QRect part(edge(i), 0, edge(i + 1) - edge(i), height());
        if (part.isEmpty()) {
            continue;
        }
        const QColor colour = laneTimeColour(m_theme, use);
        // A line of the ground between the parts: colours alone would not part them for everybody.
        painter.fillRect(
            part.adjusted(0, 0, part.right() + 1 < width() && part.width() > 2 ? -1 : 0, 0),
            colour);
        const QString text =
            QStringLiteral("%1 %2").arg(laneTimeName(use), formatShare(m_ledger.share(use)));
        if (fontMetrics().horizontalAdvance(text) + 2 * kTextMargin <= part.width()) {
            painter.setPen(qGray(colour.rgb()) > 127 ? Qt::black : Qt::white);
            painter.drawText(part, Qt::AlignCenter, text);
        }
    }
}

QString LedgerBar::textAt(int x) const
{
    for (int i = 0; i < kLaneTimeCount; ++i) {
        if (x >= edge(i) && x < edge(i + 1)) {
            const auto use = static_cast<LaneTime>(i);
            return useText(m_ledger, use) + u'\n' + laneTimeMeaning(use);
        }
    }
    return {};
}

bool LedgerBar::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos().x()), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace poolscope
