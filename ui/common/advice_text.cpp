// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/advice_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>

#include <array>

namespace poolscope {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Advice", text);
}

struct LaneTimeText
{
    const char* name;
    const char* meaning;
};

constexpr std::array<LaneTimeText, kLaneTimeCount> kLaneTimes{{
    {QT_TRANSLATE_NOOP("poolscope::Advice", "useful"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "ran tasks that ended as done")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "blocked"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "ran tasks that waited for something")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "preempted"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "ran tasks that had no processor")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "wasted"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "ran attempts that failed, timed out or were lost")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "start-up"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "was starting while a task waited")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "starved"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "no task was submitted yet")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "serial"),
     QT_TRANSLATE_NOOP("poolscope::Advice",
                       "no task was submitted yet, and at most one worker had one")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "hand-over"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "a task or a result was on its way")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "paused"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "the run was paused")},
    {QT_TRANSLATE_NOOP("poolscope::Advice", "tail"),
     QT_TRANSLATE_NOOP("poolscope::Advice", "no task was left while others still ran")},
}};

QString tailText(const Advice& advice, const Diagnosis& diagnosis)
{
    const Tail& tail = diagnosis.tail;
    return tr("The tail costs %1 of the makespan: task %2 (%3) was the last to end, %4 after the "
              "time "
              "at which evenly spread work had been done. Smaller tasks at the end, or the longest "
              "ones "
              "first, shorten it.")
        .arg(formatShare(advice.share), formatCount(advice.task), formatDuration(advice.ns),
             formatDuration(tail.costNs()));
}

} // namespace

QString laneTimeName(LaneTime use)
{
    return tr(kLaneTimes[static_cast<std::size_t>(use)].name);
}

QString laneTimeMeaning(LaneTime use)
{
    return tr(kLaneTimes[static_cast<std::size_t>(use)].meaning);
}

QString adviceText(const Advice& advice, const Diagnosis& diagnosis)
{
    const QString share = formatShare(advice.share);
    using Kind = Advice::Kind;
    switch (advice.kind) {
    case Kind::FewerTasksInTail:
        return tailText(advice, diagnosis);
    case Kind::LongestFirst:
        return tr("Longest tasks first: the same tasks had taken %1 instead of %2, %3 less "
                  "(replayed "
                  "from their recorded times).")
            .arg(formatDuration(advice.ns), formatDuration(diagnosis.replayedNs), share);
    case Kind::LargerChunk:
        return tr("Hand-over takes %1 of the workers' time, %2 a chunk: a chunk of %3 tasks brings "
                  "it "
                  "to about 5 %.")
            .arg(share, formatDuration(advice.ns), formatCount(advice.number));
    case Kind::LargerTasks:
        return tr("Hand-over takes %1 of the workers' time, and a task runs for %2 on average: "
                  "they are "
                  "too small for this pool, give each more to do.")
            .arg(share, formatDuration(advice.ns));
    case Kind::SubmitFaster:
        return tr("For %1 of their time workers waited for tasks that were not submitted yet: the "
                  "source of the tasks is too slow for so many workers.")
            .arg(share);
    case Kind::ShortenSerialPart:
        return tr("For %1 of the workers' time at most one of them had a task and no other was "
                  "submitted: that part of the job is serial, more workers do not shorten it.")
            .arg(share);
    case Kind::StartWorkersEarlier:
        return tr("Starting up takes %1 of the workers' time: keep the workers for a longer job, "
                  "or "
                  "use fewer.")
            .arg(share);
    case Kind::FixFailures:
        return tr("%1 of the workers' time went into attempts that came to nothing.").arg(share);
    case Kind::WasPaused:
        return tr("For %1 of the workers' time the run was paused.").arg(share);
    case Kind::MoreWorkers:
        return tr("The workers did useful work %1 of the time and %2 processors may be used: more "
                  "workers are worth a try.")
            .arg(share, formatCount(advice.number));
    case Kind::TasksWait:
        return tr("Tasks waited for something %1 of the workers' time and left the processors to "
                  "others: "
                  "%2 workers would keep them busy, if what they wait for serves more at once.")
            .arg(share, formatCount(advice.number));
    case Kind::LockContention:
        return tr("Tasks waited for each other %1 of the workers' time (%2 at “%3”): more workers "
                  "would "
                  "wait more. Hold it shorter, or share less.")
            .arg(share, formatDuration(advice.ns), QString::fromStdString(advice.what));
    case Kind::FewerWorkers:
        return tr("For %1 of their time workers waited for a processor: %2 workers on %3 "
                  "processors only "
                  "take turns, and each task takes longer.")
            .arg(share, formatCount(static_cast<quint64>(diagnosis.workers)),
                 formatCount(advice.number));
    case Kind::OthersCompute:
        return tr("For %1 of the workers' time a task could have run but had no processor: "
                  "something else "
                  "computes on this machine, perhaps another executor of this run.")
            .arg(share);
    case Kind::NothingHoldsItBack:
        return tr("The workers did useful work %1 of the time: nothing in the pool holds the job "
                  "back.")
            .arg(share);
    }
    return {};
}

} // namespace poolscope
