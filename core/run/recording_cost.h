// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/recording_facts.h"

namespace poolscope {

/// Times on the calling thread what recording at \p level takes, on a lane of its own: less than a
/// millisecond on an idle machine. \return the figures, and what of the level there is not.
[[nodiscard]] RecordingFacts measureRecording(CostLevel level);

} // namespace poolscope
