// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/file_format.h"

#include "core/io/chrome_trace_writer.h"
#include "core/io/csv_writer.h"
#include "core/io/replace_file.h"
#include "core/io/run_file.h"

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

constexpr std::array kFormats{
    FileFormat{"pscope", "Poolscope run", &writeRun},
    FileFormat{"json", "Chrome trace (Perfetto, Speedscope)", &writeChromeTrace},
    FileFormat{"csv", "Tasks as CSV", &writeCsv},
};

/// Suffixes are ASCII; no locale may have a say in what is equal.
char lowerAscii(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

std::span<const FileFormat> fileFormats()
{
    return kFormats;
}

const FileFormat* findFileFormat(std::string_view suffix)
{
    const auto found = std::ranges::find_if(kFormats, [suffix](const FileFormat& format) {
        return std::ranges::equal(suffix, std::string_view{format.suffix}, {}, lowerAscii);
    });
    return found == kFormats.end() ? nullptr : &*found;
}

Result<void> writeSnapshot(const Snapshot& snapshot, const FileFormat& format,
                           const std::string& path)
{
    return replaceFileWith(path, [&](std::ostream& out) { return format.write(snapshot, out); });
}

} // namespace poolscope
