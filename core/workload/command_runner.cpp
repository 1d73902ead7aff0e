// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/command_runner.h"

#include "core/base/declared_wait.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <utility>

namespace poolscope {
namespace {

/// How often a running command's task looks at its stop flag, which poll() cannot wait for.
constexpr Nanos kLookNs = 20 * kNanosPerMilli;
/// What ends sooner is waited for in one sleep. It may not write more than a pipe holds meanwhile, or waits itself.
constexpr Nanos kSoonNs = 2 * kNanosPerMilli;
/// The end of a stream that goes into an error message.
constexpr std::size_t kTailBytes = 4096;
constexpr std::size_t kReadBytes = 65536;
constexpr Nanos kNever = std::numeric_limits<Nanos>::max();

std::string reason(int number)
{
    return std::generic_category().message(number);
}

/// \return \p fd, or a copy of it above the standard streams when this program runs without one of them.
UniqueFd aboveStreams(UniqueFd fd)
{
    constexpr int kFirst = 3;
    if (fd.isOpen() && fd.get() < kFirst) {
        return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kFirst));
    }
    return fd;
}

/// One output stream of a command: a pipe that is read here, or a file.
struct Stream
{
    UniqueFd ours; ///< the pipe's end, or the file
    UniqueFd childs; ///< the pipe's other end, closed once the child has it
    StreamExcerpt excerpt;

    [[nodiscard]] int childFd() const { return childs.isOpen() ? childs.get() : ours.get(); }
};

Result<void> openPipe(Stream& stream)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error{"cannot be started: no pipe for its output: " + reason(errno) +
                     "; use fewer workers or raise the limit on open files (ulimit -n)"};
    }
    stream.ours = UniqueFd(ends[0]);
    stream.childs = aboveStreams(UniqueFd(ends[1]));
    return {};
}

Result<void> openFile(Stream& stream, const std::string& path)
{
    // Read back for the excerpt. An older file might be another run's result.
    stream.ours = aboveStreams(UniqueFd(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666)));
    if (!stream.ours.isOpen()) {
        const char* advice = errno == EEXIST ? "; name another folder, or remove it" : "";
        return Error{"cannot be started: its output file " + path +
                     " cannot be made: " + reason(errno) + advice};
    }
    return {};
}

Result<void> open(Stream& stream, const std::string& path)
{
    return path.empty() ? openPipe(stream) : openFile(stream, path);
}

/// Watches one command from start to end.
class Watch
{
public:
    Watch(const ChildProcess& child, const CommandLimits& limits, const StopFlag& stop)
        : m_child(child)
        , m_limits(limits)
        , m_stop(stop)
        , m_deadlineNs(limits.timeoutNs > 0 ? monotonicNow() + limits.timeoutNs : kNever)
    {}

    /// Returns when the command has ended. \p pipes: open read ends are read and closed at their end.
    void untilEnd(std::array<Stream*, 2> pipes);

    [[nodiscard]] CommandOutcome::Cause cause() const { return m_cause; }
    [[nodiscard]] bool hasIgnoredTerm() const { return m_hasKilled && m_limits.graceNs > 0; }

private:
    [[nodiscard]] bool endsSoon() const;
    bool readOnce(Stream& stream);
    void drain(std::array<Stream*, 2> pipes);
    void look();
    void lookForTerminal();
    void end(CommandOutcome::Cause cause);

    const ChildProcess& m_child;
    const CommandLimits& m_limits;
    const StopFlag& m_stop;
    CommandOutcome::Cause m_cause = CommandOutcome::Cause::Itself;
    Nanos m_deadlineNs; ///< of what comes next: the end of its time, then of its grace
    bool m_hasKilled = false;
    std::array<char, kReadBytes>
        m_bytes; // not set to zero: costs more than a short command's output
};

void Watch::untilEnd(std::array<Stream*, 2> pipes)
{
    const DeclaredWait wait; // for another process
    if (endsSoon()) {
        drain(pipes);
        return;
    }
    std::array<pollfd, 3> fds{};
    fds[0] = {m_child.exitFd(), POLLIN, 0};
    for (;;) {
        for (std::size_t i = 0; i < pipes.size(); ++i) {
            const bool isPipe = pipes[i] != nullptr && pipes[i]->ours.isOpen();
            fds[i + 1] = {isPipe ? pipes[i]->ours.get() : -1, POLLIN, 0};
        }
        const Nanos waitNs = std::clamp<Nanos>(m_deadlineNs - monotonicNow(), 0, kLookNs);
        const timespec timeout{waitNs / kNanosPerSecond, waitNs % kNanosPerSecond};
        const int ready = ::ppoll(fds.data(), fds.size(), &timeout, nullptr);
        if (ready > 0) {
            for (std::size_t i = 0; i < pipes.size(); ++i) {
                if (fds[i + 1].revents != 0 && !readOnce(*pipes[i])) {
                    pipes[i]->ours.reset();
                }
            }
            if (fds[0].revents != 0) {
                break;
            }
        } else if (ready == 0) {
            lookForTerminal();
        }
        look(); // also while it floods
    }
    drain(pipes);
}

/// Most commands are short: both their pipes close just before they end, and each would wake us up.
bool Watch::endsSoon() const
{
    pollfd exit{m_child.exitFd(), POLLIN, 0};
    const Nanos waitNs = std::clamp<Nanos>(m_deadlineNs - monotonicNow(), 0, kSoonNs);
    const timespec timeout{0, waitNs};
    return ::ppoll(&exit, 1, &timeout, nullptr) > 0;
}

/// Reads what is there. \return false at the stream's end.
bool Watch::readOnce(Stream& stream)
{
    const ssize_t count = ::read(stream.ours.get(), m_bytes.data(), m_bytes.size());
    if (count > 0) {
        stream.excerpt.append({m_bytes.data(), static_cast<std::size_t>(count)});
    }
    return count > 0 || (count < 0 && errno == EINTR);
}

/// Reads what the ended command left in its pipes: no more than is there now, since a child of it that left
/// the process group may go on writing.
void Watch::drain(std::array<Stream*, 2> pipes)
{
    for (Stream* pipe : pipes) {
        int left = 0;
        if (pipe == nullptr || !pipe->ours.isOpen() ||
            ::ioctl(pipe->ours.get(), FIONREAD, &left) != 0) {
            continue;
        }
        while (left > 0) {
            const std::uint64_t before = pipe->excerpt.size();
            if (!readOnce(*pipe)) {
                break;
            }
            left -= static_cast<int>(pipe->excerpt.size() - before);
        }
    }
}

void Watch::look()
{
    if (m_cause == CommandOutcome::Cause::Itself) {
        if (m_stop.isRequested()) {
            end(CommandOutcome::Cause::Stop);
        } else if (m_deadlineNs != kNever && monotonicNow() >= m_deadlineNs) {
            end(CommandOutcome::Cause::Timeout);
        }
    } else if (!m_hasKilled && monotonicNow() >= m_deadlineNs) {
        m_hasKilled = true;
        m_deadlineNs = kNever;
        m_child.signalGroup(SIGKILL);
    }
}

/// A process of a background group that wants the terminal is stopped, for good as nobody brings it to
/// the front.
void Watch::lookForTerminal()
{
    const int signal = m_child.stoppedBy();
    if (m_cause == CommandOutcome::Cause::Itself && (signal == SIGTTIN || signal == SIGTTOU)) {
        end(CommandOutcome::Cause::Terminal);
    }
}

void Watch::end(CommandOutcome::Cause cause)
{
    m_cause = cause;
    m_deadlineNs = monotonicNow() + m_limits.graceNs;
    m_child.signalGroup(SIGTERM);
    m_child.signalGroup(SIGCONT); // a stopped process would not see it
}

} // namespace

void StreamExcerpt::append(std::string_view bytes)
{
    m_size += bytes.size();
    m_head += bytes.substr(0, m_headBytes - m_head.size());
    if (bytes.size() >= m_tailBytes) {
        m_tail = bytes.substr(bytes.size() - m_tailBytes);
        return;
    }
    m_tail += bytes;
    if (m_tail.size() > 2 * m_tailBytes) {
        m_tail.erase(0, m_tail.size() - m_tailBytes);
    }
}

std::string StreamExcerpt::tail() const
{
    return m_tail.size() <= m_tailBytes ? m_tail : m_tail.substr(m_tail.size() - m_tailBytes);
}

/// Fills \p excerpt from what was written to \p file.
void readExcerpt(int file, StreamExcerpt& excerpt)
{
    struct stat status
    {};
    if (::fstat(file, &status) != 0) {
        return;
    }
    excerpt.m_size = static_cast<std::uint64_t>(status.st_size);
    const auto read = [file](std::string& target, std::uint64_t from, std::uint64_t count) {
        target.resize(count);
        const ssize_t got = ::pread(file, target.data(), count, static_cast<off_t>(from));
        target.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    };
    read(excerpt.m_head, 0, std::min<std::uint64_t>(excerpt.m_headBytes, excerpt.m_size));
    const std::uint64_t tail = std::min<std::uint64_t>(excerpt.m_tailBytes, excerpt.m_size);
    read(excerpt.m_tail, excerpt.m_size - tail, tail);
}

Result<CommandOutcome> runCommand(ChildSetup setup, const CommandLimits& limits,
                                  const StopFlag& stop)
{
    const bool hasFiles = !limits.outputFile.empty();
    Stream output{{}, {}, StreamExcerpt(limits.keptBytes, kTailBytes)};
    Stream error{{}, {}, StreamExcerpt(0, kTailBytes)};
    if (Result<void> opened = open(output, limits.outputFile); !opened) {
        return opened.error();
    }
    if (Result<void> opened = open(error, limits.errorFile); !opened) {
        return opened.error();
    }
    setup.outputFd = output.childFd();
    setup.errorFd = error.childFd();
    Result<ChildProcess> child = ChildProcess::start(setup);
    if (!child) {
        return child.error();
    }
    output.childs.reset();
    error.childs.reset();

    Watch watch(child.value(), limits, stop);
    watch.untilEnd(hasFiles ? std::array<Stream*, 2>{} : std::array{&output, &error});
    const ChildEnd end = child.value().reap();
    if (hasFiles) {
        readExcerpt(output.ours.get(), output.excerpt);
        readExcerpt(error.ours.get(), error.excerpt);
    }
    return CommandOutcome{end, watch.cause(), watch.hasIgnoredTerm(), std::move(output.excerpt),
                          std::move(error.excerpt)};
}

} // namespace poolscope
