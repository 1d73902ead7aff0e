// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/value_area.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>

namespace poolscope {

namespace {

constexpr std::uint64_t kPageBytes = 4096; ///< or a divisor of what it is
constexpr std::uint64_t kAlignment = 65536; ///< of the areas: a multiple of every page size

std::uint64_t beginOf(std::size_t pageBytes, ValueWay way) noexcept
{
    const std::uint64_t first = (pageBytes + kAlignment - 1) / kAlignment * kAlignment;
    return way == ValueWay::ToWorker ? first : first + kValueAreaBytes;
}

/// Beyond the limit there would be a signal.
bool mayWriteUpTo(std::uint64_t bytes) noexcept
{
    rlimit limit{};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= bytes);
}

} // namespace

std::optional<ValuePlace> ValueRoom::take(std::uint64_t bytes)
{
    // Pages of their own: what is given back of one stretch is nobody else's.
    const std::uint64_t wanted = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
    std::uint64_t offset = 0;
    std::uint64_t end = m_bytes;
    if (!m_taken.empty()) {
        const std::uint64_t first = m_taken.front().offset;
        const ValuePlace& last = m_taken.back();
        const bool isAround = last.offset < first; // it goes on before the first one
        offset = last.offset + last.bytes;
        end = isAround ? first : m_bytes;
        if (!isAround && end - offset < wanted) {
            offset = 0;
            end = first;
        }
    }
    if (wanted == 0 || end - offset < wanted) {
        return std::nullopt;
    }
    m_taken.push_back({offset, wanted});
    m_used += wanted;
    return ValuePlace{offset, bytes};
}

void ValueRoom::dropFirst()
{
    assert(!m_taken.empty());
    m_used -= m_taken.front().bytes;
    m_taken.pop_front();
}

void ValueRoom::dropLast()
{
    assert(!m_taken.empty());
    m_used -= m_taken.back().bytes;
    m_taken.pop_back();
}

std::size_t ValueArea::memoryBytes(std::size_t pageBytes) noexcept
{
    return beginOf(pageBytes, ValueWay::FromWorker) + kValueAreaBytes;
}

bool ValueArea::isAllowed(std::size_t pageBytes) noexcept
{
    return mayWriteUpTo(memoryBytes(pageBytes));
}

ValueArea::ValueArea(int fd, std::size_t pageBytes, ValueWay way) noexcept
    : m_fd(fd)
    , m_begin(beginOf(pageBytes, way))
{
    struct stat status
    {};
    m_exists = ::fstat(fd, &status) == 0 && status.st_size >= 0 &&
               static_cast<std::uint64_t>(status.st_size) >= m_begin + kValueAreaBytes;
}

ValueArea::~ValueArea()
{
    if (m_mapped != nullptr) {
        ::munmap(m_mapped, kValueAreaBytes);
    }
}

bool ValueArea::write(std::span<const std::string_view> pieces, std::uint64_t offset) noexcept
{
    std::uint64_t end = offset;
    for (const std::string_view piece : pieces) {
        end += piece.size();
    }
    char* mapped = map();
    if (mapped == nullptr || !provide(end)) {
        return false;
    }
    for (const std::string_view piece : pieces) {
        std::copy(piece.begin(), piece.end(), mapped + offset);
        offset += piece.size();
    }
    return true;
}

/// Sees to it that there is memory up to \p end: a write without would be a signal instead of an error.
bool ValueArea::provide(std::uint64_t end) noexcept
{
    if (end <= m_provided) {
        return true;
    }
    if (!mayWriteUpTo(m_begin + end) ||
        ::fallocate(m_fd, 0, static_cast<off_t>(m_begin + m_provided),
                    static_cast<off_t>(end - m_provided)) != 0) {
        return false;
    }
    m_provided = end;
    return true;
}

std::optional<std::string_view> ValueArea::read(const ValuePlace& place)
{
    assert(place.isPossible());
    if (const char* mapped = map()) {
        return std::string_view(mapped + place.offset, place.bytes);
    }
    if (!m_exists) {
        return std::nullopt;
    }
    m_copy.resize(place.bytes);
    for (std::size_t done = 0; done < m_copy.size();) {
        const ssize_t count = ::pread(m_fd, m_copy.data() + done, m_copy.size() - done,
                                      static_cast<off_t>(m_begin + place.offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return std::nullopt;
        }
        done += static_cast<std::size_t>(count);
    }
    return m_copy;
}

void ValueArea::giveBack(std::uint64_t end) noexcept
{
    if (m_exists && end > 0) {
        ::fallocate(m_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(m_begin),
                    static_cast<off_t>(end));
    }
}

/// \return null when there are no addresses to be had.
char* ValueArea::map() noexcept
{
    if (m_mapped == nullptr && m_exists && !m_cannotMap) {
        void* mapped = ::mmap(nullptr, kValueAreaBytes, PROT_READ | PROT_WRITE, MAP_SHARED, m_fd,
                              static_cast<off_t>(m_begin));
        m_cannotMap = mapped == MAP_FAILED;
        m_mapped = m_cannotMap ? nullptr : static_cast<char*>(mapped);
    }
    return m_mapped;
}

} // namespace poolscope
