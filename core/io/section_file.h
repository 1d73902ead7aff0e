// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/io/run_file_format.h"

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace poolscope {

/// Frees what zstd made, for unique_ptr.
struct FreeZstd
{
    void operator()(ZSTD_CCtx_s* context) const noexcept;
    void operator()(ZSTD_DCtx_s* context) const noexcept;
};

/// Writes a run file's header and its sections, each compressed for itself. The first failure is
/// kept and told by finish(); what follows it does nothing. One thread.
class SectionWriter
{
public:
    explicit SectionWriter(std::ostream& out);
    ~SectionWriter();
    SectionWriter(const SectionWriter&) = delete;
    SectionWriter& operator=(const SectionWriter&) = delete;

    /// \p body up to kMaxSectionBytes.
    void write(SectionTag tag, std::string_view body);
    [[nodiscard]] bool hasFailed() const { return m_error.has_value(); }
    /// Writes the section that ends the file.
    Result<void> finish();

private:
    void put(std::string_view bytes);
    void fail(std::string message);

    std::ostream& m_out;
    std::unique_ptr<ZSTD_CCtx_s, FreeZstd> m_context;
    std::string m_stored;
    std::uint64_t m_sections = 0;
    std::optional<Error> m_error;
};

/// Reads them again, each checked before it is unpacked. The first failure, its own or one that is
/// reported to it, is kept, and from then on every section is empty. One thread.
class SectionReader
{
public:
    /// Reads and checks the file's header. \p size: how many bytes \p in holds.
    SectionReader(std::istream& in, std::uint64_t size);
    /// Reads sections that another one took; they must outlive this.
    explicit SectionReader(std::string_view sections);
    ~SectionReader();
    SectionReader(const SectionReader&) = delete;
    SectionReader& operator=(const SectionReader&) = delete;

    /// \return the format that the header names.
    [[nodiscard]] std::uint32_t version() const { return m_version; }
    /// \return the body of the next section, which must be a \p tag; valid until the next call.
    std::string_view read(SectionTag tag);
    /// Takes the next section, whatever it is, and those behind it that are one of \p followers, unread and unchecked.
    /// \return their bytes, for a reader of their own; nothing when there is none or it is cut short.
    std::optional<std::string> take(std::initializer_list<SectionTag> followers);
    [[nodiscard]] bool isAtEnd() const { return m_left == 0 && m_header.empty(); }
    /// Checks that the file ends here as it should.
    void readEnd();

    /// Says that the section read last is not as it must be. \p what completes "section X: …".
    void fail(const std::string& what);
    [[nodiscard]] bool hasFailed() const { return m_error.has_value(); }
    /// Precondition: hasFailed().
    [[nodiscard]] const Error& error() const { return *m_error; }

private:
    void failWith(std::string message);
    bool takeBytes(char* bytes, std::size_t count);
    bool takeHeader();
    void readHeader();
    bool unpack(std::size_t size);

    std::istream* m_in = nullptr; ///< null: out of memory
    std::string_view m_memory;
    std::uint64_t m_left;
    std::unique_ptr<ZSTD_DCtx_s, FreeZstd> m_context;
    std::string m_header; ///< of the section to be read next, when it was looked at already
    std::string m_stored;
    std::string m_body;
    std::uint32_t m_version = 0;
    SectionTag m_tag; ///< of the section read last
    std::uint64_t m_sections = 0;
    std::optional<Error> m_error;
};

} // namespace poolscope
