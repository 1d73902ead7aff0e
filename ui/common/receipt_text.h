// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/resize_receipt.h"

#include <QString>

namespace poolscope {

/// \return what a change of size did to the throughput, in words with the figures that prove it.
[[nodiscard]] QString receiptText(const ResizeReceipt& receipt);

} // namespace poolscope
