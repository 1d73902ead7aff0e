// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef PS_BENCH_HAS_ASIO

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <future>
#include <type_traits>
#include <utility>

namespace poolscope::bench {

/// boost::asio::thread_pool. It has no wait of its own that leaves it usable: join() ends it.
class AsioPool
{
public:
    static constexpr const char* kName = "Asio";

    explicit AsioPool(int workers)
        : m_pool(static_cast<std::size_t>(workers))
    {}

    template <class F>
    void post(F task)
    {
        boost::asio::post(m_pool, std::move(task));
    }
    template <class F>
    auto submit(F task)
    {
        std::packaged_task<std::invoke_result_t<F>()> packaged(std::move(task));
        auto future = packaged.get_future();
        boost::asio::post(m_pool, std::move(packaged));
        return future;
    }
    void wait() { m_pool.join(); }

private:
    boost::asio::thread_pool m_pool;
};

} // namespace poolscope::bench

#endif
