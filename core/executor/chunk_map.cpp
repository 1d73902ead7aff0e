// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/chunk_map.h"

#include <optional>
#include <string>

namespace poolscope {

namespace {

JobChunk chunkOf(ChunkEnd end)
{
    JobChunk chunk{end.items, end.state, {std::move(end.error), {}, {}}, {}};
    if (!chunk.isDone()) {
        return chunk;
    }
    auto* bytes = std::get_if<std::string>(&end.value);
    std::optional<ValueBlock> values =
        bytes != nullptr ? ValueBlock::read(std::move(*bytes)) : std::nullopt;
    if (!values || values->size() != end.items.count) {
        chunk.state = TaskState::Failed;
        chunk.error.text = "the results of " + spanName(end.items) + " make no sense";
        return chunk;
    }
    chunk.values = std::move(*values);
    return chunk;
}

} // namespace

ChunkedResult<JobChunk> mapJob(Executor& executor, const Job& job, const MapOptions& options)
{
    ChunkRounds rounds(executor, options, job.plan, job.plan->taskCount);
    rounds.run([&job](std::shared_ptr<const ItemChunks> chunks) {
        return jobOfChunks(job, std::move(chunks));
    });
    ChunkedResult<JobChunk> result;
    result.hasTimedOut = rounds.hasTimedOut();
    std::vector<ChunkEnd> ends = rounds.takeEnds();
    result.chunks.reserve(ends.size());
    for (ChunkEnd& end : ends) {
        result.chunks.push_back(chunkOf(std::move(end)));
    }
    return result;
}

} // namespace poolscope
