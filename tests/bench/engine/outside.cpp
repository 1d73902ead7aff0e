// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/engine/outside.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace poolscope::bench {

bool hasProgram(const std::string& name)
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    std::string folder;
    while (std::getline(folders, folder, ':')) {
        if (::access((folder + "/" + name).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

std::vector<double> runOutside(const std::string& commandLine)
{
    std::FILE* output = ::popen(commandLine.c_str(), "r");
    std::vector<double> numbers;
    double number = 0;
    while (output != nullptr && std::fscanf(output, "%lf", &number) == 1) {
        numbers.push_back(number);
    }
    if (output == nullptr || ::pclose(output) != 0) {
        std::fprintf(stderr, "bench_engine: \"%s\" failed\n", commandLine.c_str());
        std::exit(2);
    }
    return numbers;
}

} // namespace poolscope::bench
