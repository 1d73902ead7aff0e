// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/what_if.h"

#include <QString>
#include <QStringList>

namespace poolscope {

/// \return the order in a few words, e.g. "longest first".
[[nodiscard]] QString orderText(WhatIfOrder order);
/// \return what would come of it, in a sentence.
[[nodiscard]] QString predictionText(const WhatIfAnswer& answer);
/// \return why it may be far off, a sentence each.
[[nodiscard]] QStringList doubtTexts(const WhatIfAnswer& answer);
/// \return how far a prediction was off, \p tookNs being what the run took.
[[nodiscard]] QString predictionErrorText(Nanos predictedNs, Nanos tookNs);

} // namespace poolscope
