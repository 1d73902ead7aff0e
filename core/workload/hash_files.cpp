// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/declared_wait.h"
#include "core/base/unique_fd.h"
#include "core/workload/common.h"
#include "core/workload/file_list.h"

#include <fcntl.h>
#include <nettle/sha2.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <iterator>
#include <map>

namespace poolscope {
namespace {

constexpr const char* kOtherKind = "other";

/// Fills in kinds and kindOfTask: a kind for each of the most frequent suffixes, one for the rest.
void sortIntoKinds(JobPlan& plan)
{
    std::vector<std::string> suffixes;
    std::map<std::string, std::int64_t> counts;
    for (const std::string& item : plan.items) {
        suffixes.push_back(fileSuffix(item));
        ++counts[suffixes.back()];
    }
    counts.erase("");
    std::vector<std::pair<std::string, std::int64_t>> ranking(counts.begin(), counts.end());
    // Stable: among equals the alphabet decides.
    std::ranges::stable_sort(ranking, std::greater{},
                             &std::pair<std::string, std::int64_t>::second);
    ranking.resize(std::min(ranking.size(), std::size_t{kMaxTaskKinds - 1}));

    for (const auto& [suffix, count] : ranking) {
        plan.kinds.push_back(suffix);
    }
    const auto other = static_cast<std::uint8_t>(plan.kinds.size());
    std::map<std::string, std::uint8_t> kindOfSuffix;
    for (std::uint8_t kind = 0; kind < other; ++kind) {
        kindOfSuffix[plan.kinds[kind]] = kind;
    }
    for (const std::string& suffix : suffixes) {
        const auto found = kindOfSuffix.find(suffix);
        plan.kindOfTask.push_back(found == kindOfSuffix.end() ? other : found->second);
    }
    if (std::ranges::find(plan.kindOfTask, other) != plan.kindOfTask.end()) {
        plan.kinds.emplace_back(kOtherKind);
    }
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    const std::vector<std::string> input = pathList(params.text("input"));
    const std::vector<std::string> lists = pathList(params.text("list"));
    if (input.empty() && lists.empty()) {
        return Error{
            "nothing to hash was given: set \"input\" to files or folders, or \"list\" to a "
            "text file with a file a line"};
    }
    Result<std::vector<std::string>> found = findFiles(input);
    if (!found) {
        return found.error();
    }
    Result<std::vector<std::string>> listed = readFileLists(lists);
    if (!listed) {
        return listed.error();
    }
    JobPlan plan;
    plan.items = std::move(found).value();
    std::ranges::move(listed.value(), std::back_inserter(plan.items));
    std::ranges::sort(plan.items);
    plan.items.erase(std::unique(plan.items.begin(), plan.items.end()), plan.items.end());
    if (plan.items.empty()) {
        return Error{"there are no files in what was given to hash"};
    }
    plan.taskCount = plan.items.size();
    sortIntoKinds(plan);
    return plan;
}

Error cannotHash(const std::string& path, int number)
{
    return Error{"cannot hash " + path + ": " + std::generic_category().message(number)};
}

/// Opens \p path for reading. Error: it cannot be opened or is no file.
Result<UniqueFd> openFile(const std::string& path)
{
    // Not blocking: a pipe would wait for a writer before we could see that it is one.
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status
    {};
    if (!fd.isOpen() || ::fstat(fd.get(), &status) != 0) {
        return cannotHash(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return cannotHash(path, EISDIR);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error{"cannot hash " + path + ": it is not a file"};
    }
    return fd;
}

/// \return 0 when it is not known.
double sizeOf(const UniqueFd& fd)
{
    struct stat status
    {};
    return ::fstat(fd.get(), &status) == 0 ? static_cast<double>(status.st_size) : 0;
}

std::string toHex(const std::array<std::uint8_t, SHA256_DIGEST_SIZE>& digest)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xfU];
    }
    return text;
}

/// About half a millisecond of hashing.
using Piece = std::array<std::uint8_t, std::size_t{128} * 1024>;

ssize_t readPiece(const UniqueFd& fd, Piece& piece)
{
    const DeclaredWait wait; // for the disk
    return ::read(fd.get(), piece.data(), piece.size());
}

Result<Value> run(const TaskContext& context)
{
    const std::string path(context.item);
    const Result<UniqueFd> fd = openFile(path);
    if (!fd) {
        return fd.error();
    }
    Piece piece;
    sha256_ctx hash;
    sha256_init(&hash);
    double size = 0;
    double done = 0;
    while (!context.stop.isRequested()) {
        const ssize_t count = readPiece(fd.value(), piece);
        if (count > 0) {
            sha256_update(&hash, static_cast<std::size_t>(count), piece.data());
            size = done == 0 && count == std::ssize(piece) ? sizeOf(fd.value()) : size;
            done += static_cast<double>(count);
            if (size > 0) {
                context.progress(done / size);
            }
        } else if (count == 0) {
            std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
            sha256_digest(&hash, digest.size(), digest.data());
            return Value{toHex(digest)};
        } else if (errno != EINTR) {
            return cannotHash(path, errno);
        }
    }
    return cancelledError();
}

std::vector<ParamSpec> params()
{
    return {
        {.id = "input",
         .label = "Files and folders",
         .help = "What to hash, folders with all below them; links to folders are not "
                 "followed.",
         .kind = ParamKind::Paths,
         .defaultValue = std::string()},
        {.id = "list",
         .label = "Lists of files",
         .help = "Text files that name more files to hash, one a line.",
         .kind = ParamKind::Paths,
         .defaultValue = std::string()},
    };
}

} // namespace

Workload makeHashFiles()
{
    return {
        .id = "hash_files",
        .title = "Hash files",
        .summary = "SHA-256 of every file that is given or lies below a given folder: reading and "
                   "computing on your own data.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
