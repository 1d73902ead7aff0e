// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace poolscope {

/// How far a running task says it is.
struct Progress
{
    double share = 0; ///< 0 to 1
    std::string text; ///< what it is at, such as "page 3"; may be empty

    friend bool operator==(const Progress&, const Progress&) = default;
};

/// Where the progress of the task that runs is kept, in this program or in memory shared with it: one writer
/// at a time, any readers. A reader never holds up the writer, nor sees half of what it wrote.
class ProgressNote
{
public:
    static constexpr std::size_t kTextBytes = 40; ///< longer texts are cut at a character

    /// \p share: cut to 0…1; nothing happens when it is not a number. About 10 ns.
    void set(double share, std::string_view text) noexcept;
    /// Another task runs, which has said nothing yet.
    void clear() noexcept;
    /// \return nothing when the task has said nothing, or while it goes on writing.
    [[nodiscard]] std::optional<Progress> read() const;
    /// Makes this the same as \p other, which may be written meanwhile and hold anything.
    void copyFrom(const ProgressNote& other);

private:
    static constexpr std::uint32_t kNothing = 0xffffffff; ///< no share that set() writes

    std::atomic<std::uint32_t> m_writes{0}; ///< odd: somebody writes
    std::atomic<std::uint32_t> m_share{kNothing}; ///< bits of a float
    std::array<std::atomic<std::uint64_t>, kTextBytes / 8> m_text{};
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// For as long as this lives, tasks on the calling thread say their progress there.
class ProgressScope
{
public:
    /// \p note: null: nobody wants to know.
    explicit ProgressScope(ProgressNote* note) noexcept;
    ~ProgressScope();
    ProgressScope(const ProgressScope&) = delete;
    ProgressScope& operator=(const ProgressScope&) = delete;

private:
    ProgressNote* const m_outer;
};

/// To be called by a task on the thread that runs it, however often: says that \p share (0 to 1) of it is
/// done, and at what it is. Only the newest is kept. Elsewhere, and when nothing is recorded, it does
/// nothing.
void sayProgress(double share, std::string_view text = {}) noexcept;

} // namespace poolscope
