// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/run_check.h"

#include "core/io/file_format.h"
#include "core/io/run_file.h"
#include "core/io/section_file.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <array>
#include <sstream>

namespace poolscope::fuzz {

namespace {

constexpr std::size_t kTagBytes = 4;
constexpr std::size_t kSizeBytes = 4;
constexpr std::size_t kCheckBytes = 8;
/// The CSV writer needs memory for each task that the job claims to have, and may.
constexpr std::uint64_t kMostTasks = 1'000'000;

Result<SnapshotPtr> readBytes(const std::string& bytes)
{
    std::istringstream in(bytes);
    return readRun(in, bytes.size());
}

std::string written(const Snapshot& snapshot)
{
    std::ostringstream out;
    mustHold(writeRun(snapshot, out).isOk(), "what was read can be written");
    return out.str();
}

std::size_t sizeAt(std::string_view bytes, std::size_t at)
{
    std::size_t size = 0;
    for (std::size_t i = kSizeBytes; i-- > 0;) {
        size = (size << 8) | static_cast<unsigned char>(bytes[at + i]);
    }
    return size;
}

} // namespace

bool readsAsRun(const std::string& file)
{
    const Result<SnapshotPtr> read = readBytes(file);
    if (!read) {
        mustHold(!read.error().message.empty(), "an error says what is wrong");
        return false;
    }
    const std::string once = written(*read.value());
    const Result<SnapshotPtr> again = readBytes(once);
    mustHold(again && written(*again.value()) == once, "a run is read as it was written");
    if (read.value()->meta->plan->taskCount <= kMostTasks) {
        for (const FileFormat& format : fileFormats()) {
            std::ostringstream out;
            mustHold(format.write(*read.value(), out).isOk(), "every format takes every run");
        }
    }
    return true;
}

std::string packSections(std::string_view plain)
{
    std::ostringstream out;
    SectionWriter file(out);
    while (plain.size() >= kTagBytes + kSizeBytes) {
        const std::string_view tag = plain.substr(0, kTagBytes);
        const std::size_t size = sizeAt(plain, kTagBytes);
        plain.remove_prefix(kTagBytes + kSizeBytes);
        const std::string_view body = plain.substr(0, size);
        plain.remove_prefix(body.size());
        file.write(tag, body);
    }
    mustHold(file.finish().isOk(), "sections can be written");
    return out.str();
}

std::string unpackSections(const std::string& file)
{
    std::istringstream in(file);
    SectionReader reader(in, file.size());
    std::string plain;
    std::size_t at = kRunFileMagic.size() + sizeof kRunFileVersion;
    for (;;) {
        const std::string_view tag = std::string_view(file).substr(at, kTagBytes);
        if (tag == kEndTag) {
            return plain;
        }
        const std::string_view body = reader.read(tag);
        mustHold(!reader.hasFailed(), "the file is sound");
        plain += tag;
        for (unsigned shift = 0; shift < 8 * kSizeBytes; shift += 8) {
            plain += static_cast<char>((body.size() >> shift) & 0xff);
        }
        plain += body;
        at += kTagBytes + 2 * kSizeBytes + kCheckBytes + sizeAt(file, at + kTagBytes);
    }
}

} // namespace poolscope::fuzz
