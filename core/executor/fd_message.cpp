// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/fd_message.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

namespace poolscope {

namespace {

constexpr std::size_t kMostFds = 8;

struct ControlBuffer
{
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostFds * sizeof(int))> bytes{};
};

} // namespace

bool sendPacket(int socket, const void* bytes, std::size_t size, std::initializer_list<int> fds)
{
    std::array<int, kMostFds> open{};
    std::size_t count = 0;
    for (const int fd : fds) {
        if (fd >= 0) {
            assert(count < kMostFds);
            open[count++] = fd;
        }
    }
    ControlBuffer control;
    iovec part{const_cast<void*>(bytes), size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (count > 0) {
        message.msg_control = control.bytes.data();
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    }
    if (cmsghdr* header = CMSG_FIRSTHDR(&message)) { // null: nothing to go with it
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        std::memcpy(CMSG_DATA(header), open.data(), count * sizeof(int));
    }
    ssize_t sent = 0;
    while ((sent = ::sendmsg(socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
    }
    return sent == static_cast<ssize_t>(size);
}

PacketOutcome receivePacket(int socket, void* bytes, std::size_t size, std::vector<UniqueFd>& fds)
{
    fds.clear();
    ControlBuffer control;
    iovec part{bytes, size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    ssize_t received = 0;
    while ((received = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)) < 0 &&
           errno == EINTR) {
    }
    if (received < 0) {
        return errno == EAGAIN ? PacketOutcome::Nothing : PacketOutcome::Closed;
    }
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int fd = -1;
                std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
                fds.emplace_back(fd);
            }
        }
    }
    return received == static_cast<ssize_t>(size) ? PacketOutcome::Received : PacketOutcome::Closed;
}

} // namespace poolscope
