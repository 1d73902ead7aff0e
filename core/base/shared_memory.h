// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/unique_fd.h"

#include <cstddef>

namespace poolscope {

/// An anonymous block of memory that can be mapped by another process through its descriptor
/// (close-on-exec unless handed over on purpose). Movable, not copyable.
class SharedMemory
{
public:
    SharedMemory() = default;
    ~SharedMemory();
    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    /// Makes a zeroed block of \p bytes. Error: no descriptor or memory to be had.
    static Result<SharedMemory> create(const char* name, std::size_t bytes);
    /// The same, and maps only its first \p mappedBytes.
    static Result<SharedMemory> create(const char* name, std::size_t bytes,
                                       std::size_t mappedBytes);
    /// Maps a block made elsewhere; takes the descriptor. Error: it is smaller than \p bytes.
    static Result<SharedMemory> map(UniqueFd fd, std::size_t bytes);

    [[nodiscard]] void* data() const noexcept { return m_data; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] int fd() const noexcept { return m_fd.get(); }

private:
    void unmap() noexcept;

    UniqueFd m_fd;
    void* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace poolscope
