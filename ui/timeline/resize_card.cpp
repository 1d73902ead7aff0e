// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/resize_card.h"

#include "ui/common/receipt_text.h"

#include <QToolTip>
#include <QWidget>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

QString cardText(const QString& title, const ResizeReceipt& receipt)
{
    const ReceiptTexts figures = receiptTexts(receipt);
    const std::array<std::pair<QString, QString>, 4> rows{
        {{ResizeCard::tr("Tasks/s"), figures.throughput},
         {ResizeCard::tr("Run p95"), figures.runP95},
         {ResizeCard::tr("Busy"), figures.utilisation},
         {ResizeCard::tr("Memory"), figures.memory}}};
    QString text = QStringLiteral("<b>%1</b><table>").arg(title.toHtmlEscaped());
    for (const auto& [name, value] : rows) {
        text += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>").arg(name, value);
    }
    return text + QStringLiteral("</table>") + receiptText(receipt);
}

} // namespace

ResizeCard::ResizeCard(QWidget* view)
    : QObject(view)
    , m_view(view)
{}

void ResizeCard::show(const SnapshotPtr& snapshot, const ControlEvent& event, const QString& text,
                      QPoint globalPosition)
{
    if (snapshot == m_snapshot.lock()) {
        showFigures(event, text, globalPosition);
        return;
    }
    QToolTip::showText(globalPosition, text, m_view);
    m_job.ask([this, snapshot, event, text, globalPosition]() -> NewestJob::Deliver {
        std::vector<ResizeReceipt> receipts = resizeReceipts(*snapshot);
        return [this, snapshot, event, text, globalPosition, receipts = std::move(receipts)] {
            m_snapshot = snapshot;
            m_receipts = receipts;
            if (QToolTip::isVisible() && QToolTip::text() == text) { // the mouse is still there
                showFigures(event, text, globalPosition);
            }
        };
    });
}

void ResizeCard::showFigures(const ControlEvent& event, const QString& text,
                             QPoint globalPosition) const
{
    const auto found = std::ranges::find_if(m_receipts, [&event](const ResizeReceipt& receipt) {
        return receipt.timeNs == event.timeNs && receipt.executor == event.executor;
    });
    QToolTip::showText(globalPosition, found == m_receipts.end() ? text : cardText(text, *found),
                       m_view);
}

} // namespace poolscope
