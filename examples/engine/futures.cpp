// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Python's concurrent.futures: calls submitted to a pool of threads, taken as they come.

#include "core/executor/as_completed.h"
#include "core/executor/executor.h"

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace poolscope;

namespace {

struct Counted
{
    std::string file;
    int words = 0;
};

Counted countWords(const std::string& path)
{
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("cannot read " + path);
    }
    Counted counted{path};
    for (std::string word; file >> word; ++counted.words) {
    }
    return counted;
}

} // namespace

// futures FILE...
int main(int argc, char** argv)
{
    ExecutorOptions options;
    options.workers = 4;
    const auto pool = findExecutorKind("threads")->create(options, {});
    if (!pool) {
        std::fprintf(stderr, "%s\n", pool.error().message.c_str());
        return 1;
    }
    std::vector<Future<Counted>> futures;
    for (int i = 1; i < argc; ++i) {
        futures.push_back(pool.value()->submit(countWords, std::string(argv[i])));
    }
    for (const Future<Counted>& future : asCompleted(futures)) {
        if (future.state() == TaskState::Done) {
            std::printf("%s: %d words\n", future.value().file.c_str(), future.value().words);
        } else {
            std::printf("%s\n", future.error().c_str());
        }
    }
}
