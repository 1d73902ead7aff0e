// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/pool_size.h"
#include "core/analysis/scaling_fit.h"
#include "core/control/experiment_figures.h"

#include <QString>
#include <QStringList>

namespace poolscope {

// What an experiment proves, in the words of the window and of the command line. Any thread.

/// \return e.g. "1.90 (95 % 1.85 to 1.95)".
[[nodiscard]] QString intervalText(const Estimate& estimate, int digits = 2);

/// \return whether one of the two sides, called \p first and \p second, is faster.
[[nodiscard]] QString duelSentence(const Comparison& comparison, const QString& first,
                                   const QString& second);
/// \return how many workers to take, and what more of them do.
[[nodiscard]] QStringList sweepSentences(const PoolSizeAdvice& advice);
/// \return what the law says of the runs, or why it says nothing.
[[nodiscard]] QString fitSentence(const ScalingFit& fit);
/// \return which size of chunks to take.
[[nodiscard]] QStringList chunkSentences(const ChunkCurve& curve);
/// \return the sizes that Python takes by itself.
[[nodiscard]] QString pythonChunkSentence(std::uint64_t tasks, int workers);

/// \return what tells an arm from the others, e.g. "3 workers", "chunk 16", "threads".
[[nodiscard]] QString armText(ExperimentKind kind, const ExperimentPlan& plan, int arm);
/// \return e.g. "run 5 of 12: 3 workers, round 2"; \p index and \p round from 0.
[[nodiscard]] QString runText(const ExperimentPlan& plan, int index, const QString& arm, int round);

} // namespace poolscope
