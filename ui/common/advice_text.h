// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/diagnosis.h"

#include <QString>

namespace poolscope {

/// \return one or two sentences for people, with the figure that proves them.
[[nodiscard]] QString adviceText(const Advice& advice, const Diagnosis& diagnosis);

/// \return the use of a worker's time in a word or two, e.g. "hand-over".
[[nodiscard]] QString laneTimeName(LaneTime use);

/// \return the use of a worker's time in a sentence.
[[nodiscard]] QString laneTimeMeaning(LaneTime use);

} // namespace poolscope
