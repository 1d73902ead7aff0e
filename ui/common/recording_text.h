// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <QString>
#include <QStringList>

namespace poolscope {

/// What the measuring itself takes from the run, said in the window and on the command line.

/// \return e.g. "Recording: 36 ns a task"; empty for a run that was not timed.
[[nodiscard]] QString recordingBrief(const RecordingFacts& recording);
/// \return the same in full: one sentence each on the cost and its parts, what is measured and what of
/// it the machine does not give, the clock, and what was dropped.
[[nodiscard]] QStringList recordingSentences(const Snapshot& snapshot);

/// \return where detail of the run is gone, since its trace had reached the memory cap, and what stays, e.g. "Detail
/// before 12.3 s is gone: …"; empty when all is there. The one text for this, in the window and on the command line.
[[nodiscard]] QString goneSentence(const Snapshot& snapshot);
/// \return the same in a few words, e.g. "Detail from 12.3 s on"; empty when all is there.
[[nodiscard]] QString goneBrief(const Snapshot& snapshot);
/// \return what a figure that needs each task says, e.g. "Of tasks that ended after 12.3 s: earlier ones have no detail any
/// more."; empty when all is there. \p executor: -1: any.
[[nodiscard]] QString goneNote(const Snapshot& snapshot, int executor = -1);

/// \return e.g. "61 % on a processor, 30 % waiting for one, 9 % blocked"; only the first where the
/// run-queue delay is not known. Shares: 0…1.
[[nodiscard]] QString costShares(double cpu, double runQueue, double blocked, bool hasRunQueue);

} // namespace poolscope
