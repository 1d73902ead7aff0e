// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/experiment.h"

#include <vector>

namespace poolscope {

// What an experiment measures when nobody says what. Any thread.

/// \return numbers of workers, ascending: 1, 2, 3, 4, 6, 9 … up to twice the usable processors.
[[nodiscard]] std::vector<int> defaultWorkerGrid();
/// \return sizes of chunks, ascending: powers of two up to one chunk for each worker of the first executor.
[[nodiscard]] std::vector<int> defaultChunkGrid(const RunSettings& settings);
[[nodiscard]] constexpr int defaultRounds(ExperimentKind kind)
{
    return kind == ExperimentKind::Duel ? 7 : 3;
}
/// The most rounds that can be asked for.
inline constexpr int kMostRounds = 1000;

} // namespace poolscope
