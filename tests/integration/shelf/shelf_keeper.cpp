// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps one made-up run after the other on a shelf and prints the number of each once it is kept:
//     shelf_keeper <folder> <how many> [largest file in bytes]

#include "core/shelf/run_shelf.h"
#include "tests/support/synthetic_trace.h"

#include <QCoreApplication>

#include <signal.h> // NOLINT(modernize-deprecated-headers): SIGXFSZ is POSIX's
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

using namespace poolscope;

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (argc < 3) {
        return 2;
    }
    const auto shelf = RunShelf::open(QString::fromLocal8Bit(argv[1]));
    if (!shelf) {
        std::fprintf(stderr, "%s\n", shelf.error().message.c_str());
        return 1;
    }
    if (argc > 3) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlim_t most = std::strtoul(argv[3], nullptr, 10);
        const rlimit limit{most, most};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    for (int i = 0; i < std::atoi(argv[2]); ++i) {
        Snapshot run = *test::makeSyntheticTrace(2, 2'000, 7);
        auto meta = std::make_shared<TraceMeta>(*run.meta);
        std::array<char, 33> id{};
        std::snprintf(id.data(), id.size(), "%016x%016x", static_cast<unsigned>(::getpid()),
                      static_cast<unsigned>(i));
        meta->runId = id.data();
        meta->startedUnixNs = i;
        run.meta = meta;
        const auto kept = shelf.value()->keep(run, QStringLiteral("run %1").arg(i));
        if (!kept) {
            std::fprintf(stderr, "%s\n", kept.error().message.c_str());
            return 1;
        }
        std::printf("%lld\n", static_cast<long long>(kept.value()));
        std::fflush(stdout);
    }
    return 0;
}
