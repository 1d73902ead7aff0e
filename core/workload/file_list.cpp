// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/file_list.h"

#include <dirent.h>
#include <sys/stat.h>
#include <system_error>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string_view>
#include <utility>

namespace poolscope {
namespace {

Error cannotRead(const std::string& path, int number)
{
    return Error{"cannot read " + path + ": " + std::generic_category().message(number)};
}

struct CloseDir
{
    void operator()(DIR* dir) const { ::closedir(dir); }
};

enum class EntryKind : std::uint8_t { File, Folder, Other };

EntryKind kindOfMode(mode_t mode)
{
    if (S_ISREG(mode)) {
        return EntryKind::File;
    }
    return S_ISDIR(mode) ? EntryKind::Folder : EntryKind::Other;
}

/// \return what the entry of a folder counts as.
EntryKind entryKind(const std::string& path, unsigned char type)
{
    if (type == DT_REG || type == DT_DIR) {
        return type == DT_REG ? EntryKind::File : EntryKind::Folder;
    }
    struct stat own
    {};
    if (::lstat(path.c_str(), &own) != 0) {
        return EntryKind::File; // to be opened in vain, with the reason
    }
    if (!S_ISLNK(own.st_mode)) {
        return kindOfMode(own.st_mode);
    }
    struct stat target
    {};
    if (::stat(path.c_str(), &target) != 0) {
        return EntryKind::File;
    }
    // Following links to folders could go round for ever or hash a file twice.
    return S_ISREG(target.st_mode) ? EntryKind::File : EntryKind::Other;
}

/// Walks folders depth first without recursion, so that depth costs no stack.
class Walk
{
public:
    explicit Walk(std::vector<std::string>& files)
        : m_files(files)
    {}

    void addBelow(const std::string& folder)
    {
        m_folders.push_back(folder);
        while (!m_folders.empty()) {
            const std::string next = std::move(m_folders.back());
            m_folders.pop_back();
            addEntries(next);
        }
    }

private:
    void addEntries(const std::string& folder)
    {
        const std::unique_ptr<DIR, CloseDir> dir(::opendir(folder.c_str()));
        if (!dir) {
            m_files.push_back(folder);
            return;
        }
        errno = 0;
        // The stream is ours alone, which makes readdir() safe.
        while (const dirent* entry = ::readdir(dir.get())) { // NOLINT(concurrency-mt-unsafe)
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") {
                addEntry(folder + (folder.ends_with('/') ? "" : "/") + entry->d_name,
                         entry->d_type);
            }
            errno = 0; // an end and an error look alike but for it
        }
        if (errno != 0) {
            m_files.push_back(folder);
        }
    }

    void addEntry(std::string path, unsigned char type)
    {
        switch (entryKind(path, type)) {
        case EntryKind::File:
            m_files.push_back(std::move(path));
            break;
        case EntryKind::Folder:
            m_folders.push_back(std::move(path));
            break;
        case EntryKind::Other:
            break;
        }
    }

    std::vector<std::string>& m_files;
    std::vector<std::string> m_folders;
};

} // namespace

Result<std::vector<std::string>> findFiles(const std::vector<std::string>& paths)
{
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        struct stat status
        {};
        if (::stat(path.c_str(), &status) != 0) {
            return cannotRead(path, errno);
        }
        switch (kindOfMode(status.st_mode)) {
        case EntryKind::File:
            files.push_back(path);
            break;
        case EntryKind::Folder:
            Walk(files).addBelow(path);
            break;
        case EntryKind::Other:
            return Error{"cannot read " + path + ": it is neither a file nor a folder"};
        }
    }
    return files;
}

Result<std::vector<std::string>> readFileLists(const std::vector<std::string>& listFiles)
{
    std::vector<std::string> files;
    for (const std::string& listFile : listFiles) {
        errno = 0;
        std::ifstream in(listFile, std::ios::binary);
        for (std::string line; std::getline(in, line);) {
            if (line.find('\0') != std::string::npos) {
                return Error{listFile + " is not a list of files: it holds a zero byte"};
            }
            if (!line.empty()) {
                files.push_back(std::move(line));
            }
        }
        if (!in.is_open() || in.bad()) {
            return cannotRead(listFile, errno != 0 ? errno : EIO);
        }
    }
    return files;
}

std::string fileSuffix(const std::string& path)
{
    constexpr std::size_t kLongest = 12;
    const std::string name = path.substr(path.find_last_of('/') + 1);
    const std::size_t dot = name.find_last_of('.');
    if (dot == std::string::npos || dot == 0 || name.size() - dot - 1 > kLongest) {
        return {};
    }
    std::string suffix = name.substr(dot + 1);
    for (char& letter : suffix) {
        if (letter >= 'A' && letter <= 'Z') {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
        const bool isUsual = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        if (!isUsual) {
            return {};
        }
    }
    return suffix;
}

} // namespace poolscope
