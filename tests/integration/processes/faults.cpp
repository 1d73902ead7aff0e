// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/processes/faults.h"

#include "core/executor/worker_page.h"
#include "core/task/stop_flag.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// Whatever is done wrong here goes through volatile: an optimiser may else do nothing at all instead.

namespace poolscope::test {

namespace {

constexpr std::size_t kMegabyte = 1u << 20;

Result<Value> fine()
{
    return Value{std::int64_t{1}};
}

[[noreturn]] void hang()
{
    for (;;) {
        ::pause();
    }
}

std::size_t number(std::string_view argument)
{
    return std::stoul(std::string(argument));
}

Error systemError(const char* what)
{
    return Error{std::string(what) + ": " + std::strerror(errno)};
}

void limit(__rlimit_resource resource, rlim_t most)
{
    const rlimit both{most, most};
    ::setrlimit(resource, &both);
}

// Exceptions.

struct Unheard
{};

Result<Value> throwError(std::string_view)
{
    throw std::runtime_error("thrown on purpose");
}

Result<Value> throwOther(std::string_view)
{
    throw Unheard{}; // NOLINT: a kernel may throw anything
}

Result<Value> throwNested(std::string_view)
{
    try {
        throw std::out_of_range("no such line");
    } catch (...) {
        std::throw_with_nested(std::runtime_error("cannot load"));
    }
}

// Signals.

Result<Value> segv(std::string_view)
{
    volatile std::uintptr_t address = 0x10;
    *reinterpret_cast<volatile int*>(address) = 1;
    return fine();
}

#if defined(__clang__)
__attribute__((no_sanitize("undefined")))
#else
__attribute__((no_sanitize_undefined))
#endif
Result<Value>
fpe(std::string_view)
{
    volatile int zero = 0;
    volatile int seven = 7;
    seven = seven / zero;
    return fine();
}

Result<Value> bus(std::string_view)
{
    const int file = ::memfd_create("empty", MFD_CLOEXEC);
    void* beyondTheEnd = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    *static_cast<volatile char*>(beyondTheEnd) = 1;
    return fine();
}

int goDeeper(volatile int* depth)
{
    std::array<char, 4096> room{};
    volatile char* used = room.data();
    used[*depth % 4096] = 1;
    *depth = *depth + 1;
    return *depth < 0 ? 0 : goDeeper(depth) + used[0];
}

Result<Value> overflow(std::string_view)
{
    volatile int depth = 1;
    return Value{std::int64_t{goDeeper(&depth)}};
}

void callNoexcept(Result<Value> (*function)(std::string_view)) noexcept
{
    (void)function({});
}

Result<Value> uncaught(std::string_view)
{
    callNoexcept(throwError);
    return fine();
}

Result<Value> raiseSignal(std::string_view argument)
{
    std::signal(static_cast<int>(number(argument)), SIG_DFL);
    ::raise(static_cast<int>(number(argument)));
    return fine();
}

Result<Value> abortNow(std::string_view)
{
    std::abort();
}

// Exits.

Result<Value> exitNow(std::string_view argument)
{
    ::_exit(static_cast<int>(number(argument)));
}

/// The task gives its result; what it has left behind crashes a moment later.
Result<Value> crashLater(std::string_view)
{
    std::thread([] {
        const StopFlag never;
        never.waitFor(20 * kNanosPerMilli);
        ::raise(SIGKILL);
    }).detach();
    return fine();
}

// Hangs.

Result<Value> hangAsleep(std::string_view)
{
    hang();
}

Result<Value> hangBusy(std::string_view)
{
    volatile bool isOver = false;
    while (!isOver) {
    }
    return fine();
}

Result<Value> hangDeaf(std::string_view)
{
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1}) {
        std::signal(signal, SIG_IGN);
    }
    hang();
}

Result<Value> hangStopped(std::string_view)
{
    ::raise(SIGSTOP);
    return fine(); // somebody has sent SIGCONT
}

Result<Value> hangCutOff(std::string_view)
{
    ::shutdown(kWorkerSocketFd, SHUT_RDWR);
    hang();
}

// Limits.

Result<Value> allocate(std::string_view argument)
{
    limit(RLIMIT_AS, 256 * kMegabyte);
    const std::unique_ptr<char[]> memory(new char[number(argument) * kMegabyte]);
    volatile char* touched = memory.get();
    touched[0] = 1;
    return fine();
}

/// Fills memory and does not give it back.
Result<Value> keepMemory(std::string_view argument)
{
    static std::vector<std::string> kept;
    kept.emplace_back(number(argument) * kMegabyte, 'x');
    return fine();
}

Result<Value> startThreads(std::string_view)
{
    limit(RLIMIT_AS, 256 * kMegabyte);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 1000; ++i) {
        threads.emplace_back([](const std::stop_token& stop) {
            const StopFlag never;
            while (!stop.stop_requested()) {
                never.waitFor(kNanosPerMilli);
            }
        });
    }
    return fine();
}

Result<Value> touchMemory(std::string_view argument)
{
    const std::size_t bytes = number(argument) * kMegabyte;
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return systemError("mmap");
    }
    auto* touched = static_cast<volatile char*>(memory);
    for (std::size_t at = 0; at < bytes; at += 4096) {
        touched[at] = 1;
    }
    ::munmap(memory, bytes);
    return fine();
}

Result<Value> useProcessorTime(std::string_view)
{
    const rlimit seconds{1, 10};
    ::setrlimit(RLIMIT_CPU, &seconds);
    return hangBusy({});
}

Result<Value> writeTooMuch(std::string_view)
{
    std::signal(SIGXFSZ, SIG_IGN);
    limit(RLIMIT_FSIZE, 4096);
    const int file = ::memfd_create("file", MFD_CLOEXEC);
    const std::string bytes(8192, 'x');
    for (int i = 0; i < 2; ++i) {
        if (::write(file, bytes.data(), bytes.size()) < 0) {
            return systemError("write");
        }
    }
    return fine();
}

Result<Value> openTooMany(std::string_view)
{
    limit(RLIMIT_NOFILE, 8);
    for (int i = 0; i < 10; ++i) {
        if (::open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) {
            return systemError("open");
        }
    }
    return fine();
}

// Messages that are none, on the worker's own socket.

Result<Value> send(std::string_view bytes)
{
    ::send(kWorkerSocketFd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    hang();
}

Result<Value> sendLength(std::string_view)
{
    return send(std::string_view("\xff\xff\xff\xff\x05", 5));
}

Result<Value> sendKind(std::string_view)
{
    return send(std::string_view("\x01\0\0\0\x63", 5));
}

Result<Value> sendCut(std::string_view)
{
    ::send(kWorkerSocketFd, "\x40\0\0\0\4ab", 7, MSG_NOSIGNAL);
    ::_exit(5);
}

Result<Value> sendSlowly(std::string_view)
{
    for (int i = 0; i < 20; ++i) {
        for (const char byte : std::string_view("\x01\0\0\0\x05", 5)) { // a doorbell
            ::send(kWorkerSocketFd, &byte, 1, MSG_NOSIGNAL);
        }
    }
    return fine();
}

Result<Value> sendNoise(std::string_view argument)
{
    std::mt19937 random(static_cast<unsigned>(number(argument)));
    std::string noise(kMegabyte, '\0');
    std::generate(noise.begin(), noise.end(), [&] { return static_cast<char>(random()); });
    return send(noise);
}

// Memory that the worker shares with its pool, written over.

/// \return the page, once the pool has taken the results of the tasks before: those would be lost, too.
WorkerPage& sharedPage()
{
    void* memory =
        ::mmap(nullptr, sizeof(WorkerPage), PROT_READ | PROT_WRITE, MAP_SHARED, kWorkerPageFd, 0);
    if (memory == MAP_FAILED) {
        ::_exit(9);
    }
    auto& page = *static_cast<WorkerPage*>(memory);
    while (page.results.read != page.results.written) {
        StopFlag().waitFor(kNanosPerMilli);
    }
    return page;
}

Result<Value> scribbleCount(std::string_view)
{
    sharedPage().results.written += ResultRing::kCount + 1;
    hang();
}

/// Publishes \p cell as if it were the task's result.
[[noreturn]] void publish(const ResultCell& cell)
{
    ResultRing& results = sharedPage().results;
    results.cells[results.written % ResultRing::kCount] = cell;
    ++results.written;
    hang();
}

Result<Value> scribbleCell(std::string_view)
{
    ResultCell cell;
    std::memset(&cell, 0x5a, sizeof(cell));
    publish(cell);
}

Result<Value> scribbleIndex(std::string_view)
{
    ResultCell cell{};
    putResult({123'456'789, TaskState::Done, Value{}, "", 1, 2, 0}, cell);
    publish(cell);
}

/// Says that a large result lies where there is nothing any more.
Result<Value> scribblePlace(std::string_view argument)
{
    ResultCell cell{};
    putPlace(ResultMessage{}, {kValueAreaBytes - number(argument), number(argument) + 1}, cell);
    publish(cell);
}

/// Says that there is a long result, and there is none.
Result<Value> scribbleMessage(std::string_view)
{
    ResultCell cell{};
    cell.holds = ResultCell::Message;
    publish(cell);
}

Result<Value> scribbleAll(std::string_view argument)
{
    std::memset(static_cast<void*>(&sharedPage()), static_cast<int>(number(argument)),
                sizeof(WorkerPage));
    hang();
}

// Output.

Result<Value> flood(std::string_view argument)
{
    const std::string line = std::string(99, 'x') + "\n";
    std::string lines;
    for (std::size_t i = 0; i < kMegabyte / line.size(); ++i) {
        lines += line;
    }
    for (std::size_t i = 0; i < number(argument); ++i) {
        if (::write(STDOUT_FILENO, lines.data(), lines.size()) < 0) {
            return systemError("write");
        }
    }
    return fine();
}

Result<Value> lastWords(std::string_view)
{
    (void)flood("2");
    std::printf("to standard output\n");
    std::fflush(stdout);
    std::fprintf(stderr, "to standard \x1b[1merror\n");
    std::abort();
}

// Processes.

/// \return the process id of a process that was started and never ends.
std::int64_t startProcess(bool isDaemon)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        std::abort();
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const bool isMiddle = isDaemon && (::setsid(), ::fork()) != 0;
        if (isMiddle) {
            ::_exit(0);
        }
        const std::int64_t self = ::getpid();
        if (::write(ends[1], &self, sizeof(self)) != sizeof(self)) {
            ::_exit(1);
        }
        hang();
    }
    std::int64_t started = 0;
    if (::read(ends[0], &started, sizeof(started)) != sizeof(started)) {
        std::abort();
    }
    ::close(ends[0]);
    ::close(ends[1]);
    if (isDaemon) {
        ::waitpid(child, nullptr, 0);
    }
    return started;
}

Result<Value> startChild(std::string_view)
{
    return Value{startProcess(false)};
}

Result<Value> startDaemon(std::string_view)
{
    return Value{startProcess(true)};
}

// What an initializer does, for tasks to look at.

int& marks()
{
    static int made = 0;
    return made;
}

Result<Value> mark(std::string_view)
{
    ++marks();
    return fine();
}

Result<Value> countMarks(std::string_view)
{
    return Value{std::int64_t{marks()}};
}

Result<Value> markSlowly(std::string_view argument)
{
    const timespec pause{0, static_cast<long>(number(argument)) * kNanosPerMilli};
    ::nanosleep(&pause, nullptr);
    return mark({});
}

/// Counts, over all processes, in the file that the environment names.
Result<Value> markLate(std::string_view argument)
{
    const int file = ::open(std::getenv("POOLSCOPE_TEST_MARKS"),
                            O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, "x", 1) != 1) {
        return systemError("marks");
    }
    const off_t tries = ::lseek(file, 0, SEEK_END);
    ::close(file);
    return tries < static_cast<off_t>(number(argument)) ? Error{"not yet"} : mark({});
}

constexpr Fault kFaults[] = {
    {"mark", mark},
    {"marks", countMarks}, // gives how often this process did that
    {"mark slowly", markSlowly}, // <milliseconds>
    {"mark late", markLate}, // <n>: fails n - 1 times
    {"throw", throwError},
    {"throw other", throwOther},
    {"throw nested", throwNested},
    {"segv", segv},
    {"fpe", fpe},
    {"bus", bus},
    {"overflow", overflow},
    {"uncaught", uncaught},
    {"raise", raiseSignal}, // <signal>
    {"abort", abortNow},
    {"exit", exitNow}, // <status>
    {"crash later", crashLater},
    {"hang", hangAsleep},
    {"hang busy", hangBusy},
    {"hang deaf", hangDeaf},
    {"hang stopped", hangStopped},
    {"hang cut off", hangCutOff},
    {"allocate", allocate}, // <megabytes>, of which there are 256
    {"threads", startThreads},
    {"touch", touchMemory}, // <megabytes>
    {"keep", keepMemory}, // <megabytes>
    {"processor time", useProcessorTime},
    {"file size", writeTooMuch},
    {"files", openTooMany},
    {"send length", sendLength},
    {"send kind", sendKind},
    {"send cut", sendCut},
    {"send slowly", sendSlowly},
    {"send noise", sendNoise}, // <seed>
    {"scribble count", scribbleCount},
    {"scribble cell", scribbleCell},
    {"scribble index", scribbleIndex},
    {"scribble message", scribbleMessage},
    {"scribble place", scribblePlace}, // <bytes>
    {"scribble all", scribbleAll}, // <byte>
    {"flood", flood}, // <megabytes>
    {"last words", lastWords},
    {"child", startChild}, // gives its process id
    {"daemon", startDaemon}, // the same; in a session of its own, its parent gone
};

} // namespace

const Fault* findFault(std::string_view item)
{
    const std::size_t digit = item.find_first_of("0123456789");
    std::string_view name = item.substr(0, digit);
    while (!name.empty() && name.back() == ' ') {
        name.remove_suffix(1);
    }
    const auto* found = std::find_if(std::begin(kFaults), std::end(kFaults),
                                     [name](const Fault& fault) { return fault.name == name; });
    return found == std::end(kFaults) ? nullptr : found;
}

} // namespace poolscope::test
