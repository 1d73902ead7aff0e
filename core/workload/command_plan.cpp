// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/command_plan.h"

#include "core/task/words.h"
#include "core/workload/file_list.h"
#include "core/workload/item_source.h"

#include <dirent.h>
#include <sys/stat.h>
#include <system_error>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <utility>

namespace poolscope {
namespace {

Result<void> checkEnvironment(const ParamSet& params)
{
    for (const std::string& entry : pathList(params.text("environment"))) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{"the environment has the line \"" + entry + "\"; give NAME=value"};
        }
    }
    return {};
}

Result<void> checkFolder(const std::string& folder)
{
    struct stat status
    {};
    if (folder.empty() || (::stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode))) {
        return {};
    }
    return Error{"there is no folder " + folder + " to run the command in"};
}

/// \return the files that "input" names, as seen from the working folder.
Result<std::vector<std::string>> inputFiles(const ParamSet& params, const std::string& folder)
{
    std::vector<std::string> paths = pathList(params.text("input"));
    std::vector<std::string> all;
    for (const std::string& path : paths) {
        const std::string seen = fromFolder(folder, path);
        Result<std::vector<std::string>> found = findFiles({seen});
        if (!found) {
            return found;
        }
        const std::size_t prefix = seen.size() - path.size();
        std::ranges::sort(found.value());
        std::ranges::transform(found.value(), std::back_inserter(all),
                               [prefix](const std::string& file) { return file.substr(prefix); });
    }
    return all;
}

/// The folder for the tasks' output is made, or is there and empty: what an older run has left there
/// would look like a result of this one.
Result<void> prepareOutputFolder(const ParamSet& params)
{
    if (params.text("keep_output").empty()) {
        return {};
    }
    if (params.text("repeat") != kRunsOnce) {
        return Error{"\"keep_output\" needs \"repeat\" to be \"once\": two runs of one task would "
                     "write the same files"};
    }
    const std::string folder = fromFolder(params.text("folder"), params.text("keep_output"));
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
        return Error{"the folder " + folder +
                     " for the output cannot be made: " + std::generic_category().message(errno)};
    }
    DIR* entries = ::opendir(folder.c_str());
    if (entries == nullptr) {
        return Error{"the folder " + folder +
                     " for the output cannot be opened: " + std::generic_category().message(errno)};
    }
    int count = 0;
    while (count < 3 && ::readdir(entries) != nullptr) { // NOLINT(concurrency-mt-unsafe)
        ++count;
    }
    ::closedir(entries);
    if (count > 2) { // more than . and ..
        return Error{"the folder " + folder +
                     " for the output is not empty; name another one, or remove what is in it"};
    }
    return {};
}

/// \return the name that the tasks' bars are coloured by: the program's.
std::string kindOf(const ParamSet& params)
{
    if (params.text("shell") != kNoShell) {
        return params.text("shell");
    }
    const std::vector<std::string> words = splitWords(params.text("command")).value();
    const std::string name = words.front().substr(words.front().find_last_of('/') + 1);
    return name.empty() ? words.front() : name;
}

} // namespace

Result<CommandTemplate> commandTemplate(const ParamSet& params)
{
    const std::string& shell = params.text("shell");
    return shell == kNoShell ? CommandTemplate::parse(params.text("command"))
                             : CommandTemplate::parseScript(params.text("command"), shell);
}

std::string outputFile(const ParamSet& params, std::uint64_t task)
{
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "/%06llu", static_cast<unsigned long long>(task) + 1);
    return fromFolder(params.text("folder"), params.text("keep_output")) + name.data();
}

Result<JobPlan> planCommand(const ParamSet& params, std::uint64_t /*seed*/)
{
    const std::string& folder = params.text("folder");
    if (params.text("items").empty() && params.text("input").empty()) {
        return Error{"nothing to run the command on was given: set \"items\" to patterns (*.png), "
                     "a list (@list.txt) or a range (1..100), or \"input\" to files and folders"};
    }
    const Result<CommandTemplate> command = commandTemplate(params);
    if (!command) {
        return Error{command.error().message + "; \"command\" is what runs for each item, as in " +
                     "convert {} {.}.webp"};
    }
    for (const Result<void>& checked : {checkFolder(folder), checkEnvironment(params)}) {
        if (!checked) {
            return checked.error();
        }
    }
    Result<std::vector<std::string>> items = readItems(params.text("items"), folder);
    if (!items) {
        return items.error();
    }
    Result<std::vector<std::string>> files = inputFiles(params, folder);
    if (!files) {
        return files.error();
    }
    JobPlan plan;
    plan.items = std::move(items).value();
    std::ranges::move(files.value(), std::back_inserter(plan.items));
    if (plan.items.empty()) {
        return Error{"there is nothing in what was given as items"};
    }
    if (const Result<void> prepared = prepareOutputFolder(params); !prepared) {
        return prepared.error();
    }
    plan.taskCount = plan.items.size();
    plan.kinds = {kindOf(params)};
    return plan;
}

} // namespace poolscope
