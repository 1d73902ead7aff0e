// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>

#include <cerrno>
#include <limits>
#include <string>
#include <utility>

namespace poolscope {
namespace {

Error systemError(const char* what, std::size_t bytes, int number)
{
    return Error{std::string("cannot ") + what + " shared memory of " + std::to_string(bytes) +
                 " bytes: " + std::generic_category().message(number)};
}

} // namespace

SharedMemory::~SharedMemory()
{
    unmap();
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : m_fd(std::move(other.m_fd))
    , m_data(std::exchange(other.m_data, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept
{
    if (this != &other) {
        unmap();
        m_fd = std::move(other.m_fd);
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
    }
    return *this;
}

Result<SharedMemory> SharedMemory::create(const char* name, std::size_t bytes)
{
    return create(name, bytes, bytes);
}

Result<SharedMemory> SharedMemory::create(const char* name, std::size_t bytes,
                                          std::size_t mappedBytes)
{
    if (bytes == 0 || bytes > static_cast<std::size_t>(std::numeric_limits<off_t>::max())) {
        return systemError("make", bytes, EINVAL);
    }
    UniqueFd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd.isOpen() || ::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) {
        return systemError("make", bytes, errno);
    }
    // Sealed, so that nobody who holds the descriptor can pull the pages from under the others.
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        return systemError("seal", bytes, errno);
    }
    return map(std::move(fd), mappedBytes);
}

Result<SharedMemory> SharedMemory::map(UniqueFd fd, std::size_t bytes)
{
    struct stat status
    {};
    if (::fstat(fd.get(), &status) != 0) {
        return systemError("look at", bytes, errno);
    }
    // Beyond the end of the block every access would be a SIGBUS.
    if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) < bytes) {
        return Error{"shared memory of " + std::to_string(status.st_size) +
                     " bytes is too small: " + std::to_string(bytes) + " are needed"};
    }
    void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (data == MAP_FAILED) {
        return systemError("map", bytes, errno);
    }
    SharedMemory memory;
    memory.m_fd = std::move(fd);
    memory.m_data = data;
    memory.m_size = bytes;
    return memory;
}

void SharedMemory::unmap() noexcept
{
    if (m_data != nullptr) {
        ::munmap(m_data, m_size);
        m_data = nullptr;
        m_size = 0;
    }
}

} // namespace poolscope
