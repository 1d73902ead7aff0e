// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/executor/task_node.h"

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace poolscope {

/// Any C++ callable as a task: closure, arguments, state and result in one allocation.
template <class Result, class Function, class... Args>
class CallableNode final : public ResultNode<Result>
{
public:
    template <class F, class... As>
    explicit CallableNode(F&& function, As&&... args)
        : m_work(std::in_place, std::forward<F>(function),
                 std::tuple<Args...>(std::forward<As>(args)...))
    {}

    TaskState run() noexcept override
    {
        try {
            call();
            return TaskState::Done;
        } catch (...) {
            this->setError(describeCurrentException());
            return this->stop().isRequested() ? TaskState::Cancelled : TaskState::Failed;
        }
    }

private:
    using Work = std::pair<Function, std::tuple<Args...>>;

    void call()
    {
        std::apply(
            [this](Args&... args) {
                if constexpr (std::is_invocable_v<Function&, const StopFlag&, Args&&...>) {
                    keep(m_work->first, this->stop(), std::move(args)...);
                } else {
                    keep(m_work->first, std::move(args)...);
                }
            },
            m_work->second);
    }
    template <class... As>
    void keep(Function& function, As&&... args)
    {
        if constexpr (std::is_same_v<Result, std::monostate>) {
            std::invoke(function, std::forward<As>(args)...);
            this->m_value.emplace();
        } else {
            this->m_value.emplace(std::invoke(function, std::forward<As>(args)...));
        }
    }
    void dropWork() noexcept override { m_work.reset(); }

    std::optional<Work> m_work; ///< gone once the task has ended
};

namespace detail {

template <class Void, class Function, class... Args>
struct CallResult
{};
template <class Function, class... Args>
struct CallResult<std::enable_if_t<std::is_invocable_v<Function&, const StopFlag&, Args&&...>>,
                  Function, Args...>
{
    using Type = std::invoke_result_t<Function&, const StopFlag&, Args&&...>;
};
template <class Function, class... Args>
struct CallResult<std::enable_if_t<!std::is_invocable_v<Function&, const StopFlag&, Args&&...> &&
                                   std::is_invocable_v<Function&, Args&&...>>,
                  Function, Args...>
{
    using Type = std::invoke_result_t<Function&, Args&&...>;
};

} // namespace detail

/// What a task of these gives back: the callable gets a StopFlag first if it takes one.
template <class Function, class... Args>
using CallResult = std::decay_t<
    typename detail::CallResult<void, std::decay_t<Function>, std::decay_t<Args>...>::Type>;

/// A callable that can be made a task.
template <class Function, class... Args>
concept TaskCallable = requires
{
    typename CallResult<Function, Args...>;
};

/// CallResult as a node stores it.
template <class Result>
using StoredResult = std::conditional_t<std::is_void_v<Result>, std::monostate, Result>;

/// Makes the node of a call; the arguments are copied or moved into it.
template <class Function, class... Args>
requires TaskCallable<Function, Args...>
[[nodiscard]] auto makeCallableNode(Function&& function, Args&&... args)
{
    using Node = CallableNode<StoredResult<CallResult<Function, Args...>>, std::decay_t<Function>,
                              std::decay_t<Args>...>;
    return IntrusivePtr<Node>::adopt(
        new Node(std::forward<Function>(function), std::forward<Args>(args)...));
}

} // namespace poolscope
