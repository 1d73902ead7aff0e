// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/replace_file.h"

#include "core/base/unique_fd.h"
#include "core/io/fd_stream.h"
#include "core/io/file_format.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <ostream>

namespace poolscope {

namespace {

constexpr int kMaxLinks = 40; // as the kernel's own limit
constexpr int kMaxNameTries = 100;
constexpr mode_t kPermissionBits = 07777;

Error failure(const std::string& tried, const std::string& path, int errorNumber)
{
    // Not strerror(): several threads may write files.
    return Error{"Cannot " + tried + " \"" + path +
                 "\": " + std::generic_category().message(errorNumber) + '.'};
}

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// \return where the link \p path leads, link by link; \p path itself when it is none. The last one
/// need not exist. Error: a circle.
Result<std::string> followLinks(std::string path)
{
    const std::string asked = path;
    for (int links = 0; links < kMaxLinks; ++links) {
        std::array<char, 4096> target;
        const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
        if (length < 0) {
            return path; // not a link; whatever else is wrong shows when it is opened
        }
        const std::string next(target.data(), static_cast<std::size_t>(length));
        path = next.starts_with('/') ? next : folderOf(path) + '/' + next;
    }
    return failure("write", asked, ELOOP);
}

/// Renders into an open descriptor. Error: what the system said goes before what \p write said.
Result<void> render(int fd, const std::string& path, const FileContent& write)
{
    FdStreamBuf buffer(fd);
    std::ostream out(&buffer);
    const Result<void> written = write(out);
    if (!buffer.flush()) {
        return failure("write", path, buffer.errorNumber());
    }
    if (written && !out) {
        return Error{"Cannot write \"" + path + "\": its content could not be made."};
    }
    return written;
}

Result<void> writeDirectly(const std::string& path, const FileContent& write)
{
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd.isOpen()) {
        return failure("open", path, errno);
    }
    return render(fd.get(), path, write);
}

/// A file of its own name beside the one it is to replace; gone with this object unless it was
/// put in place.
class TemporaryFile
{
public:
    explicit TemporaryFile(std::string target)
        : m_target(std::move(target))
    {}
    ~TemporaryFile()
    {
        if (!m_path.empty()) {
            ::unlink(m_path.c_str());
        }
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    /// \p older: the file to be replaced, or nullptr.
    Result<void> open(const struct stat* older);
    Result<void> fill(const FileContent& write);
    Result<void> putInPlace();

private:
    std::string m_target;
    std::string m_path;
    UniqueFd m_fd;
};

Result<void> TemporaryFile::open(const struct stat* older)
{
    static std::atomic<unsigned> counter{0};
    // A new file gets what the umask leaves, a replacement stays private until it has its owner.
    const mode_t mode = older == nullptr ? 0666 : 0600;
    for (int tries = 0; tries < kMaxNameTries && !m_fd.isOpen(); ++tries) {
        std::string path = folderOf(m_target) + "/.poolscope-" + std::to_string(::getpid()) + '-' +
                           std::to_string(counter.fetch_add(1, std::memory_order_relaxed)) + ".tmp";
        m_fd = UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        if (m_fd.isOpen()) {
            m_path = std::move(path);
        } else if (errno != EEXIST) {
            break;
        }
    }
    if (!m_fd.isOpen()) {
        return failure("create a file for", m_target, errno);
    }
    if (older != nullptr) {
        // Only a privileged user can keep another owner; for everybody else the file becomes theirs.
        const int owned = ::fchown(m_fd.get(), older->st_uid, older->st_gid);
        static_cast<void>(owned);
        if (::fchmod(m_fd.get(), older->st_mode & kPermissionBits) != 0) {
            return failure("keep the permissions of", m_target, errno);
        }
    }
    return {};
}

Result<void> TemporaryFile::fill(const FileContent& write)
{
    if (Result<void> rendered = render(m_fd.get(), m_target, write); !rendered) {
        return rendered;
    }
    // Some file systems find out here, or only in close(), that there is no room.
    if (::fsync(m_fd.get()) != 0) {
        return failure("write", m_target, errno);
    }
    if (::close(m_fd.release()) != 0) {
        return failure("write", m_target, errno);
    }
    return {};
}

Result<void> TemporaryFile::putInPlace()
{
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) {
        return failure("replace", m_target, errno);
    }
    m_path.clear();
    // Makes the new name outlive a power cut. It is in place already, so a refusal is no failure.
    const UniqueFd folder(::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.isOpen()) {
        ::fsync(folder.get());
    }
    return {};
}

} // namespace

Result<void> replaceFileWith(const std::string& path, const FileContent& write)
{
    if (path.empty() || path.ends_with('/') || path.find('\0') != std::string::npos) {
        return Error{"Cannot write \"" + path + "\": this is not the name of a file."};
    }
    const Result<std::string> followed = followLinks(path);
    if (!followed) {
        return followed.error();
    }
    const std::string& target = followed.value();
    struct stat older
    {};
    const bool exists = ::stat(target.c_str(), &older) == 0;
    if (!exists && errno == ENOENT && ::access(folderOf(target).c_str(), F_OK) != 0) {
        return failure("write \"" + path + "\", there is no folder", folderOf(target), errno);
    }
    if (!exists && errno != ENOENT) {
        return failure("write", path, errno);
    }
    if (exists && S_ISDIR(older.st_mode)) {
        return Error{"Cannot write \"" + path + "\": it is a folder."};
    }
    if (exists && !S_ISREG(older.st_mode)) {
        return writeDirectly(target, write);
    }
    // Renaming would get around the write protection of a file.
    if (exists && ::access(target.c_str(), W_OK) != 0) {
        return failure("write", path, errno);
    }

    TemporaryFile file(target);
    if (Result<void> opened = file.open(exists ? &older : nullptr); !opened) {
        return opened;
    }
    if (Result<void> filled = file.fill(write); !filled) {
        return filled;
    }
    return file.putInPlace();
}

Result<void> replaceFile(const std::string& path, std::string_view bytes)
{
    return replaceFileWith(path, [bytes](std::ostream& out) -> Result<void> {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return {};
    });
}

} // namespace poolscope
