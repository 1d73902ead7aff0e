// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The engine beside its peers, all measured turn about in one run: prints one table and ends with 1
// when a gate is missed. Figures of one run compare; those of two runs do not.
//
//   bench_engine [--only T1,T5] [--runs N] [--workers N]

#include "tests/bench/engine/families.h"
#include "tests/bench/engine/machine.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>

using namespace poolscope;
using namespace poolscope::bench;

namespace {

struct Entry
{
    const char* id;
    Row (*measure)(const Settings&);
};

constexpr std::array kEntries{
    Entry{"T1", emptyTasks},        Entry{"T2", futures},           Entry{"T3", bulkItems},
    Entry{"T4", bulkLoop},          Entry{"T5", microTasks},        Entry{"T6", longerTasks},
    Entry{"T7", idleLatency},       Entry{"T8", hotLatency},        Entry{"T9", idleCost},
    Entry{"T10", recordingCost},    Entry{"T11", messages},         Entry{"T12", chunkedMap},
    Entry{"T13", roundTrip},        Entry{"T14", workerDeath},      Entry{"T15", commands},
    Entry{"T16", feedingTheWindow}, Entry{"T17", oversubscription}, Entry{"T18", largeArguments},
    Entry{"T19", readyWorker},
};

struct Request
{
    Settings settings;
    std::vector<std::string> only; ///< ids, empty: all
};

[[noreturn]] void endWithUsage()
{
    std::fprintf(stderr,
                 "usage: bench_engine [--only T1,T5] [--runs N] [--workers N]   (N at least 1)\n"
                 "The gates are for 2 workers on 2 processors.\n");
    std::exit(2);
}

std::vector<std::string> idsOf(const char* text)
{
    std::vector<std::string> ids;
    std::istringstream list(text);
    for (std::string id; std::getline(list, id, ',');) {
        if (std::none_of(kEntries.begin(), kEntries.end(),
                         [&id](const Entry& entry) { return id == entry.id; })) {
            endWithUsage();
        }
        ids.push_back(id);
    }
    return ids;
}

Request parse(int argc, char** argv)
{
    Request request;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view option = argv[i];
        if (i + 1 == argc) {
            endWithUsage();
        }
        if (option == "--only") {
            request.only = idsOf(argv[i + 1]);
        } else if (option == "--runs") {
            request.settings.runs = std::atoi(argv[i + 1]);
        } else if (option == "--workers") {
            request.settings.workers = std::atoi(argv[i + 1]);
        } else {
            endWithUsage();
        }
    }
    if (request.settings.runs < 1 || request.settings.workers < 1) {
        endWithUsage();
    }
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
    request.settings.workerProgram = self.parent_path().parent_path() / "poolscope-worker";
    request.settings.pythonScript = PS_BENCH_SOURCE_DIR "/python_pools.py";
    return request;
}

} // namespace

int main(int argc, char** argv)
{
    const Request request = parse(argc, argv);
    std::fprintf(stderr, "measuring the machine\n");
    const std::string machine = describeMachine();
    std::vector<Row> rows;
    for (const Entry& entry : kEntries) {
        const bool isWanted =
            request.only.empty() ||
            std::find(request.only.begin(), request.only.end(), entry.id) != request.only.end();
        if (isWanted) {
            std::fprintf(stderr, "measuring %s\n", entry.id);
            rows.push_back(entry.measure(request.settings));
        }
    }
    std::printf("medians of %d runs, %d workers\n\n%s\n\n", request.settings.runs,
                request.settings.workers, machine.c_str());
    printTable(rows);
    const auto missed =
        std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.missesGate(); });
    std::printf("\n%d of %d rows miss a gate%s\n", static_cast<int>(missed),
                static_cast<int>(rows.size()),
                *PS_BENCH_MISSING_PEERS != '\0'
                    ? "; peers that were not there to build with: " PS_BENCH_MISSING_PEERS
                    : "");
    return missed > 0 ? 1 : 0;
}
