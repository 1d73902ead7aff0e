// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/spawn_child.h"

#include "core/base/unique_fd.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace poolscope {

namespace {

/// \return a copy of \p fd above every number the child uses, so that moving one descriptor to its
/// place there cannot overwrite another.
UniqueFd lifted(int fd)
{
    constexpr int kAboveChildFds = 16;
    return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, kAboveChildFds));
}

class SpawnActions
{
public:
    SpawnActions(const std::vector<UniqueFd>& fds, int outputFd)
    {
        ::posix_spawn_file_actions_init(&m_actions);
        ::posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (outputFd >= 0) {
            ::posix_spawn_file_actions_adddup2(&m_actions, outputFd, STDERR_FILENO);
        }
        ::posix_spawn_file_actions_adddup2(&m_actions, STDERR_FILENO, STDOUT_FILENO);
        int place = STDERR_FILENO + 1;
        for (const UniqueFd& fd : fds) {
            ::posix_spawn_file_actions_adddup2(&m_actions, fd.get(), place++);
        }
        ::posix_spawn_file_actions_addclosefrom_np(&m_actions, place);
    }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&m_actions); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions{};
};

class SpawnAttributes
{
public:
    SpawnAttributes()
    {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_init(&m_attributes);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                      POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&m_attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    [[nodiscard]] const posix_spawnattr_t* get() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes{};
};

} // namespace

int spawnChild(const SpawnSetup& setup, pid_t& processId)
{
    std::vector<UniqueFd> fds;
    for (const int fd : setup.fds) {
        fds.push_back(lifted(fd));
        if (!fds.back().isOpen()) {
            return errno;
        }
    }
    const UniqueFd output = setup.outputFd >= 0 ? lifted(setup.outputFd) : UniqueFd();
    if (setup.outputFd >= 0 && !output.isOpen()) {
        return errno;
    }
    std::vector<std::string> texts = setup.arguments;
    std::vector<char*> arguments;
    for (std::string& text : texts) {
        arguments.push_back(text.data());
    }
    arguments.push_back(nullptr);
    const SpawnActions actions(fds, output.get());
    const SpawnAttributes attributes;
    return ::posix_spawn(&processId, setup.program.c_str(), actions.get(), attributes.get(),
                         arguments.data(), ::environ);
}

} // namespace poolscope
