// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace poolscope::bench {

/// The pool of the textbooks: a deque of std::function under one mutex, one condition variable.
class TextbookPool
{
public:
    static constexpr const char* kName = "textbook";

    explicit TextbookPool(int workers)
    {
        for (int i = 0; i < workers; ++i) {
            m_threads.emplace_back([this] { work(); });
        }
    }
    ~TextbookPool()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isClosed = true;
        }
        m_hasWork.notify_all();
        for (std::thread& thread : m_threads) {
            thread.join();
        }
    }
    TextbookPool(const TextbookPool&) = delete;
    TextbookPool& operator=(const TextbookPool&) = delete;

    template <class F>
    void post(F task)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_tasks.emplace_back(std::move(task));
            ++m_unended;
        }
        m_hasWork.notify_one();
    }
    template <class F>
    auto submit(F task)
    {
        using R = std::invoke_result_t<F>;
        auto packaged = std::make_shared<std::packaged_task<R()>>(std::move(task));
        std::future<R> future = packaged->get_future();
        post([packaged] { (*packaged)(); });
        return future;
    }
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_hasEnded.wait(lock, [this] { return m_unended == 0; });
    }

private:
    void work()
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_hasWork.wait(lock, [this] { return !m_tasks.empty() || m_isClosed; });
            if (m_tasks.empty()) {
                return;
            }
            {
                const std::function<void()> task = std::move(m_tasks.front());
                m_tasks.pop_front();
                lock.unlock();
                task();
            }
            lock.lock();
            if (--m_unended == 0) {
                m_hasEnded.notify_all();
            }
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_hasWork;
    std::condition_variable m_hasEnded;
    std::deque<std::function<void()>> m_tasks;
    std::uint64_t m_unended = 0;
    bool m_isClosed = false;
    std::vector<std::thread> m_threads;
};

} // namespace poolscope::bench
