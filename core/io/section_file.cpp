// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/section_file.h"

#include "core/task/codec.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <istream>
#include <new>
#include <ostream>
#include <utility>

namespace poolscope {

namespace {

constexpr int kCompressionLevel = 1; // a third larger than level 9 and ten times as fast
constexpr std::size_t kTagBytes = 4;
constexpr std::size_t kCheckedHeaderBytes = kTagBytes + 4 + 4; // tag, stored size, size
constexpr std::size_t kSectionHeaderBytes = kCheckedHeaderBytes + 8; // and the check
constexpr std::size_t kMostPackedRatio = 65536; // more than zstd can do

template <class Integer>
void appendFixed(std::string& bytes, Integer value)
{
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        bytes += static_cast<char>((value >> (8 * i)) & 0xff);
    }
}

template <class Integer>
Integer fixedAt(std::string_view bytes, std::size_t offset)
{
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        value |=
            static_cast<Integer>(Integer{static_cast<std::uint8_t>(bytes[offset + i])} << (8 * i));
    }
    return value;
}

/// FNV-1a, 64 bits: each changed byte changes it for certain. Covers what zstd's own checksum does
/// not: the sizes, and bits of its frame that it ignores.
std::uint64_t checkOf(std::string_view header, std::string_view stored)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::string_view part : {header, stored}) {
        for (const char byte : part) {
            hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3U;
        }
    }
    return hash;
}

} // namespace

void FreeZstd::operator()(ZSTD_CCtx_s* context) const noexcept
{
    ZSTD_freeCCtx(context);
}

void FreeZstd::operator()(ZSTD_DCtx_s* context) const noexcept
{
    ZSTD_freeDCtx(context);
}

SectionWriter::SectionWriter(std::ostream& out)
    : m_out(out)
    , m_context(ZSTD_createCCtx())
{
    if (m_context == nullptr) {
        throw std::bad_alloc();
    }
    ZSTD_CCtx_setParameter(m_context.get(), ZSTD_c_compressionLevel, kCompressionLevel);
    ZSTD_CCtx_setParameter(m_context.get(), ZSTD_c_checksumFlag, 1);
    std::string header(kRunFileMagic);
    appendFixed(header, kRunFileVersion);
    put(header);
}

SectionWriter::~SectionWriter() = default;

void SectionWriter::write(SectionTag tag, std::string_view body)
{
    if (hasFailed()) {
        return;
    }
    if (body.size() > kMaxSectionBytes) {
        fail("section " + std::string(tag) + " would have " + std::to_string(body.size()) +
             " bytes; a run file cannot hold a text of that size");
        return;
    }
    m_stored.resize(ZSTD_compressBound(body.size()));
    const std::size_t size =
        ZSTD_compress2(m_context.get(), m_stored.data(), m_stored.size(), body.data(), body.size());
    if (ZSTD_isError(size) != 0) {
        fail("section " + std::string(tag) + " cannot be compressed: " + ZSTD_getErrorName(size));
        return;
    }
    std::string header(tag);
    appendFixed(header, static_cast<std::uint32_t>(size));
    appendFixed(header, static_cast<std::uint32_t>(body.size()));
    const std::string_view stored(m_stored.data(), size);
    appendFixed(header, checkOf(header, stored));
    put(header);
    put(stored);
    ++m_sections;
}

Result<void> SectionWriter::finish()
{
    ByteWriter body;
    body.writeUnsigned(m_sections);
    write(kEndTag, body.bytes());
    if (hasFailed()) {
        return *m_error;
    }
    return {};
}

void SectionWriter::put(std::string_view bytes)
{
    m_out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!m_out) {
        fail("the file took no more bytes");
    }
}

void SectionWriter::fail(std::string message)
{
    if (!hasFailed()) {
        m_error = Error{"Cannot write the run: " + std::move(message) + '.'};
    }
}

SectionReader::SectionReader(std::istream& in, std::uint64_t size)
    : m_in(&in)
    , m_left(size)
    , m_context(ZSTD_createDCtx())
{
    if (m_context == nullptr) {
        throw std::bad_alloc();
    }
    readHeader();
}

SectionReader::SectionReader(std::string_view sections)
    : m_memory(sections)
    , m_left(sections.size())
    , m_context(ZSTD_createDCtx())
    , m_version(kRunFileVersion)
{
    if (m_context == nullptr) {
        throw std::bad_alloc();
    }
}

SectionReader::~SectionReader() = default;

void SectionReader::readHeader()
{
    std::string header(kRunFileMagic.size() + 4, '\0');
    if (!takeBytes(header.data(), header.size()) || !header.starts_with(kRunFileMagic)) {
        failWith("it is not a Poolscope run");
        return;
    }
    const auto version = fixedAt<std::uint32_t>(header, kRunFileMagic.size());
    if (version > kRunFileVersion) {
        failWith("it was written by a newer Poolscope (format " + std::to_string(version) +
                 ", this one reads up to " + std::to_string(kRunFileVersion) + "); please update");
    } else if (version == 0) {
        failWith("it is damaged: there is no format 0");
    }
    m_version = version;
}

std::string_view SectionReader::read(SectionTag tag)
{
    if (hasFailed()) {
        return {};
    }
    m_tag = tag;
    ++m_sections;
    if (!takeHeader()) {
        fail("the file ends before it");
        return {};
    }
    const std::string header = std::exchange(m_header, {});
    const std::string_view checked = std::string_view(header).substr(0, kCheckedHeaderBytes);
    const auto storedSize = fixedAt<std::uint32_t>(header, kTagBytes);
    const auto size = fixedAt<std::uint32_t>(header, kTagBytes + 4);
    if (storedSize > m_left) {
        fail("the file ends inside it, or its size is wrong");
    } else if (m_stored.resize(storedSize); !takeBytes(m_stored.data(), storedSize)) {
        fail("it cannot be read");
    } else if (checkOf(checked, m_stored) != fixedAt<std::uint64_t>(header, kCheckedHeaderBytes)) {
        fail("its check sum is wrong");
    } else if (!header.starts_with(tag)) {
        fail("another one lies in its place");
    } else if (size > kMaxSectionBytes || size / kMostPackedRatio > storedSize) {
        fail("its size is impossible");
    } else if (!unpack(size)) {
        fail("it cannot be unpacked");
    }
    return hasFailed() ? std::string_view{} : std::string_view(m_body);
}

std::optional<std::string> SectionReader::take(std::initializer_list<SectionTag> followers)
{
    std::string taken;
    while (!hasFailed() && takeHeader()) {
        const SectionTag tag = SectionTag(m_header).substr(0, kTagBytes);
        if (!taken.empty() &&
            std::find(followers.begin(), followers.end(), tag) == followers.end()) {
            break;
        }
        const auto storedSize = fixedAt<std::uint32_t>(m_header, kTagBytes);
        if (storedSize > m_left) {
            return std::nullopt;
        }
        taken += std::exchange(m_header, {});
        taken.resize(taken.size() + storedSize);
        if (!takeBytes(taken.data() + taken.size() - storedSize, storedSize)) {
            return std::nullopt;
        }
        ++m_sections;
    }
    return taken.empty() ? std::nullopt : std::optional(std::move(taken));
}

bool SectionReader::unpack(std::size_t size)
{
    m_body.resize(size);
    return ZSTD_decompressDCtx(m_context.get(), m_body.data(), m_body.size(), m_stored.data(),
                               m_stored.size()) == size;
}

void SectionReader::readEnd()
{
    const std::uint64_t sections = m_sections;
    ByteReader body(read(kEndTag));
    if (hasFailed()) {
        return;
    }
    if (body.readUnsigned() != sections || body.hasFailed() || !body.isAtEnd()) {
        fail("sections are missing before it");
    } else if (m_left != 0) {
        fail("there are bytes behind it");
    }
}

void SectionReader::fail(const std::string& what)
{
    failWith("it is damaged: section " + std::string(m_tag) + " (number " +
             std::to_string(m_sections) + "): " + what);
}

void SectionReader::failWith(std::string message)
{
    if (!hasFailed()) {
        m_error = Error{std::move(message)};
    }
}

bool SectionReader::takeHeader()
{
    if (!m_header.empty()) {
        return true;
    }
    std::array<char, kSectionHeaderBytes> header{};
    if (!takeBytes(header.data(), header.size())) {
        return false;
    }
    m_header.assign(header.data(), header.size());
    return true;
}

bool SectionReader::takeBytes(char* bytes, std::size_t count)
{
    if (count > m_left) {
        return false;
    }
    m_left -= count;
    if (m_in == nullptr) {
        m_memory.copy(bytes, count);
        m_memory.remove_prefix(count);
        return true;
    }
    m_in->read(bytes, static_cast<std::streamsize>(count));
    return static_cast<std::size_t>(m_in->gcount()) == count;
}

} // namespace poolscope
