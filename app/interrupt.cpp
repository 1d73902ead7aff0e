// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace poolscope {

namespace {

/// What the handler writes to: a plain int, since a handler may touch little else.
volatile std::sig_atomic_t g_pipeWriteEnd = -1;

void onSignal(int /*signal*/)
{
    const int savedErrno = errno;
    const char byte = 1;
    // A full pipe means that enough interrupts wait to be read already.
    [[maybe_unused]] const ssize_t written = ::write(g_pipeWriteEnd, &byte, 1);
    errno = savedErrno;
}

} // namespace

Interrupt::Interrupt(QObject* parent)
    : QObject(parent)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        return; // without a pipe an interrupt ends the program the usual way
    }
    m_readEnd = UniqueFd(ends[0]);
    g_pipeWriteEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Interrupt::readPipe);

    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

void Interrupt::readPipe()
{
    std::array<char, 16> bytes{};
    const ssize_t count = ::read(m_readEnd.get(), bytes.data(), bytes.size());
    for (ssize_t i = 0; i < count; ++i) {
        emit interrupted(++m_count);
    }
}

} // namespace poolscope
