// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/function_library.h"

#include "core/task/poolscope_task.h"
#include "core/workload/common.h"
#include "core/workload/function_spec.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <system_error>

#include <exception>
#include <filesystem>
#include <memory>
#include <utility>

namespace poolscope {

namespace {

constexpr const char* kEntryPoint = "poolscope_functions";

Error refusal(const std::string& path, const std::string& problem, const std::string& remedy)
{
    return Error{"The functions in " + path + " cannot be used: " + problem + ". " + remedy};
}

struct CloseLibrary
{
    void operator()(void* library) const { ::dlclose(library); }
};
using LibraryHandle = std::unique_ptr<void, CloseLibrary>;

/// \return what tells this file from another one, and from itself before it was built again.
std::uint64_t stampOf(const std::string& path)
{
    struct stat status
    {};
    if (::stat(path.c_str(), &status) != 0) {
        return 0;
    }
    std::uint64_t stamp = mixBits(status.st_dev);
    stamp = mixBits(stamp ^ status.st_ino);
    stamp = mixBits(stamp ^ static_cast<std::uint64_t>(status.st_size));
    stamp = mixBits(stamp ^ static_cast<std::uint64_t>(status.st_mtim.tv_sec));
    return mixBits(stamp ^ static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
}

Result<LibraryHandle> open(const std::string& path)
{
    LibraryHandle library(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (library == nullptr) {
        const char* reason = ::dlerror(); // NOLINT(concurrency-mt-unsafe): of this thread, in glibc
        return refusal(path,
                       "it cannot be opened as a shared library (" +
                           std::string(reason != nullptr ? reason : "unknown reason") + ')',
                       "Build it for this machine with all that it needs (cc -shared -fPIC), or "
                       "name another file.");
    }
    return library;
}

Result<std::vector<Workload>> describe(void* library, const std::string& path)
{
    using EntryPoint = const poolscope_library* (*)();
    const auto entry = reinterpret_cast<EntryPoint>(::dlsym(library, kEntryPoint));
    if (entry == nullptr) {
        return refusal(path, std::string("it has no ") + kEntryPoint + "()",
                       "Include poolscope_task.h in it and define that function, or name another "
                       "file.");
    }
    const poolscope_library* description = entry();
    if (description == nullptr) {
        return refusal(path, std::string(kEntryPoint) + "() returns null",
                       "Let it return the description of the library.");
    }
    if (description->version < 1 || description->version > POOLSCOPE_TASK_VERSION) {
        return refusal(path,
                       "it is built for version " + std::to_string(description->version) +
                           " of poolscope_task.h, and this program knows those up to version " +
                           std::to_string(POOLSCOPE_TASK_VERSION),
                       "Build it again with the header of this Poolscope.");
    }
    Result<std::vector<Workload>> workloads = readFunctions(*description);
    if (!workloads) {
        return refusal(path, workloads.error().message,
                       "Correct that (poolscope_task.h says what is allowed) and build it again.");
    }
    return workloads;
}

} // namespace

Result<FunctionLibrary> openFunctionLibrary(const std::string& path)
{
    std::error_code failure;
    FunctionLibrary result;
    result.path = std::filesystem::canonical(path, failure).string();
    if (failure) {
        return refusal(path, failure.message(), "Name a shared library (.so) that is there.");
    }
    // Opening a pipe would wait for ever.
    if (!std::filesystem::is_regular_file(result.path, failure)) {
        return refusal(path, "it is no file", "Name a shared library (.so).");
    }
    result.stamp = stampOf(result.path);
    Result<LibraryHandle> library = open(result.path);
    if (!library) {
        return library.error();
    }
    Result<std::vector<Workload>> workloads = describe(library.value().get(), result.path);
    if (!workloads) {
        return workloads.error();
    }
    [[maybe_unused]] void* staysOpen = library.value().release();
    result.workloads = std::move(workloads).value();
    for (Workload& workload : result.workloads) {
        workload.library = result.path;
    }
    return result;
}

} // namespace poolscope
