// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace poolscope {

// Large items and results on their way between a pool and a worker process lie in the memory that the two
// share, behind the WorkerPage: one area for each way. Nothing of it is there before it is used.

/// What is smaller goes the usual way.
inline constexpr std::size_t kLargeValueBytes = 64U << 10U;
/// Of one area: two of the longest items or results.
inline constexpr std::uint64_t kValueAreaBytes = 66U << 20U;

enum class ValueWay { ToWorker, FromWorker };

/// A stretch of an area.
struct ValuePlace
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;

    /// \return whether it lies in an area: what the other side says must be asked first.
    [[nodiscard]] bool isPossible() const noexcept
    {
        return offset <= kValueAreaBytes && bytes <= kValueAreaBytes - offset;
    }
    friend bool operator==(const ValuePlace&, const ValuePlace&) = default;
};

/// Which stretches of an area are in use: they are given back in the order in which they were taken. Of the
/// side that writes.
class ValueRoom
{
public:
    explicit ValueRoom(std::uint64_t bytes = kValueAreaBytes)
        : m_bytes(bytes)
    {}

    /// \return a stretch of \p bytes at one piece; nothing when there is none. The first pages are used again
    /// and again as long as that suffices.
    [[nodiscard]] std::optional<ValuePlace> take(std::uint64_t bytes);
    /// Gives the stretch that was taken first back, or last. Precondition: there is one.
    void dropFirst();
    void dropLast();
    [[nodiscard]] std::size_t count() const noexcept { return m_taken.size(); }
    /// \return bytes in use.
    [[nodiscard]] std::uint64_t usedBytes() const noexcept { return m_used; }

private:
    std::uint64_t m_bytes;
    std::uint64_t m_used = 0;
    std::deque<ValuePlace> m_taken;
};

/// One area, as one of the two sides sees it.
class ValueArea
{
public:
    /// \return how large the memory is that page and areas lie in. \p pageBytes: of the WorkerPage.
    [[nodiscard]] static std::size_t memoryBytes(std::size_t pageBytes) noexcept;
    /// \return whether such memory may be made here: a limit on the size of files may forbid it.
    [[nodiscard]] static bool isAllowed(std::size_t pageBytes) noexcept;

    /// \p fd: of the memory, which stays open longer; it may be too small to have areas.
    ValueArea(int fd, std::size_t pageBytes, ValueWay way) noexcept;
    ~ValueArea();
    ValueArea(const ValueArea&) = delete;
    ValueArea& operator=(const ValueArea&) = delete;

    [[nodiscard]] bool exists() const noexcept { return m_exists; }
    /// Writes \p pieces one behind the other to \p offset. \return false when the system has no memory for it.
    [[nodiscard]] bool write(std::span<const std::string_view> pieces,
                             std::uint64_t offset) noexcept;
    /// \return what lies at \p place, which is possible; valid until the next call. The other side may change
    /// it meanwhile. Nothing when it cannot be read.
    [[nodiscard]] std::optional<std::string_view> read(const ValuePlace& place);
    /// Gives the memory of everything before \p end back to the system: it reads as zeros then. For the pool,
    /// when nobody reads or writes; the other side writes on as if there was memory, as there mostly is.
    void giveBack(std::uint64_t end) noexcept;

private:
    [[nodiscard]] char* map() noexcept;
    [[nodiscard]] bool provide(std::uint64_t end) noexcept;

    int m_fd;
    std::uint64_t m_begin; ///< in the memory
    bool m_exists = false;
    char* m_mapped = nullptr; ///< since it was used first
    std::uint64_t m_provided = 0; ///< so much has memory, for who writes
    bool m_cannotMap = false;
    std::string m_copy; ///< of what was read, where it cannot be mapped
};

} // namespace poolscope
