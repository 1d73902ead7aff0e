// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/recording_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>
#include <QLocale>

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
    QStringList sentences{
        costSentence(meta.recording), levelSentence(meta.recording),
        Recording::tr("Clock: %1.").arg(QString::fromStdString(meta.machine.clock)),
        snapshot.droppedEvents == 0 ? Recording::tr("Nothing was dropped.")
                                    : Recording::tr("%1 events could not be recorded.")
                                          .arg(formatCount(snapshot.droppedEvents))};
    if (const QString gone = goneSentence(snapshot); !gone.isEmpty()) {
        sentences += gone;
    }
    return sentences;
}

QString goneSentence(const Snapshot& snapshot)
{
    const std::optional<Nanos> sinceNs = detailSince(snapshot);
    if (!sinceNs) {
        return {};
    }
    const std::uint64_t cap = snapshot.meta->recording.memoryCapBytes;
    return Recording::tr(
               "Detail before %1 is gone: the trace reached its memory cap of %2. Of %3 attempts "
               "only sums and summaries stay; of %4 there is everything.")
        .arg(formatDuration(*sinceNs), QLocale().formattedDataSize(static_cast<qint64>(cap)),
             formatCount(letGoOf(snapshot).records), formatCount(snapshot.keptCount()));
}

QString goneBrief(const Snapshot& snapshot)
{
    const std::optional<Nanos> sinceNs = detailSince(snapshot);
    return sinceNs ? Recording::tr("Detail from %1 on").arg(formatDuration(*sinceNs)) : QString();
}

QString goneNote(const Snapshot& snapshot, int executor)
{
    const std::optional<Nanos> sinceNs = detailSince(snapshot, executor);
    return sinceNs ? Recording::tr(
                         "Of tasks that ended after %1: earlier ones have no detail any more.")
                         .arg(formatDuration(*sinceNs))
                   : QString();
}

QString costShares(double cpu, double runQueue, double blocked, bool hasRunQueue)
{
    const QString onProcessor = Recording::tr("%1 on a processor").arg(formatShare(cpu));
    return hasRunQueue ? Recording::tr("%1, %2 waiting for one, %3 blocked")
                             .arg(onProcessor, formatShare(runQueue), formatShare(blocked))
                       : onProcessor;
}

} // namespace poolscope
