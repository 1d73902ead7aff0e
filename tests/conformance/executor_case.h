// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/executor.h"
#include "core/trace/recorder.h"
#include "tests/conformance/end_log.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace poolscope::test {

/// Adds the rows of a test that holds for every executor: columns "kind" (QString) and "workers" (int).
void addExecutorRows();
/// The same for the kinds that run tasks while the submitter goes on: all but the inline executor, whose
/// submit() returns when the tasks have ended.
void addBackgroundRows();

/// The same for the kinds that take C++ calls.
void addCallRows();
/// The same for those of them that run tasks while the submitter goes on.
void addBackgroundCallRows();

[[nodiscard]] std::shared_ptr<Recorder> makeRecorder(CostLevel level = CostLevel::Wall);

/// Makes an executor of \p kind for catalogue workloads. \p recorder may be null. Ends the program
/// when that fails: no test of it makes sense then.
[[nodiscard]] std::unique_ptr<Executor>
makeExecutor(const QString& kind, ExecutorOptions options,
             const std::shared_ptr<Recorder>& recorder = nullptr, int executor = 0);

/// \return a job of \p tasks tasks that square their index.
[[nodiscard]] std::shared_ptr<const Job> squareJob(std::int64_t tasks);
/// \return a job of \p tasks tasks that sleep \p ms milliseconds.
[[nodiscard]] std::shared_ptr<const Job> sleepJob(std::int64_t tasks, double ms);
/// \return a job whose last task computes for seconds and says how far it is.
[[nodiscard]] std::shared_ptr<const Job> lengthyJob();
/// \return a job that hashes \p files, one a line.
[[nodiscard]] std::shared_ptr<const Job> hashJob(const QString& files);
/// What nobody waits for.
inline constexpr double kForeverMs = 3'600'000;

/// \return the lanes of workers, those of the queue left out.
[[nodiscard]] std::vector<const Lane*> workerLanes(const Recorder& recorder);
/// \return the workers that live now.
[[nodiscard]] int openLives(const Recorder& recorder);
/// \return the workers that run a task now.
[[nodiscard]] int runningNow(const Recorder& recorder);
/// \return how often \p kind happened.
[[nodiscard]] int eventCount(const Recorder& recorder, ControlKind kind);

/// \return what is wrong with the values of a job of squareJob(), empty when each task ended once with
/// its square.
[[nodiscard]] QString faultInSquares(EndLog& log);
/// \return what is wrong with a trace whose tasks have all ended, empty when nothing: on each lane
/// records are ordered and do not overlap, submit <= start <= end, and each task has one last record
/// that tells what its listener was told. \p submitted: tasks from 0 on that were submitted.
[[nodiscard]] QString faultInTrace(const Recorder& recorder, EndLog& log, std::uint64_t submitted);
/// The same when all were.
[[nodiscard]] QString faultInTrace(const Recorder& recorder, EndLog& log);

/// What tests have that make an executor from a row.
class ExecutorCase : public QObject
{
protected:
    /// Ends the executor of the test before.
    void forget() { m_executor.reset(); }
    /// Makes the one of this row, with a recorder.
    void make(ExecutorOptions options = {});

    int m_workers = 0;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Executor> m_executor;
};

} // namespace poolscope::test
