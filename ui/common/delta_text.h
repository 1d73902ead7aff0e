// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/run_delta.h"

#include <QString>

namespace poolscope {

// What a comparison of runs says, in words. Any thread.

/// \return e.g. "run time p95".
[[nodiscard]] QString deltaFigureName(DeltaFigure figure);
/// \return a value of it with its unit.
[[nodiscard]] QString deltaValueText(DeltaFigure figure, double value);
/// \return how the second differs: "−12.0 %", of shares in points: "+3.1 points", of counts "+4"; "same".
[[nodiscard]] QString deltaDifferenceText(const FigureDelta& delta);
/// \return "faster"-like judgement and noise in words: "better, beyond noise", "within noise", "one run each: noise
/// unknown". \p delta: what \p figure is of.
[[nodiscard]] QString deltaNoiseText(const FigureDelta& figure, const RunDelta& delta);
/// \return e.g. "workers of threads: 4 → 8".
[[nodiscard]] QString factText(const FactDelta& fact);
/// \return why the figures cannot be compared, or an empty text.
[[nodiscard]] QString unfairText(const RunDelta& delta);

} // namespace poolscope
