// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/workload.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// Neighbouring items: [first, first + count).
struct ItemSpan
{
    std::uint64_t first = 0;
    std::uint64_t count = 0;

    friend bool operator==(const ItemSpan&, const ItemSpan&) = default;
};

/// \return e.g. "items 4096-8191", "item 7".
[[nodiscard]] std::string spanName(const ItemSpan& items);
/// \return \p error with which item it is about; \p item: its text, may be empty.
[[nodiscard]] std::string itemError(std::uint64_t index, std::string_view item,
                                    std::string_view error);

/// \return why a chunk ended that was asked to stop after \p done of its items.
[[nodiscard]] std::string stoppedText(const ItemSpan& items, std::uint64_t done);

/// Which items are the tasks of a job whose tasks are chunks, each with one record, state and result
/// of its own.
class ItemChunks
{
public:
    /// Chunk n, which is task \p firstTask + n, has the items [bounds[n], bounds[n + 1]). \p bounds: at least
    /// two, growing. \p plan: of the items; null when nothing is known of them but their index.
    ItemChunks(std::shared_ptr<const JobPlan> plan, std::vector<std::uint64_t> bounds,
               std::uint64_t firstTask = 0);

    [[nodiscard]] std::uint64_t firstTask() const noexcept { return m_firstTask; }
    [[nodiscard]] std::uint64_t count() const noexcept { return m_bounds.size() - 1; }
    /// \p task: firstTask() and up.
    [[nodiscard]] ItemSpan span(std::uint64_t task) const noexcept
    {
        const std::uint64_t chunk = task - m_firstTask;
        return {m_bounds[chunk], m_bounds[chunk + 1] - m_bounds[chunk]};
    }
    /// \return the text of an item, empty when it has none.
    [[nodiscard]] std::string_view item(std::uint64_t index) const
    {
        return m_plan ? m_plan->item(index) : std::string_view{};
    }
    /// \return what the record of \p task keeps in place of its results: how many items it had.
    [[nodiscard]] Value recordedValue(std::uint64_t task) const noexcept
    {
        return static_cast<std::int64_t>(span(task).count);
    }
    /// \return what a worker process has to know of \p task: see readChunkRequest().
    [[nodiscard]] std::string_view request(std::uint64_t task) const
    {
        return m_requests[task - m_firstTask];
    }

private:
    const std::shared_ptr<const JobPlan> m_plan;
    const std::vector<std::uint64_t> m_bounds;
    const std::uint64_t m_firstTask;
    std::vector<std::string> m_requests; ///< one a chunk, when there is a plan
};

/// A chunk as a worker process sees it.
struct ChunkRequest
{
    ItemSpan items;
    std::vector<std::string_view> texts; ///< one an item, or none
};
/// Reads what ItemChunks::request() gave; the texts point into \p bytes. \return nothing when it makes no sense.
[[nodiscard]] std::optional<ChunkRequest> readChunkRequest(std::string_view bytes);

/// \return \p job with chunks as its tasks, cut where \p chunks says. Precondition: job has a workload.
[[nodiscard]] std::shared_ptr<const Job> jobOfChunks(const Job& job,
                                                     std::shared_ptr<const ItemChunks> chunks);
/// \return the same with \p items items a chunk (at least 1, the last one may have fewer), and a plan in which
/// each chunk is named by its items and has the kind of its first one.
[[nodiscard]] std::shared_ptr<const Job> jobOfChunks(const Job& job, std::uint64_t items);

} // namespace poolscope
