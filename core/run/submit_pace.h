// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>

namespace poolscope {

/// Says how many tasks are due when one is submitted every so often. One thread.
class SubmitPace
{
public:
    /// \p gapNs from one task to the next; 0: all are due at once.
    explicit SubmitPace(Nanos gapNs);

    /// Waits until a task is due, at most a twentieth of a second, which is when the caller looks whether
    /// anybody still wants them.
    /// \return how many are due, at most \p most, each once.
    [[nodiscard]] std::uint64_t waitForDue(std::uint64_t most);

private:
    Nanos m_gapNs;
    Nanos m_startNs;
    std::uint64_t m_given = 0;
};

} // namespace poolscope
