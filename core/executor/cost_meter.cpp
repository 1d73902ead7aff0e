// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/cost_meter.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <limits>
#include <string_view>

namespace poolscope {

namespace {

constexpr const char* kSchedstat = "/proc/thread-self/schedstat";

Nanos threadCpuNow() noexcept
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

rusage usageNow() noexcept
{
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage;
}

std::uint16_t currentCore() noexcept
{
    const int core = ::sched_getcpu();
    return core >= 0 ? static_cast<std::uint16_t>(core) : TaskCost::kNoCore;
}

std::uint32_t counted(std::int64_t difference) noexcept
{
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(difference, 0, kMost));
}

/// Takes the next whole number out of \p text. \return nothing when there is none.
std::optional<std::int64_t> takeNumber(std::string_view& text) noexcept
{
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const std::from_chars_result read = std::from_chars(text.data(), end, number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return read.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

template <std::size_t Size>
std::string_view readFromStart(int fd, std::array<char, Size>& buffer) noexcept
{
    const ssize_t count = ::pread(fd, buffer.data(), buffer.size(), 0);
    return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

/// How long the looks that come before the one at the run queue take when nothing comes between: with
/// more than that, the thread was made to wait in one of them.
constexpr Nanos kLongestLook = 10 * kNanosPerMicro;

/// \return the peak of resident memory that /proc/self/status tells, 0 when it does not.
std::int64_t statusPeakKiB(int fd) noexcept
{
    std::array<char, 2048> buffer;
    std::string_view text = readFromStart(fd, buffer);
    const std::size_t at = text.find("VmHWM:");
    text.remove_prefix(std::min(at, text.size()));
    return takeNumber(text).value_or(0);
}

} // namespace

CostMeter::CostMeter(Memory memory)
    : m_schedstat(::open(kSchedstat, O_RDONLY | O_CLOEXEC))
{
    // Appended to, not added up: g++ 12 warns of that at -O2 without cause.
    std::string cannot = "no run-queue delay: ";
    cannot += kSchedstat;
    if (!m_schedstat.isOpen()) {
        m_gap = cannot + " cannot be opened (" + std::generic_category().message(errno) + ')';
    } else if (!readRunQueue()) {
        m_schedstat.reset();
        m_gap = cannot + " reads 0 0 0 (a kernel without CONFIG_SCHED_INFO)";
    }
    if (memory == Memory::OfProcess) {
        m_status = UniqueFd(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
        m_inheritedPeakKiB = usageNow().ru_maxrss;
    }
}

void CostMeter::begin(Nanos startNs) noexcept
{
    const Nanos entryNs = monotonicNow();
    const rusage usage = usageNow();
    if (hasSwitched(usage)) {
        m_last = read(startNs, usage, entryNs);
        return;
    }
    // On its processor all the time, the clock of the thread went on like that on the wall.
    m_last.cpuNs += startNs - m_last.timeNs;
    m_last.timeNs = startNs;
    m_last.minorFaults = usage.ru_minflt;
    m_last.majorFaults = usage.ru_majflt;
}

TaskCost CostMeter::end(Nanos endNs) noexcept
{
    const Nanos entryNs = monotonicNow();
    const rusage usage = usageNow();
    const Reading now = read(endNs, usage, entryNs);
    TaskCost cost;
    cost.cpuNs = static_cast<float>(std::max<Nanos>(now.cpuNs - m_last.cpuNs, 0));
    cost.voluntarySwitches = counted(now.voluntarySwitches - m_last.voluntarySwitches);
    cost.involuntarySwitches = counted(now.involuntarySwitches - m_last.involuntarySwitches);
    cost.minorFaults = counted(now.minorFaults - m_last.minorFaults);
    cost.majorFaults = counted(now.majorFaults - m_last.majorFaults);
    cost.startCore = m_last.core;
    cost.flags = TaskCost::kMeasuredFlag;
    if (m_schedstat.isOpen()) {
        cost.runQueueNs =
            static_cast<float>(std::max<Nanos>(now.runQueueNs - m_last.runQueueNs, 0));
        cost.flags |= TaskCost::kRunQueueFlag;
    }
    if (m_status.isOpen()) {
        notePeak(usage);
        cost.peakMemoryKiB = counted(m_peakKiB);
    }
    m_last = now;
    return cost;
}

/// A thread likes to be made to wait where a call returns from the kernel, and so in the first of these
/// looks: after the task. \p usage is that first one; it does not count such a switch yet. Nor must the
/// delay: what passed since \p entryNs goes to the next task, whose time it is.
CostMeter::Reading CostMeter::read(Nanos timeNs, const rusage& usage, Nanos entryNs) const noexcept
{
    Reading reading;
    reading.timeNs = timeNs;
    reading.cpuNs = threadCpuNow();
    reading.runQueueNs = m_last.runQueueNs;
    if (m_schedstat.isOpen() && hasSwitched(usage)) {
        const Nanos lookedNs = monotonicNow() - entryNs;
        const Nanos waitedNs = lookedNs > kLongestLook ? lookedNs : 0;
        const Nanos runQueueNs = readRunQueue().value_or(m_last.runQueueNs) - waitedNs;
        reading.runQueueNs = std::max(runQueueNs, m_last.runQueueNs);
    }
    reading.voluntarySwitches = usage.ru_nvcsw;
    reading.involuntarySwitches = usage.ru_nivcsw;
    reading.minorFaults = usage.ru_minflt;
    reading.majorFaults = usage.ru_majflt;
    reading.core = currentCore();
    return reading;
}

bool CostMeter::hasSwitched(const rusage& usage) const noexcept
{
    return usage.ru_nvcsw != m_last.voluntarySwitches ||
           usage.ru_nivcsw != m_last.involuntarySwitches;
}

/// The first number there, the time on processors, is of the last timer tick while the thread runs:
/// that is what the thread's clock is for.
std::optional<Nanos> CostMeter::readRunQueue() const noexcept
{
    std::array<char, 96> buffer;
    std::string_view text = readFromStart(m_schedstat.get(), buffer);
    const auto onCpuNs = takeNumber(text);
    const auto waitedNs = takeNumber(text);
    const auto timesRun = takeNumber(text);
    // Whoever reads has run at least once.
    const bool isCounted = onCpuNs && waitedNs && timesRun && *timesRun > 0;
    return isCounted ? waitedNs : std::nullopt;
}

void CostMeter::notePeak(const rusage& usage) noexcept
{
    if (usage.ru_maxrss > m_inheritedPeakKiB) {
        m_peakKiB = usage.ru_maxrss;
        return;
    }
    const std::int64_t faults = usage.ru_minflt + usage.ru_majflt;
    if (faults != m_peakFaults) { // without a fault no memory has come
        m_peakKiB = statusPeakKiB(m_status.get());
        m_peakFaults = faults;
    }
}

} // namespace poolscope
