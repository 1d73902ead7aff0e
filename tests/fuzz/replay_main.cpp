// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Replays the files of a corpus folder, for compilers without libFuzzer. A file sound-… must be taken
// by the decoder and a file damaged-… refused; finding-… only must do no harm.

#include "tests/fuzz/fuzz_target.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

/// \return whether \p file was taken or refused as its name says.
bool replay(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const std::string name = file.filename().string();
    if (!in) {
        std::fprintf(stderr, "%s: cannot be read\n", name.c_str());
        return false;
    }
    const bool isSound = poolscope::fuzz::tryInput(bytes);
    const bool isAsNamed = isSound ? !name.starts_with("damaged-") : !name.starts_with("sound-");
    if (!isAsNamed) {
        std::fprintf(stderr, "%s: was %s\n", name.c_str(), isSound ? "taken" : "refused");
    }
    return isAsNamed;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s <folder of inputs>\n", argv[0]);
        return 2;
    }
    int files = 0;
    int wrong = 0;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1], error)) {
        ++files;
        wrong += replay(entry.path()) ? 0 : 1;
    }
    std::printf("%d inputs, %d not as their names say\n", files, wrong);
    return files > 0 && wrong == 0 ? 0 : 1;
}
