// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/executor.h"
#include "core/workload/catalogue.h"

#include <atomic>
#include <cstdint>
#include <cstdio>

namespace {

constexpr std::uint64_t kTasks = 100;

/// Adds up what the tasks give.
class Sum final : public poolscope::CompletionListener
{
public:
    void taskEnded(const poolscope::TaskEnd& end) noexcept override
    {
        if (const auto* number = std::get_if<std::int64_t>(&end.value)) {
            m_total += *number;
        }
    }
    [[nodiscard]] std::int64_t total() const { return m_total; }

private:
    std::atomic<std::int64_t> m_total{0};
};

} // namespace

// Squares numbers on each executor: prints "<executor> <sum>". Words: libraries of functions to load as
// well, which changes nothing about the sums.
int main(int argc, char** argv)
{
    using namespace poolscope;
    Catalogue known;
    for (int i = 1; i < argc; ++i) {
        if (const auto added = known.addLibrary(argv[i]); !added) {
            std::fprintf(stderr, "%s\n", added.error().message.c_str());
            return 1;
        }
    }
    const auto job = planJob(*known.find("square"), {}, 1);
    for (const ExecutorKind& kind : executorKinds()) {
        ExecutorOptions options;
        options.workers = 2;
        options.workerProgram = WORKER_PROGRAM;
        options.catalogueHash = known.hash();
        options.functionLibraries = known.libraries();
        Sum sum;
        const auto executor = kind.create(options, {});
        if (!executor || !executor.value()->submit({job.value(), 0, kTasks}, &sum)) {
            return 1;
        }
        executor.value()->drain();
        std::printf("%s %lld\n", kind.id, static_cast<long long>(sum.total()));
    }
    return 0;
}
