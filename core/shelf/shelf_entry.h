// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace poolscope {

/// What the shelf knows of a run without its run file.
struct ShelfEntry
{
    qint64 id = 0; ///< on its shelf, from 1; never given again
    QString runId;
    qint64 startedUnixNs = 0;
    QString name; ///< the user's; empty: none
    QString workload; ///< id
    QString title; ///< of the workload
    QJsonObject settings; ///< params, seed, chunk, executors, recording, version
    QJsonObject machine;
    QJsonArray figures; ///< one object an executor: makespan_s, tasks_per_s, run_ms, wait_ms, …
    QString notes;
    QStringList tags;
    QString file; ///< name of the run file in the shelf's folder of runs
    qint64 fileBytes = 0;
    bool hasDetail = true; ///< the run file is there; else it was let go to save room
    bool isRemoved = false; ///< waits for RunShelf::purge(), and can be restored until then
};

/// \return what there is to know of a finished run; id, file and what the user adds are empty.
/// O(records). Any thread.
[[nodiscard]] ShelfEntry describeRun(const Snapshot& snapshot);

/// \return whether each of the \p words (parted by spaces, any case) occurs in the entry's name, notes,
/// tags or workload. True for none.
[[nodiscard]] bool matchesWords(const ShelfEntry& entry, const QString& words);

} // namespace poolscope
