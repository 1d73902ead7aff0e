// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/conformance/executor_case.h"

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace poolscope::test {

[[nodiscard]] std::string workerProgram();
[[nodiscard]] std::string reaperProgram();
/// \return the path of a program that only tests have.
[[nodiscard]] std::string testProgram(const std::string& name);
/// \return options with this build's worker program and catalogue.
[[nodiscard]] ExecutorOptions processOptions(int workers, int chunk = 1);
/// Makes a process pool. Ends the program when that fails.
[[nodiscard]] std::unique_ptr<Executor>
makeProcessPool(const ExecutorOptions& options,
                const std::shared_ptr<Recorder>& recorder = nullptr);

/// \return options with fault_worker as the worker program.
[[nodiscard]] ExecutorOptions faultOptions(int workers, int chunk = 1);
/// \return a job for it: one task an item.
[[nodiscard]] std::shared_ptr<const Job> faultJob(const std::vector<std::string>& items);

/// \return the processes of the workers that live now.
[[nodiscard]] std::vector<pid_t> livingWorkers(const Recorder& recorder);
/// \return the processes of the workers that run a task now.
[[nodiscard]] std::vector<pid_t> busyWorkers(const Recorder& recorder);
/// \return the texts of the events of \p kind, in order.
[[nodiscard]] std::vector<std::string> eventTexts(const Recorder& recorder, ControlKind kind);
/// \return the records of attempts that were lost and tried again.
[[nodiscard]] int retriedRecords(const Recorder& recorder);

/// \return whether the process is there and not a zombie.
[[nodiscard]] bool isAlive(pid_t process);
/// \return the children of this program, zombies counted in.
[[nodiscard]] int childCount();
[[nodiscard]] int descriptorCount();

} // namespace poolscope::test
