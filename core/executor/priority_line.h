// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace poolscope {

/// Entries of neighbouring tasks in the order in which they are to begin: higher priority first,
/// first in, first out within one. An Entry has begin, count() and options. Not for several threads.
template <class Entry>
class PriorityLine
{
public:
    [[nodiscard]] bool isEmpty() const noexcept { return m_tasks == 0; }
    /// \return the tasks of all entries.
    [[nodiscard]] std::uint64_t taskCount() const noexcept { return m_tasks; }
    /// \return the entry to take from next. Precondition: !isEmpty().
    [[nodiscard]] Entry& front()
    {
        assert(!isEmpty());
        return m_levels.begin()->second.front();
    }

    /// Precondition of both: the entry is not empty.
    void pushBack(Entry entry)
    {
        m_tasks += entry.count();
        level(entry).push_back(std::move(entry));
    }
    /// Puts it before all others of its priority.
    void pushFront(Entry entry)
    {
        m_tasks += entry.count();
        level(entry).push_front(std::move(entry));
    }
    /// The first \p tasks of the front entry, at most all of it, were taken.
    void dropFront(std::uint64_t tasks)
    {
        Entry& entry = front();
        assert(tasks <= entry.count());
        entry.begin += tasks;
        m_tasks -= tasks;
        if (entry.count() == 0) {
            auto& entries = m_levels.begin()->second;
            entries.pop_front();
            if (entries.empty() && m_levels.size() > 1) {
                m_levels.erase(m_levels.begin());
            }
        }
    }

    /// Takes out the tasks that are to begin last: of the lowest priority, the oldest.
    /// Precondition: !isEmpty(). \return at most \p tasks of one entry.
    [[nodiscard]] Entry takeOldest(std::uint64_t tasks)
    {
        assert(!isEmpty());
        const auto level = std::prev(m_levels.end());
        Entry taken = level->second.front();
        taken.end = taken.begin + std::min(tasks, taken.count());
        level->second.front().begin = taken.end;
        m_tasks -= taken.count();
        if (level->second.front().count() == 0) {
            level->second.pop_front();
            if (level->second.empty() && m_levels.size() > 1) {
                m_levels.erase(level);
            }
        }
        return taken;
    }
    /// Takes out one entry for which \p predicate holds, a young one rather than an old one. O(entries).
    template <class Predicate>
    [[nodiscard]] std::optional<Entry> takeOne(const Predicate& predicate)
    {
        for (auto level = m_levels.begin(); level != m_levels.end(); ++level) {
            std::deque<Entry>& entries = level->second;
            const auto found = std::find_if(entries.rbegin(), entries.rend(), predicate);
            if (found == entries.rend()) {
                continue;
            }
            std::optional<Entry> taken(std::move(*found));
            m_tasks -= taken->count();
            entries.erase(std::prev(found.base()));
            if (entries.empty() && m_levels.size() > 1) {
                m_levels.erase(level);
            }
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
            std::deque<Entry> kept;
            for (Entry& entry : level->second) {
                if (predicate(entry)) {
                    m_tasks -= entry.count();
                    taken.push_back(std::move(entry));
                } else {
                    kept.push_back(std::move(entry));
                }
            }
            level->second.swap(kept);
            level = level->second.empty() ? m_levels.erase(level) : std::next(level);
        }
        return taken;
    }

private:
    using Levels = std::map<int, std::deque<Entry>, std::greater<>>;

    std::deque<Entry>& level(const Entry& entry)
    {
        const int priority = entry.options ? entry.options->priority : 0;
        if (m_levels.size() == 1 && m_levels.begin()->second.empty() &&
            m_levels.begin()->first != priority) {
            m_levels.clear();
        }
        return m_levels[priority];
    }

    Levels m_levels; ///< none is empty, except one that is alone (it spares an allocation)
    std::uint64_t m_tasks = 0;
};

} // namespace poolscope
