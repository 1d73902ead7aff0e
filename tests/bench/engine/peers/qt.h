// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef PS_BENCH_HAS_QT

#include <QFuture>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <utility>

namespace poolscope::bench {

class QtPool
{
public:
    static constexpr const char* kName = "QThreadPool";

    explicit QtPool(int workers) { m_pool.setMaxThreadCount(workers); }

    template <class F>
    void post(F task)
    {
        m_pool.start(std::move(task));
    }
    template <class F>
    auto submit(F task)
    {
        return Future<decltype(task())>{QtConcurrent::run(&m_pool, std::move(task))};
    }
    void wait() { m_pool.waitForDone(); }

private:
    template <class R>
    struct Future
    {
        QFuture<R> future;
        R get() const { return future.result(); }
    };

    QThreadPool m_pool;
};

} // namespace poolscope::bench

#endif
