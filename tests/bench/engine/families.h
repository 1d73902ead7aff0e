// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/engine/table.h"

namespace poolscope::bench {

// family_submit.cpp: one submit a task.
[[nodiscard]] Row emptyTasks(const Settings& settings); // T1
[[nodiscard]] Row futures(const Settings& settings); // T2
[[nodiscard]] Row microTasks(const Settings& settings); // T5
[[nodiscard]] Row longerTasks(const Settings& settings); // T6
[[nodiscard]] Row oversubscription(const Settings& settings); // T17

// family_bulk.cpp: many tasks in one call.
[[nodiscard]] Row bulkItems(const Settings& settings); // T3
[[nodiscard]] Row bulkLoop(const Settings& settings); // T4

// family_latency.cpp: from submit to start.
[[nodiscard]] Row idleLatency(const Settings& settings); // T7
[[nodiscard]] Row hotLatency(const Settings& settings); // T8
[[nodiscard]] Row idleCost(const Settings& settings); // T9

// family_recording.cpp: what it costs to be watched.
[[nodiscard]] Row recordingCost(const Settings& settings); // T10
[[nodiscard]] Row feedingTheWindow(const Settings& settings); // T16

// family_processes.cpp: worker processes.
[[nodiscard]] Row messages(const Settings& settings); // T11
[[nodiscard]] Row chunkedMap(const Settings& settings); // T12
[[nodiscard]] Row roundTrip(const Settings& settings); // T13
[[nodiscard]] Row workerDeath(const Settings& settings); // T14
[[nodiscard]] Row readyWorker(const Settings& settings); // T19

// family_large.cpp: large items and results of worker processes.
[[nodiscard]] Row largeArguments(const Settings& settings); // T18

// family_commands.cpp: external programs.
[[nodiscard]] Row commands(const Settings& settings); // T15

} // namespace poolscope::bench
