// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/executor/task_node.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace poolscope {

struct TaskSlot;

/// What can be done with what lies in a slot: one table a type of closure.
struct SlotKind
{
    /// Runs the closure and destroys it. \return Done, or Failed with the text in \p error.
    TaskState (*run)(TaskSlot& slot, std::string& error) noexcept;
    /// Destroys it unrun.
    void (*drop)(TaskSlot& slot) noexcept;
};

/// Place for one call on its way from the thread that submits it to the worker that runs it: either a
/// small closure that nobody waits for, where it lies, or a node that a future shares.
struct alignas(64) TaskSlot
{
    static constexpr std::size_t kStoreBytes = 32;

    alignas(16) std::array<std::byte, kStoreBytes> store;
    const SlotKind* kind; ///< null for a node
    TaskNode* node; ///< one reference of it, else null
    Nanos submitNs; ///< from the trace's origin; 0 when nothing is recorded
    std::uint64_t task; ///< its number
};

static_assert(sizeof(TaskSlot) == 64, "one cache line a task");

/// A closure that finds room in a slot and is never asked to stop.
template <class Function>
concept FitsInSlot =
    sizeof(std::decay_t<Function>) <= TaskSlot::kStoreBytes &&
    alignof(std::decay_t<Function>) <= 16 &&
    std::is_nothrow_constructible_v<std::decay_t<Function>,
                                    Function>&& std::is_invocable_v<std::decay_t<Function>&> &&
    !std::is_invocable_v<std::decay_t<Function>&, const StopFlag&>;

namespace detail {

template <class Closure>
Closure& closureIn(TaskSlot& slot) noexcept
{
    return *std::launder(reinterpret_cast<Closure*>(slot.store.data()));
}

template <class Closure>
TaskState runClosure(TaskSlot& slot, std::string& error) noexcept
{
    TaskState state = TaskState::Done;
    try {
        closureIn<Closure>(slot)();
    } catch (...) {
        error = describeCurrentException().text;
        state = TaskState::Failed;
    }
    closureIn<Closure>(slot).~Closure();
    return state;
}

template <class Closure>
void dropClosure(TaskSlot& slot) noexcept
{
    closureIn<Closure>(slot).~Closure();
}

} // namespace detail

/// Puts a closure or a node into a slot; number and time are the queue's to set.
template <FitsInSlot Function>
void fillSlot(TaskSlot& slot, Function&& function) noexcept
{
    using Closure = std::decay_t<Function>;
    static constexpr SlotKind kKind{detail::runClosure<Closure>, detail::dropClosure<Closure>};
    new (slot.store.data()) Closure(std::forward<Function>(function));
    slot.kind = &kKind;
    slot.node = nullptr;
}
inline void fillSlot(TaskSlot& slot, TaskNodePtr node) noexcept
{
    slot.kind = nullptr;
    slot.node = node.detach();
}

} // namespace poolscope
