// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/display_check.h"

#include "core/base/unique_fd.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace poolscope {

namespace {

std::string environmentValue(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? std::string() : std::string(value);
}

/// \p path beginning with a zero byte is an abstract address.
bool answers(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path)) {
        return false;
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return socket.isOpen() &&
           ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0;
}

bool isWaylandReachable()
{
    const std::string display = environmentValue("WAYLAND_DISPLAY");
    if (display.empty()) {
        return false;
    }
    return answers(display.front() == '/' ? display
                                          : environmentValue("XDG_RUNTIME_DIR") + '/' + display);
}

bool isXReachable()
{
    const std::string display = environmentValue("DISPLAY");
    if (display.empty()) {
        return false;
    }
    if (display.front() != ':') {
        return true; // another host, or a form of its own: Qt will see
    }
    const std::string path = "/tmp/.X11-unix/X" + display.substr(1, display.find('.') - 1);
    return answers(path) || answers(std::string(1, '\0') + path);
}

} // namespace

bool isDisplayReachable()
{
    return !environmentValue("QT_QPA_PLATFORM").empty() || isWaylandReachable() || isXReachable();
}

} // namespace poolscope
