// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Disturbs all kinds of executors at once, again and again, and proves that nothing is lost, told twice or
// left behind: soak [seconds] [seed] [kinds, separated by commas]

#include "tests/soak/cycle.h"
#include "tests/soak/process_tree.h"
#include "tests/soak/violation.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

namespace poolscope::soak {

namespace {

constexpr Nanos kCycleNs = 10 * kNanosPerSecond;
constexpr int kLeastCycles = 4;
/// How much more memory may be in use after the last cycle than after the first, by the allocator's account: what
/// is leaked each time goes beyond it.
constexpr std::uint64_t kAllocatedTolerance = 1U << 20U;
/// The same of resident memory. Most of it is the allocator's own, in pages that are in use only in part: seen
/// to go up and down by 30 MiB.
constexpr std::uint64_t kResidentTolerance = 64U << 20U;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false; // the sanitizers keep what was freed
#else
constexpr bool kMemoryIsOurs = true;
#endif

double toMebibytes(std::uint64_t bytes)
{
    return static_cast<double>(bytes) / (1U << 20U);
}

void checkHoldings(const Holdings& before, const Holdings& now)
{
    expectEqual(now.children, before.children, "child processes, zombies counted in");
    expectEqual(now.threads, before.threads, "threads");
    expectEqual(now.descriptors, before.descriptors, "open descriptors");
    expectEqual(now.sharedMappings, before.sharedMappings, "mapped shared memory");
}

void expectNoGrowth(std::uint64_t first, std::uint64_t last, std::uint64_t tolerance,
                    const std::string& what)
{
    if (kMemoryIsOurs && last > first + tolerance) {
        violated(what + " memory grew from " + std::to_string(first) + " to " +
                 std::to_string(last) + " bytes");
    }
}

void checkMemory(const Holdings& first, const Holdings& last)
{
    expectNoGrowth(first.allocatedBytes, last.allocatedBytes, kAllocatedTolerance, "allocated");
    expectNoGrowth(first.residentBytes, last.residentBytes, kResidentTolerance, "resident");
}

void printRow(const char* what, const std::vector<Account>& accounts, auto valueOf)
{
    std::printf("%-18s", what);
    for (const Account& account : accounts) {
        std::printf(" %16llu", static_cast<unsigned long long>(valueOf(account)));
    }
    std::printf("\n");
}

void printTable(const Settings& settings, const std::vector<Account>& accounts)
{
    std::printf("%-18s", "");
    for (const std::string& kind : settings.kinds) {
        std::printf(" %16s", kind.c_str());
    }
    std::printf("\n");
    printRow("tasks", accounts, [](const Account& account) { return account.taken; });
    printRow("refused", accounts, [](const Account& account) { return account.refused; });
    for (const TaskState state : {TaskState::Done, TaskState::Failed, TaskState::Cancelled,
                                  TaskState::TimedOut, TaskState::Lost}) {
        printRow(std::string(poolscope::toText(state)).c_str(), accounts,
                 [state](const Account& account) {
                     return account.ended[static_cast<std::size_t>(state)];
                 });
    }
    printRow("begun again", accounts, [](const Account& account) { return account.lostAttempts; });
    for (int order = 0; order < kOrderCount; ++order) {
        printRow(toText(static_cast<Order>(order)), accounts, [order](const Account& account) {
            return account.orders[static_cast<std::size_t>(order)];
        });
    }
}

void printEnd(const Settings& settings, int cycles, const Holdings& first, const Holdings& last)
{
    std::printf(
        "seed %llu, %d cycles of %.1f s: no violation. Held at the end: %llu threads, %llu "
        "descriptors, %llu children, %llu KiB allocated, %.1f MiB resident (after the first "
        "cycle %llu KiB and %.1f MiB; 1 and 64 MiB more are tolerated)\n",
        static_cast<unsigned long long>(settings.seed), cycles,
        toSeconds(settings.durationNs) / cycles, static_cast<unsigned long long>(last.threads),
        static_cast<unsigned long long>(last.descriptors),
        static_cast<unsigned long long>(last.children),
        static_cast<unsigned long long>(last.allocatedBytes >> 10U),
        toMebibytes(last.residentBytes),
        static_cast<unsigned long long>(first.allocatedBytes >> 10U),
        toMebibytes(first.residentBytes));
}

/// \return what is left once the threads of the last cycle are gone for the kernel too: a joined thread may
/// be listed for another moment.
Holdings settledHoldings(std::uint64_t threads)
{
    Holdings now = holdings();
    const StopFlag never;
    for (int tries = 0; now.threads > threads && tries < 100; ++tries) {
        never.waitFor(10 * kNanosPerMilli);
        now = holdings();
    }
    return now;
}

int run(const Settings& settings)
{
    const int cycles = std::max(kLeastCycles, static_cast<int>(settings.durationNs / kCycleNs));
    std::vector<Account> accounts(settings.kinds.size());
    std::thread([] {}).join(); // what the first thread brings with it stays
    const Holdings before = holdings();
    Holdings first;
    Holdings last;
    for (int cycle = 0; cycle < cycles; ++cycle) {
        setSituation(settings.seed, cycle);
        const std::vector<Account> more = runCycle(settings, cycle, settings.durationNs / cycles);
        for (std::size_t i = 0; i < more.size(); ++i) {
            accounts[i].add(more[i]);
        }
        last = settledHoldings(before.threads);
        std::fprintf(stderr, "soak: cycle %d of %d, %llu bytes allocated, %.1f MiB resident\n",
                     cycle + 1, cycles, static_cast<unsigned long long>(last.allocatedBytes),
                     toMebibytes(last.residentBytes));
        checkHoldings(before, last);
        if (cycle == 0) {
            first = last;
        }
        checkMemory(first, last);
    }
    printTable(settings, accounts);
    printEnd(settings, cycles, first, last);
    return 0;
}

} // namespace

} // namespace poolscope::soak

int main(int argc, char** argv)
{
    using namespace poolscope;
    soak::Settings settings;
    const double seconds = argc > 1 ? std::atof(argv[1]) : 600;
    if (seconds <= 0 || argc > 4) {
        std::fprintf(stderr, "usage: soak [seconds] [seed] [kind,kind...]\n");
        return 2;
    }
    settings.durationNs = static_cast<Nanos>(seconds * kNanosPerSecond);
    settings.seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    if (argc > 3) {
        settings.kinds.clear();
        std::istringstream kinds(argv[3]);
        for (std::string kind; std::getline(kinds, kind, ',');) {
            if (findExecutorKind(kind) == nullptr) {
                std::fprintf(stderr, "soak: there is no executor \"%s\"\n", kind.c_str());
                return 2;
            }
            settings.kinds.push_back(kind);
        }
    }
    const char* bin = std::getenv("POOLSCOPE_TEST_BIN_DIR");
    settings.workerProgram =
        (bin != nullptr ? std::string(bin) : PS_SOAK_BIN_DIR) + "/poolscope-worker";
    return soak::run(settings);
}
