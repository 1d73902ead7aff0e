// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/run_items.h"

#include "core/executor/exception_text.h"
#include "core/task/value_block.h"

#include <string>
#include <string_view>
#include <utility>

namespace poolscope {

namespace {

/// \p at: the item that runs.
template <class TextOf>
Result<Value> runAll(const ItemsOf& of, const ItemSpan& items, const TextOf& textOf,
                     std::uint64_t& at)
{
    ValueBlockWriter block(items.count);
    for (const std::uint64_t end = items.first + items.count; at < end; ++at) {
        if (of.stop.isRequested()) {
            return Error{stoppedText(items, at - items.first)};
        }
        Result<Value> result = of.workload.kernel({of.params, of.seed, at, textOf(at), of.stop});
        if (!result) {
            return Error{itemError(at, textOf(at), result.error().message),
                         result.error().isTimeout};
        }
        block.add(std::move(result).value());
    }
    return Value{std::move(block).take()};
}

template <class TextOf>
Result<Value> runGuarded(const ItemsOf& of, const ItemSpan& items, const TextOf& textOf) noexcept
{
    try {
        std::uint64_t at = items.first;
        try {
            return runAll(of, items, textOf, at);
        } catch (...) {
            return Error{itemError(at, textOf(at), currentExceptionText())};
        }
    } catch (...) {
        return Error{"out of memory"}; // short enough to need none
    }
}

} // namespace

Result<Value> runItems(const ItemsOf& of, const ItemChunks& chunks, std::uint64_t task) noexcept
{
    return runGuarded(of, chunks.span(task),
                      [&chunks](std::uint64_t item) { return chunks.item(item); });
}

Result<Value> runItems(const ItemsOf& of, const ChunkRequest& chunk) noexcept
{
    return runGuarded(of, chunk.items, [&chunk](std::uint64_t item) {
        return chunk.texts.empty() ? std::string_view{} : chunk.texts[item - chunk.items.first];
    });
}

} // namespace poolscope
