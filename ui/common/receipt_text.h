// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/resize_receipt.h"

#include <QString>

namespace poolscope {

/// What a change of size did, figure by figure: before and after.
struct ReceiptTexts
{
    QString workers;
    QString throughput;
    QString runP95; ///< says when the run times are alike
    QString utilisation;
    QString memory; ///< most resident memory of a worker process; a dash when it was not measured
};
[[nodiscard]] ReceiptTexts receiptTexts(const ResizeReceipt& receipt);

/// \return what a change of size did to the throughput, in words with the figures that prove it.
[[nodiscard]] QString receiptText(const ResizeReceipt& receipt);

} // namespace poolscope
