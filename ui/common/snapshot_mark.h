// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <memory>

namespace poolscope {

/// Remembers of which moment of which run something tells, without keeping it: whoever keeps a moment of a run that
/// goes on keeps all detail that is let go after it, however small the memory cap. Any one thread at a time.
class SnapshotMark
{
public:
    SnapshotMark() = default;
    /// \p snapshot: may be null, which is the same as a mark of nothing.
    explicit SnapshotMark(const SnapshotPtr& snapshot)
        : m_snapshot(snapshot)
    {
        if (snapshot) {
            m_meta = snapshot->meta;
            m_recorder = snapshot->recorder;
        }
    }

    /// \return whether it is that very moment. A mark of nothing is of no moment, nor is one of a moment nobody keeps.
    [[nodiscard]] bool isOf(const SnapshotPtr& snapshot) const
    {
        return snapshot && m_snapshot.lock() == snapshot;
    }
    /// \return whether it is of that or another moment of the same run.
    [[nodiscard]] bool isOfRun(const SnapshotPtr& snapshot) const
    {
        return snapshot && m_meta.lock() == snapshot->meta &&
               m_recorder.lock() == snapshot->recorder;
    }

private:
    std::weak_ptr<const Snapshot> m_snapshot;
    std::weak_ptr<const TraceMeta> m_meta;
    std::weak_ptr<const Recorder> m_recorder;
};

} // namespace poolscope
