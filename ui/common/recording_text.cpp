// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/recording_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>

#include <cmath>

namespace poolscope {

namespace {

struct Recording
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::Recording)
};

QString nanosText(double nanos)
{
    return formatDuration(std::llround(nanos));
}

QString costSentence(const RecordingFacts& recording)
{
    if (recording.recordNs <= 0) {
        return Recording::tr("What recording took from each task was not timed.");
    }
    const QString parts = Recording::tr("a look at the clock %1, the record %2")
                              .arg(nanosText(recording.clockNs), nanosText(recording.recordNs));
    return Recording::tr("Recording took about %1 of each task, timed at the start: %2.")
        .arg(nanosText(recording.perTaskNs()),
             recording.level == CostLevel::Wall
                 ? parts
                 : Recording::tr("%1, what it cost %2").arg(parts, nanosText(recording.costNs)));
}

QString levelSentence(const RecordingFacts& recording)
{
    if (recording.level == CostLevel::Wall) {
        return Recording::tr("What tasks cost was not measured (level off).");
    }
    if (!recording.gap.empty()) {
        return Recording::tr("What tasks cost was measured (level totals), but %1.")
            .arg(QString::fromStdString(recording.gap));
    }
    return Recording::tr("What tasks cost was measured (level totals).");
}

} // namespace

QString recordingBrief(const RecordingFacts& recording)
{
    return recording.recordNs <= 0
               ? QString()
               : Recording::tr("Recording: %1 a task").arg(nanosText(recording.perTaskNs()));
}

QStringList recordingSentences(const Snapshot& snapshot)
{
    const TraceMeta& meta = *snapshot.meta;
    return {costSentence(meta.recording), levelSentence(meta.recording),
            Recording::tr("Clock: %1.").arg(QString::fromStdString(meta.machine.clock)),
            snapshot.droppedEvents == 0 ? Recording::tr("Nothing was dropped.")
                                        : Recording::tr("%1 events could not be recorded.")
                                              .arg(formatCount(snapshot.droppedEvents))};
}

QString costShares(double cpu, double runQueue, double blocked, bool hasRunQueue)
{
    const QString onProcessor = Recording::tr("%1 on a processor").arg(formatShare(cpu));
    return hasRunQueue ? Recording::tr("%1, %2 waiting for one, %3 blocked")
                             .arg(onProcessor, formatShare(runQueue), formatShare(blocked))
                       : onProcessor;
}

} // namespace poolscope
