// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

/// Is told when tasks on a thread wait for something outside and need no processor meanwhile.
class WaitHooks
{
public:
    virtual void beginWait() noexcept = 0;
    virtual void endWait() noexcept = 0;
    /// The task is at a place where another one may go on instead.
    virtual void offerSwitch() noexcept = 0;

protected:
    ~WaitHooks() = default;
};

/// The calling thread's, or null. To be set by who runs tasks.
[[nodiscard]] WaitHooks* waitHooks() noexcept;
/// \return the ones before.
WaitHooks* setWaitHooks(WaitHooks* hooks) noexcept;

/// The task on this thread waits for as long as this lives: for a time, a lock, a file, another process.
class DeclaredWait
{
public:
    DeclaredWait() noexcept
        : m_hooks(waitHooks())
    {
        if (m_hooks != nullptr) {
            m_hooks->beginWait();
        }
    }
    ~DeclaredWait()
    {
        if (m_hooks != nullptr) {
            m_hooks->endWait();
        }
    }
    DeclaredWait(const DeclaredWait&) = delete;
    DeclaredWait& operator=(const DeclaredWait&) = delete;

private:
    WaitHooks* const m_hooks;
};

} // namespace poolscope
