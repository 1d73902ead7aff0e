// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/item_chunks.h"
#include "core/task/stop_flag.h"
#include "core/task/value.h"
#include "core/task/workload.h"

#include <cstdint>

namespace poolscope {

/// What the items of a chunk have in common.
struct ItemsOf
{
    const Workload& workload;
    const ParamSet& params;
    std::uint64_t seed;
    const StopFlag& stop;
};

/// Runs the kernel for the items of a chunk, one after the other. \return the bytes of a ValueBlock; or the error of
/// the first item that fails, with its index and text, after which no other one runs; or an error
/// as soon as the chunk is asked to stop.
[[nodiscard]] Result<Value> runItems(const ItemsOf& of, const ItemChunks& chunks,
                                     std::uint64_t task) noexcept;
/// The same in a worker process.
[[nodiscard]] Result<Value> runItems(const ItemsOf& of, const ChunkRequest& chunk) noexcept;

} // namespace poolscope
