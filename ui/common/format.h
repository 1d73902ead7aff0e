// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <QString>

namespace poolscope {

/// \return e.g. "1.25 ms", "820 ns", "2 min 05 s": three significant digits, locale's separators.
[[nodiscard]] QString formatDuration(Nanos duration);
/// \return e.g. "12.4 k/s".
[[nodiscard]] QString formatRate(double perSecond);
/// \return e.g. "1,234,567".
[[nodiscard]] QString formatCount(quint64 count);
/// \return e.g. "12.4 MiB"; \p kib at least 0.
[[nodiscard]] QString formatMemory(double kib);
/// \return e.g. "87 %"; \p share 0…1.
[[nodiscard]] QString formatShare(double share);

} // namespace poolscope
