// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/task_range.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope::soak {

/// How many tasks ended as what.
using StateCounts = std::array<std::uint64_t, kTaskStateCount>;

/// What the tasks of a batch do.
enum class BatchKind {
    Square, ///< as little as can be
    Nap, ///< sleep a fraction of a millisecond
    Hang, ///< never end by themselves: they need a time limit
    Fail, ///< open a file that is not there
    Throw, ///< a C++ function of which every third call throws: not for worker processes
};

/// \return what a batch is called in messages.
[[nodiscard]] std::string_view toText(BatchKind kind) noexcept;

/// A job, and what its listener was told: violated() as soon as that makes no sense. All members: any thread,
/// except where they say so. Must live until all tasks that were taken have ended.
class Batch final : public CompletionListener
{
public:
    /// \p what: for messages.
    Batch(BatchKind kind, std::string what);

    [[nodiscard]] const std::shared_ptr<const Job>& job() const noexcept { return m_job; }
    [[nodiscard]] BatchKind kind() const noexcept { return m_kind; }
    [[nodiscard]] std::uint64_t size() const noexcept { return m_ends.size(); }

    void taskEnded(const TaskEnd& end) noexcept override;
    void tasksMoved(std::uint64_t begin, std::uint64_t end, TaskState state) noexcept override;

    /// The executor took these tasks, or refused them. The one who submits.
    void noteTaken(std::uint64_t first, std::uint64_t count);
    void noteRefused(std::uint64_t first, std::uint64_t count);
    /// Adds what became of the tasks to \p counts. Violated unless those that were taken have ended, and no
    /// other. \return how many were taken. When the executor has drained.
    std::uint64_t settle(StateCounts& counts) const;

private:
    struct End
    {
        std::atomic<std::uint8_t> times{0};
        bool wasTaken = false; ///< the submitter's
        std::atomic<TaskState> state{TaskState::Pending};
    };

    [[nodiscard]] std::string name(std::uint64_t task) const;
    void checkEnd(const TaskEnd& end) const;

    const BatchKind m_kind;
    const std::string m_what;
    const std::shared_ptr<const Job> m_job;
    std::vector<End> m_ends;
};

} // namespace poolscope::soak
