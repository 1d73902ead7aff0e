// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef PS_BENCH_HAS_TBB

#include "tests/bench/engine/peers/counted.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <cstddef>
#include <utility>

namespace poolscope::bench {

/// tbb::task_group in an arena of its own: the caller helps while it waits, so that one thread more
/// than workers are at it.
class TbbGroup
{
public:
    static constexpr const char* kName = "TBB task_group";

    explicit TbbGroup(int workers)
        : m_limit(tbb::global_control::max_allowed_parallelism,
                  static_cast<std::size_t>(workers) + 1)
        , m_arena(workers + 1, 1)
    {}

    template <class F>
    void post(F task)
    {
        m_arena.execute([this, &task] { m_group.run(std::move(task)); });
    }
    void wait()
    {
        m_arena.execute([this] { m_group.wait(); });
    }
    /// Posts all that \p each posts from inside the arena, which is cheaper for TBB.
    template <class Each>
    void inside(const Each& each)
    {
        m_arena.execute([this, &each] { each(m_group); });
    }

private:
    tbb::global_control m_limit;
    tbb::task_arena m_arena;
    tbb::task_group m_group;
};

/// tbb::task_arena::enqueue: fire and forget, first in, first out as far as TBB does that.
class TbbEnqueue
{
public:
    static constexpr const char* kName = "TBB enqueue";

    explicit TbbEnqueue(int workers)
        : m_limit(tbb::global_control::max_allowed_parallelism,
                  static_cast<std::size_t>(workers) + 1)
        , m_arena(workers, 0)
    {}
    ~TbbEnqueue() { wait(); }
    TbbEnqueue(const TbbEnqueue&) = delete;
    TbbEnqueue& operator=(const TbbEnqueue&) = delete;

    template <class F>
    void post(F task)
    {
        m_arena.enqueue(m_counted.wrap(std::move(task)));
    }
    void wait() { m_counted.wait(); }

private:
    tbb::global_control m_limit;
    tbb::task_arena m_arena;
    Counted m_counted;
};

} // namespace poolscope::bench

#endif
