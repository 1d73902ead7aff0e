// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/ledger_waterfall.h"

#include "ui/common/advice_text.h"
#include "ui/common/format.h"
#include "ui/panels/range_tables.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace poolscope {

namespace {

constexpr int kGap = 8; ///< between name, bar and figures
constexpr int kBarMargin = 3;

QString useText(const Ledger& ledger, LaneTime use)
{
    return LedgerWaterfall::tr("%1: %2, %3")
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
    case LaneTime::Serial:
        return theme.kinds[7];
    case LaneTime::HandOver:
        return theme.kinds[3];
    case LaneTime::Paused:
        return theme.dimText;
    case LaneTime::Tail:
        return theme.kinds[4];
    }
    return theme.dimText;
}

LedgerWaterfall::LedgerWaterfall(const Ledger& ledger, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_ledger(ledger)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Where the workers' time went"));
    QStringList lines;
    for (int i = 0; i < kLaneTimeCount; ++i) {
        const auto use = static_cast<LaneTime>(i);
        if (m_ledger.of(use) > 0) {
            m_rows.push_back(use);
            lines += useText(m_ledger, use);
        }
    }
    setAccessibleDescription(lines.isEmpty() ? tr("Nothing to show") : lines.join(u'\n'));
}

int LedgerWaterfall::rowHeight() const
{
    return fontMetrics().height() + 2;
}

QSize LedgerWaterfall::sizeHint() const
{
    return {260, std::max(1, static_cast<int>(m_rows.size())) * rowHeight()};
}

void LedgerWaterfall::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    int nameWidth = 0;
    int figureWidth = 0;
    std::vector<QString> figures;
    for (const LaneTime use : m_rows) {
        figures.push_back(QStringLiteral("%1  %2").arg(formatShare(m_ledger.share(use)),
                                                       formatDuration(m_ledger.of(use))));
        nameWidth = std::max(nameWidth, fontMetrics().horizontalAdvance(laneTimeName(use)));
        figureWidth = std::max(figureWidth, fontMetrics().horizontalAdvance(figures.back()));
    }
    const int left = nameWidth + kGap;
    const double room = std::max(1, width() - left - figureWidth - kGap);
    Nanos before = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const LaneTime use = m_rows[i];
        const QRect row(0, static_cast<int>(i) * rowHeight(), width(), rowHeight());
        const auto xOf = [&](Nanos ns) {
            return left + room * static_cast<double>(ns) / static_cast<double>(m_ledger.totalNs);
        };
        const double from = xOf(before);
        before += m_ledger.of(use);
        const double to = xOf(before);
        painter.fillRect(QRectF(left, row.top() + kBarMargin, room, row.height() - 2 * kBarMargin),
                         m_theme.laneOdd);
        // Whatever there is of a use is seen.
        painter.fillRect(QRectF(std::min(from, left + room - 1), row.top() + kBarMargin,
                                std::max(1.0, to - from), row.height() - 2 * kBarMargin),
                         laneTimeColour(m_theme, use));
        painter.setPen(m_theme.text);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, laneTimeName(use));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, figures[i]);
        if (i + 1 < m_rows.size()) { // leads the eye to where the next one begins
            painter.fillRect(QRectF(to, row.bottom() - kBarMargin, 1, 2 * kBarMargin),
                             m_theme.dimText);
        }
    }
}

QString LedgerWaterfall::textAt(int y) const
{
    const int row = y < 0 ? -1 : y / rowHeight();
    if (row < 0 || row >= static_cast<int>(m_rows.size())) {
        return {};
    }
    const LaneTime use = m_rows[static_cast<std::size_t>(row)];
    return useText(m_ledger, use) + u'\n' + laneTimeMeaning(use);
}

bool LedgerWaterfall::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos().y()), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace poolscope
