// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <algorithm>

namespace poolscope {

/// Whether a worker that found nothing to do keeps looking for a while before it sleeps. It does when
/// the next task has mostly come sooner than a wake-up would take; else it sleeps at once, so that an
/// idle pool burns nothing. Of one worker.
class SpinPolicy
{
public:
    /// About what waking a sleeping thread costs on a virtual machine; elsewhere it is less.
    static constexpr Nanos kMostSpin = 60 * kNanosPerMicro;

    /// Nothing to do since \p idleSinceNs. \return whether to look again rather than sleep.
    [[nodiscard]] bool maySpin(Nanos idleSinceNs, Nanos nowNs) const noexcept
    {
        return m_usualGapNs < kMostSpin && nowNs - idleSinceNs < kMostSpin;
    }
    /// Something came after \p gapNs of nothing.
    void foundAfter(Nanos gapNs) noexcept
    {
        // One long rest must not outweigh many short gaps, and a few short ones must show.
        m_usualGapNs += (std::min(gapNs, 4 * kMostSpin) - m_usualGapNs) / 4;
    }

private:
    Nanos m_usualGapNs = 4 * kMostSpin; ///< smoothed
};

} // namespace poolscope
