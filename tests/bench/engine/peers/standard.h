// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/engine/measure.h"

#include <cstdint>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace poolscope::bench {

/// std::async: a thread a task. Whoever posts waits at most a thousand behind, or memory would go.
class AsyncPool
{
public:
    static constexpr const char* kName = "std::async";

    explicit AsyncPool(int /*workers*/) {}

    template <class F>
    void post(F task)
    {
        if (m_futures.size() >= kMostAtOnce) {
            wait();
        }
        m_futures.push_back(std::async(std::launch::async, std::move(task)));
    }
    template <class F>
    auto submit(F task)
    {
        return std::async(std::launch::async, std::move(task));
    }
    void wait() { m_futures.clear(); }

private:
    static constexpr std::size_t kMostAtOnce = 1000;
    std::vector<std::future<void>> m_futures;
};

/// What cannot be beaten: \p tasks split evenly over \p workers threads that are started for it.
/// \return tasks a second.
template <class F>
double staticSplit(int workers, std::uint64_t tasks, const F& task)
{
    const Nanos before = monotonicNow();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < workers; ++i) {
            const auto share = tasks / static_cast<std::uint64_t>(workers);
            threads.emplace_back([share, &task] {
                for (std::uint64_t n = 0; n < share; ++n) {
                    task();
                }
            });
        }
    }
    return static_cast<double>(tasks) / toSeconds(monotonicNow() - before);
}

} // namespace poolscope::bench
