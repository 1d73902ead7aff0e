// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/item_chunks.h"

#include "core/task/codec.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

std::string makeRequest(const ItemSpan& items, const JobPlan& plan)
{
    ByteWriter writer;
    writer.writeUnsigned(items.first);
    writer.writeUnsigned(items.count);
    for (std::uint64_t i = 0; !plan.items.empty() && i < items.count; ++i) {
        writer.writeText(plan.item(items.first + i));
    }
    return writer.takeBytes();
}

} // namespace

std::string spanName(const ItemSpan& items)
{
    if (items.count == 1) {
        return "item " + std::to_string(items.first);
    }
    return "items " + std::to_string(items.first) + '-' +
           std::to_string(items.first + items.count - 1);
}

std::string itemError(std::uint64_t index, std::string_view item, std::string_view error)
{
    std::string text = "item " + std::to_string(index);
    if (!item.empty()) {
        text.append(" (").append(item).append(")");
    }
    return text.append(": ").append(error);
}

std::string stoppedText(const ItemSpan& items, std::uint64_t done)
{
    return "cancelled after " + std::to_string(done) + " of " + spanName(items);
}

ItemChunks::ItemChunks(std::shared_ptr<const JobPlan> plan, std::vector<std::uint64_t> bounds,
                       std::uint64_t firstTask)
    : m_plan(std::move(plan))
    , m_bounds(std::move(bounds))
    , m_firstTask(firstTask)
{
    assert(m_bounds.size() >= 2);
    if (m_plan) {
        m_requests.reserve(count());
        for (std::uint64_t chunk = 0; chunk < count(); ++chunk) {
            m_requests.push_back(makeRequest(span(firstTask + chunk), *m_plan));
        }
    }
}

std::optional<ChunkRequest> readChunkRequest(std::string_view bytes)
{
    ByteReader reader(bytes);
    ChunkRequest request;
    request.items.first = reader.readUnsigned();
    request.items.count = reader.readUnsigned();
    if (reader.hasFailed() || request.items.count > std::numeric_limits<std::uint32_t>::max() ||
        request.items.first > std::numeric_limits<std::uint64_t>::max() - request.items.count) {
        return std::nullopt;
    }
    if (reader.isAtEnd()) {
        return request;
    }
    while (!reader.isAtEnd() && !reader.hasFailed()) {
        request.texts.push_back(reader.readText());
    }
    if (reader.hasFailed() || request.texts.size() != request.items.count) {
        return std::nullopt;
    }
    return request;
}

std::shared_ptr<const Job> jobOfChunks(const Job& job, std::shared_ptr<const ItemChunks> chunks)
{
    assert(job.workload != nullptr && !job.chunks);
    auto made = std::make_shared<Job>(job);
    JobPlan plan;
    plan.taskCount = chunks->firstTask() + chunks->count();
    plan.kinds = job.plan->kinds;
    made->plan = std::make_shared<const JobPlan>(std::move(plan));
    made->chunks = std::move(chunks);
    return made;
}

std::shared_ptr<const Job> jobOfChunks(const Job& job, std::uint64_t items)
{
    std::vector<std::uint64_t> bounds{0};
    while (bounds.back() < job.plan->taskCount) {
        bounds.push_back(std::min(bounds.back() + items, job.plan->taskCount));
    }
    auto chunks = std::make_shared<const ItemChunks>(job.plan, std::move(bounds));
    JobPlan plan;
    plan.taskCount = chunks->count();
    plan.kinds = job.plan->kinds;
    for (std::uint64_t task = 0; task < chunks->count(); ++task) {
        const ItemSpan span = chunks->span(task);
        plan.items.push_back(spanName(span));
        if (!job.plan->kindOfTask.empty()) {
            plan.kindOfTask.push_back(job.plan->kind(span.first));
        }
    }
    auto made = std::make_shared<Job>(*jobOfChunks(job, std::move(chunks)));
    made->plan = std::make_shared<const JobPlan>(std::move(plan));
    return made;
}

} // namespace poolscope
