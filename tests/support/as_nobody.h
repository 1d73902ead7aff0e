// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace poolscope::test {

/// Makes the whole process nobody for a while, when it is root: to root no file is read-only.
class AsNobody
{
public:
    AsNobody()
        : m_wasRoot(::geteuid() == 0 && ::setresuid(kNobody, kNobody, 0) == 0)
    {}
    ~AsNobody()
    {
        if (m_wasRoot && ::setresuid(0, 0, 0) != 0) {
            std::abort();
        }
    }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;

private:
    static constexpr uid_t kNobody = 65534;
    bool m_wasRoot;
};

} // namespace poolscope::test
