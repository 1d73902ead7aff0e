// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/fault_note.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace poolscope {

namespace {

constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

FaultNote* g_note = nullptr; // a signal handler gets at nothing else
pid_t g_process = 0;

/// Only what is safe in a signal handler: _dl_find_object() takes no lock and no memory.
void noteFrame(FaultNote::Frame& frame, std::uintptr_t place)
{
    dl_find_object found{};
    if (::_dl_find_object(reinterpret_cast<void*>(place), &found) != 0) {
        frame.module[0] = '?';
        frame.module[1] = '\0';
        frame.offset = place;
        return;
    }
    const link_map& module = *found.dlfo_link_map;
    const char* name = module.l_name;
    if (name == nullptr || *name == '\0') {
        name = program_invocation_short_name;
    } else if (const char* slash = std::strrchr(name, '/')) {
        name = slash + 1;
    }
    const std::size_t length = std::min(std::strlen(name), frame.module.size() - 1);
    std::memcpy(frame.module.data(), name, length);
    frame.module[length] = '\0';
    frame.offset = place - module.l_addr;
}

struct Walk
{
    FaultNote& note;
    std::uint32_t count = 0;
};

_Unwind_Reason_Code visitFrame(_Unwind_Context* context, void* data)
{
    Walk& walk = *static_cast<Walk*>(data);
    int isInterrupted = 0;
    const std::uintptr_t place = _Unwind_GetIPInfo(context, &isInterrupted);
    if (isInterrupted != 0) {
        walk.count = 0; // here the fault struck; what came before is the handler
    }
    if (walk.count == FaultNote::kMostFrames) {
        return _URC_END_OF_STACK;
    }
    noteFrame(walk.note.frames[walk.count++], place);
    return _URC_NO_REASON;
}

void noteFault(int signal, siginfo_t* info, void* /*context*/)
{
    const int savedErrno = errno;
    if (::getpid() == g_process && g_note->signal.load(std::memory_order_relaxed) == 0) {
        g_note->code = info->si_code;
        g_note->address = reinterpret_cast<std::uintptr_t>(info->si_addr);
        g_note->signal.store(signal, std::memory_order_release);
        Walk walk{*g_note};
        _Unwind_Backtrace(visitFrame, &walk);
        g_note->frameCount.store(walk.count, std::memory_order_release);
    }
    errno = savedErrno;
    ::raise(signal); // with its default action, as soon as this handler is left
}

std::string hex(std::uint64_t number)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    do {
        text.insert(text.begin(), kDigits[number % 16]);
        number /= 16;
    } while (number != 0);
    return "0x" + text;
}

std::string describeCode(int signal, int code, const std::string& address)
{
    if (signal == SIGSEGV && code == SEGV_MAPERR) {
        return "at address " + address + ", which is not mapped";
    }
    if (signal == SIGSEGV && code == SEGV_ACCERR) {
        return "at address " + address + ", which may not be used in that way";
    }
    if (signal == SIGSEGV || signal == SIGBUS) {
        return "at address " + address;
    }
    if (signal == SIGFPE && code == FPE_INTDIV) {
        return "by a division by zero at " + address;
    }
    return signal == SIGFPE || signal == SIGILL ? "at the instruction " + address : std::string{};
}

} // namespace

void noteFaultsIn(FaultNote& note)
{
    constexpr std::size_t kStackBytes = 64u << 10;
    alignas(16) static std::array<char, kStackBytes> stack; // for when the other one has overflowed
    g_note = &note;
    g_process = ::getpid();
    stack_t place{};
    place.ss_sp = stack.data();
    place.ss_size = stack.size();
    ::sigaltstack(&place, nullptr);
    struct sigaction action
    {};
    action.sa_sigaction = noteFault;
    action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND);
    ::sigemptyset(&action.sa_mask);
    for (const int signal : kFaults) {
        ::sigaction(signal, &action, nullptr);
    }
}

std::string describeFault(const FaultNote& note, int signal)
{
    if (signal == 0 || note.signal.load(std::memory_order_acquire) != signal) {
        return {};
    }
    if (note.code <= 0) { // kill(), raise(), abort()
        return {};
    }
    return describeCode(signal, note.code, hex(note.address));
}

std::vector<std::string> backtraceOf(const FaultNote& note, int signal)
{
    std::vector<std::string> lines;
    if (signal == 0 || note.signal.load(std::memory_order_acquire) != signal) {
        return lines;
    }
    const std::uint32_t count =
        std::min(note.frameCount.load(std::memory_order_acquire), FaultNote::kMostFrames);
    for (std::uint32_t i = 0; i < count; ++i) {
        const FaultNote::Frame& frame = note.frames[i];
        const std::string name(frame.module.data(),
                               ::strnlen(frame.module.data(), frame.module.size()));
        lines.push_back(name + "+" + hex(frame.offset));
    }
    return lines;
}

} // namespace poolscope
