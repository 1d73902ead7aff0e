// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/fast_clock.h"
#include "core/base/time.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace poolscope {

/// In what order tasks of a line begin.
struct LineOrder
{
    bool isNewestFirst = false; ///< within one priority; else the oldest first
    /// A task that has waited for so long begins before those that came now with the next higher priority;
    /// 0: never.
    Nanos agingNs = 0;
};

/// Entries of neighbouring tasks in the order in which they are to begin: higher priority first, first in,
/// first out within one, unless the order says otherwise. An Entry has begin, count() and options. Not for
/// several threads.
template <class Entry>
class PriorityLine
{
public:
    PriorityLine() = default;
    explicit PriorityLine(const LineOrder& order)
        : m_order(order)
    {}

    [[nodiscard]] bool isEmpty() const noexcept { return m_tasks == 0; }
    /// \return the tasks of all entries.
    [[nodiscard]] std::uint64_t taskCount() const noexcept { return m_tasks; }
    /// \return the entry to take from next. Precondition: !isEmpty().
    [[nodiscard]] Entry& front()
    {
        assert(!isEmpty());
        return frontLevel()->second.front().entry;
    }

    /// Precondition of both: the entry is not empty.
    void pushBack(Entry entry)
    {
        m_tasks += entry.count();
        Entries& entries = level(entry);
        const Nanos nowNs = m_order.agingNs > 0 ? fastNow() : 0;
        if (m_order.isNewestFirst) {
            entries.push_front({std::move(entry), nowNs});
        } else {
            entries.push_back({std::move(entry), nowNs});
        }
    }
    /// Puts it before all others of its priority.
    void pushFront(Entry entry)
    {
        m_tasks += entry.count();
        Entries& entries = level(entry);
        const Nanos nowNs = m_order.agingNs > 0 ? fastNow() : 0;
        // It was there before: as old as the one behind it.
        entries.push_front({std::move(entry), entries.empty() ? nowNs : entries.front().sinceNs});
    }
    /// The first \p tasks of the front entry, at most all of it, were taken.
    void dropFront(std::uint64_t tasks)
    {
        assert(!isEmpty());
        drop(frontLevel(), 0, tasks);
    }

    /// Takes out the tasks that are to begin last: of the lowest priority, the oldest.
    /// Precondition: !isEmpty(). \return at most \p tasks of one entry.
    [[nodiscard]] Entry takeOldest(std::uint64_t tasks)
    {
        assert(!isEmpty());
        const auto level = std::prev(m_levels.end());
        const std::size_t oldest = m_order.isNewestFirst ? level->second.size() - 1 : 0;
        Entry taken = level->second[oldest].entry;
        taken.end = taken.begin + std::min(tasks, taken.count());
        drop(level, oldest, taken.count());
        return taken;
    }
    /// Takes out one entry for which \p predicate holds, a young one rather than an old one. O(entries).
    template <class Predicate>
    [[nodiscard]] std::optional<Entry> takeOne(const Predicate& predicate)
    {
        for (auto level = m_levels.begin(); level != m_levels.end(); ++level) {
            Entries& entries = level->second;
            const auto found =
                std::find_if(entries.rbegin(), entries.rend(),
                             [&predicate](const Waiting& each) { return predicate(each.entry); });
            if (found == entries.rend()) {
                continue;
            }
            std::optional<Entry> taken(std::move(found->entry));
            m_tasks -= taken->count();
            entries.erase(std::prev(found.base()));
            eraseIfEmpty(level);
            return taken;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::vector<Entry> takeAll()
    {
        return takeIf([](const Entry&) { return true; });
    }
    /// Takes out the entries for which \p predicate holds, in order. O(entries).
    template <class Predicate>
    [[nodiscard]] std::vector<Entry> takeIf(const Predicate& predicate)
    {
        std::vector<Entry> taken;
        for (auto level = m_levels.begin(); level != m_levels.end();) {
            Entries kept;
            for (Waiting& each : level->second) {
                if (predicate(std::as_const(each.entry))) {
                    m_tasks -= each.entry.count();
                    taken.push_back(std::move(each.entry));
                } else {
                    kept.push_back(std::move(each));
                }
            }
            level->second.swap(kept);
            level = level->second.empty() ? m_levels.erase(level) : std::next(level);
        }
        return taken;
    }

private:
    struct Waiting
    {
        Entry entry;
        Nanos sinceNs; ///< 0 when nothing ages
    };
    using Entries = std::deque<Waiting>;
    using Levels = std::map<int, Entries, std::greater<>>;
    using Level = typename Levels::iterator;

    /// \return the level to take from next. Ages are compared as the times at which the entries would have
    /// had to come with priority 0: these do not change while they wait.
    [[nodiscard]] Level frontLevel()
    {
        const auto key = [this](const auto& level) {
            return level.second.front().sinceNs - level.first * m_order.agingNs;
        };
        Level first = m_levels.begin();
        for (Level level = first; m_order.agingNs > 0 && level != m_levels.end(); ++level) {
            first = key(*level) < key(*first) ? level : first;
        }
        return first;
    }
    void drop(Level level, std::size_t index, std::uint64_t tasks)
    {
        Entries& entries = level->second;
        Entry& entry = entries[index].entry;
        assert(tasks <= entry.count());
        entry.begin += tasks;
        m_tasks -= tasks;
        if (entry.count() == 0) {
            entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(index));
            eraseIfEmpty(level);
        }
    }
    void eraseIfEmpty(Level level)
    {
        if (level->second.empty() && m_levels.size() > 1) {
            m_levels.erase(level);
        }
    }
    Entries& level(const Entry& entry)
    {
        const int priority = entry.options ? entry.options->priority : 0;
        if (m_levels.size() == 1 && m_levels.begin()->second.empty() &&
            m_levels.begin()->first != priority) {
            m_levels.clear();
        }
        return m_levels[priority];
    }

    LineOrder m_order;
    Levels m_levels; ///< none is empty, except one that is alone (it spares an allocation)
    std::uint64_t m_tasks = 0;
};

} // namespace poolscope
