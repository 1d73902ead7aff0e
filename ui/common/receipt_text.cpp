// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/receipt_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>

namespace poolscope {

namespace {

struct Receipt
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::Receipt)
};

QString ratio(double value)
{
    return QString::number(value, 'f', 2);
}

QString change(const QString& before, const QString& after)
{
    return QStringLiteral("%1 → %2").arg(before, after);
}

QString memoryText(const RunSummary& summary)
{
    return summary.costs.peakMemoryKiB == 0
               ? QStringLiteral("–")
               : Receipt::tr("%1 MiB").arg(summary.costs.peakMemoryKiB / 1024);
}

} // namespace

ReceiptTexts receiptTexts(const ResizeReceipt& receipt)
{
    const RunSummary& before = receipt.before.summary;
    const RunSummary& after = receipt.after.summary;
    return {change(QString::number(receipt.fromWorkers), QString::number(receipt.toWorkers)),
            change(formatRate(before.tasksPerSecond), formatRate(after.tasksPerSecond)),
            change(formatDuration(before.run.p95Ns), formatDuration(after.run.p95Ns)) +
                (receipt.hasOtherRunTimes ? QString() : Receipt::tr(" (alike)")),
            change(formatShare(before.utilisation), formatShare(after.utilisation)),
            after.costs.peakMemoryKiB == 0 ? QStringLiteral("–")
                                           : change(memoryText(before), memoryText(after))};
}

QString receiptText(const ResizeReceipt& receipt)
{
    const Estimate& change = receipt.throughputRatio;
    const QString interval =
        Receipt::tr("95 % %1 to %2").arg(ratio(change.low), ratio(change.high));
    switch (receipt.effect) {
    case ResizeEffect::TooShort:
        return Receipt::tr("Too few tasks ran before or after to tell.");
    case ResizeEffect::NoDifference:
        return Receipt::tr("No difference beyond noise: %1 times (%2).")
            .arg(ratio(change.value), interval);
    case ResizeEffect::Faster:
    case ResizeEffect::Slower:
        break;
    }
    QString text = receipt.effect == ResizeEffect::Faster
                       ? Receipt::tr("%1 times the throughput (%2).")
                       : Receipt::tr("Only %1 times the throughput (%2).");
    text = text.arg(ratio(change.value), interval);
    if (receipt.fromWorkers > 0 && receipt.toWorkers > receipt.fromWorkers &&
        receipt.effect == ResizeEffect::Faster) {
        const double perWorker =
            change.value * static_cast<double>(receipt.fromWorkers) / receipt.toWorkers;
        text += QLatin1Char(' ') +
                Receipt::tr("Each worker does %1 of what it did.").arg(formatShare(perWorker));
    }
    return text;
}

} // namespace poolscope
