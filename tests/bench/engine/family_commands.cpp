// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/outside.h"

namespace poolscope::bench {

namespace {

/// Runs /bin/true \p count times by \p runner, which reads numbers. \return {commands a second}.
Contender runner(const char* name, const std::string& commandLine, int count)
{
    return {name, [=] {
                const Nanos before = monotonicNow();
                runOutside("seq " + std::to_string(count) + " | " + commandLine + " /bin/true");
                return std::vector{count / toSeconds(monotonicNow() - before)};
            }};
}

} // namespace

Row commands(const Settings& settings)
{
    Row row{"T15", "external commands (/bin/true)", {}, {}, {}, "ours: not there yet"};
    const std::string atOnce = std::to_string(settings.workers);
    std::vector<Contender> contenders;
    if (hasProgram("xargs")) {
        contenders.push_back(runner("xargs", "xargs -n 1 -P " + atOnce, 1'500));
    }
    if (hasProgram("parallel")) {
        contenders.push_back(runner("GNU parallel", "parallel -j " + atOnce, 200));
    }
    for (const Series& series : alternate(contenders, settings.runs)) {
        row.peers.push_back(series.name() + " " + rateText(series.median()));
    }
    return row;
}

} // namespace poolscope::bench
