// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/trace/snapshot.h"

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace poolscope {

/// One row of the table of data formats (pictures are the window library's).
struct FileFormat
{
    const char* suffix; ///< without the dot, e.g. "csv"
    const char* title; ///< English, e.g. "Tasks as CSV"
    Result<void> (*write)(const Snapshot& snapshot, std::ostream& out);
};

/// \return the table: "pscope", "json", "csv".
[[nodiscard]] std::span<const FileFormat> fileFormats();
/// \return the row for \p suffix (any case) or nullptr.
[[nodiscard]] const FileFormat* findFileFormat(std::string_view suffix);

/// Renders \p format to a temporary file beside \p path and puts it in place only when every byte is
/// on the disk; an older file stays untouched otherwise. Error: cannot create, write or rename, disk full.
[[nodiscard]] Result<void> writeSnapshot(const Snapshot& snapshot, const FileFormat& format,
                                         const std::string& path);

/// The same for bytes that are ready.
[[nodiscard]] Result<void> replaceFile(const std::string& path, std::string_view bytes);

/// Reads a run file (.pscope). Error: not there, not a run file, a newer version, damaged (says where).
[[nodiscard]] Result<SnapshotPtr> readRunFile(const std::string& path);

} // namespace poolscope
