// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/run_facts.h"
#include "core/io/section_file.h"
#include "core/trace/recorder.h"

namespace poolscope {

/// Reads all lanes of a run file as LaneReader does, by the calling thread and up to \p threads - 1 others: each takes the
/// next lane's sections out of \p file and goes on to unpack and decode them beside the others. When anything is wrong,
/// \p file has failed, but does not say where: that is known to who reads lane by lane. So it is when memory was short.
void readLanesAtOnce(SectionReader& file, const RunFacts& facts, Recorder& recorder, int threads);

} // namespace poolscope
