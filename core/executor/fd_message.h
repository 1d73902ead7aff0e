// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/unique_fd.h"

#include <cstddef>
#include <initializer_list>
#include <vector>

namespace poolscope {

// Packets with descriptors, over a socket that keeps packets apart (SOCK_SEQPACKET).

/// Sends one packet; descriptors of -1 are left out. Waits while the socket is full.
/// \return false when the other side is gone or the system refuses.
bool sendPacket(int socket, const void* bytes, std::size_t size, std::initializer_list<int> fds);

enum class PacketOutcome { Received, Nothing, Closed };

/// Receives one packet of exactly \p size bytes, without waiting; what has another size counts as
/// Closed. Its descriptors are close-on-exec and replace \p fds.
[[nodiscard]] PacketOutcome receivePacket(int socket, void* bytes, std::size_t size,
                                          std::vector<UniqueFd>& fds);

} // namespace poolscope
