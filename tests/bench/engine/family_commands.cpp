// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/families.h"
#include "tests/bench/engine/outside.h"

#include <filesystem>

namespace poolscope::bench {

namespace {

/// Runs /bin/true \p count times by \p runner, which reads numbers. \return {commands a second}.
Contender runner(const char* name, const std::string& commandLine, int count)
{
    return {name, [=] {
                const Nanos before = monotonicNow();
                runOutside("seq " + std::to_string(count) + " | " + commandLine +
                           " /bin/true >/dev/null");
                return std::vector{count / toSeconds(monotonicNow() - before)};
            }};
}

/// \return the path of the program, empty when it was not built.
std::string ourProgram(const Settings& settings)
{
    const std::filesystem::path program =
        std::filesystem::path(settings.workerProgram).parent_path() / "poolscope";
    return std::filesystem::exists(program) ? program.string() : std::string();
}

} // namespace

Row commands(const Settings& settings)
{
    Row row{"T15", "external commands (/bin/true), from the command line", {}, {}, {}, {}};
    const std::string atOnce = std::to_string(settings.workers);
    const std::string ours = ourProgram(settings);
    if (ours.empty() || !hasProgram("xargs") || !hasProgram("parallel")) {
        row.note = "needs poolscope (ninja poolscope), xargs and GNU parallel";
        return row;
    }
    const std::vector<Series> all = alternate(
        {runner("ours", "'" + ours + "' run --items - --workers " + atOnce + " --", 1'500),
         runner("xargs", "xargs -n 1 -P " + atOnce, 1'500),
         runner("GNU parallel", "parallel -j " + atOnce, 200)},
        settings.runs);
    describe(row, all, rateText);
    row.checks.push_back(
        {"of xargs", pairedRatio(all[0], all[1]), "x", Direction::AtLeast, 1.3, 1.7});
    row.checks.push_back(
        {"of GNU parallel", pairedRatio(all[0], all[2]), "x", Direction::AtLeast, 10, {}});
    return row;
}

} // namespace poolscope::bench
