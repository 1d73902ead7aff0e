// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_facts.h"

#include "core/analysis/run_summary.h"
#include "ui/common/format.h"
#include "ui/common/recording_text.h"
#include "ui/figure/figure_provenance.h"
#include "ui/figure/figure_threads.h"
#include "ui/figure/figure_words.h"
#include "ui/timeline/lane_facts.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <thread>

namespace poolscope {

namespace {

using figure::fromStd;
using figure::tr;

bool isWhole(const Snapshot& snapshot, TimeRange range)
{
    return range.beginNs <= 0 && range.endNs >= snapshot.nowNs;
}

/// \return the figures of each executor that has a lane.
std::vector<RunSummary> summariesOf(const Snapshot& snapshot, TimeRange range)
{
    std::vector<RunSummary> summaries;
    for (int executor = 0; executor < static_cast<int>(snapshot.meta->executors.size());
         ++executor) {
        if (std::ranges::any_of(snapshot.lanes, [executor](const LaneView& lane) {
                return lane.info().executor == executor;
            })) {
            summaries.push_back(isWhole(snapshot, range)
                                    ? summariseRun(snapshot, executor)
                                    : summariseRange(snapshot, executor, range));
        }
    }
    return summaries;
}

QString three(const Percentiles& p)
{
    return QStringLiteral("%1 / %2 / %3")
        .arg(formatDuration(p.p50Ns), formatDuration(p.p95Ns), formatDuration(p.p99Ns));
}

bool wasResized(const Snapshot& snapshot, int executor)
{
    return snapshot.controlEvents &&
           std::ranges::any_of(*snapshot.controlEvents, [executor](const ControlEvent& event) {
               return event.kind == ControlKind::Resize && event.executor == executor;
           });
}

/// \return the makespan with one worker, when an executor of this run had just one; 0: not known.
Nanos serialNs(const Snapshot& snapshot, const std::vector<RunSummary>& summaries)
{
    for (const RunSummary& sum : summaries) {
        const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(sum.executor)];
        if (meta.workers == 1 && !wasResized(snapshot, sum.executor) &&
            sum.done == snapshot.meta->plan->taskCount) {
            return sum.makespanNs;
        }
    }
    return 0;
}

std::vector<FigureNumbers> numbersOf(const Snapshot& snapshot,
                                     const std::vector<RunSummary>& summaries, bool whole,
                                     bool hasAllLanes)
{
    const Nanos serial = whole && hasAllLanes ? serialNs(snapshot, summaries) : 0;
    std::vector<FigureNumbers> numbers;
    for (const RunSummary& sum : summaries) {
        FigureNumbers row{
            groupTitle(snapshot, sum.executor),
            {{tr("n"), formatCount(sum.tasks)},
             {whole ? tr("makespan") : tr("range"), formatDuration(sum.makespanNs)},
             {tr("tasks/s"), formatRate(sum.tasksPerSecond).remove(QStringLiteral("/s"))},
             {tr("utilisation"), formatShare(sum.utilisation)}}};
        if (serial > 0 && summaries.size() > 1 && sum.makespanNs > 0) {
            row.values.emplace_back(
                tr("speed-up"),
                QStringLiteral("× %1").arg(QLocale().toString(
                    static_cast<double>(serial) / static_cast<double>(sum.makespanNs), 'f', 2)));
        }
        row.values.emplace_back(tr("run p50 / p95 / p99"), three(sum.run));
        row.values.emplace_back(tr("wait p50 / p95 / p99"), three(sum.wait));
        numbers.push_back(std::move(row));
    }
    return numbers;
}

QString subtitleOf(const TraceMeta& meta, const Snapshot& run)
{
    return tr("%1, chunk %2, %3 tasks of %4")
        .arg(poolsText(run))
        .arg(meta.chunk)
        .arg(formatCount(meta.plan->taskCount), fromStd(meta.workloadId).replace(u'_', u' '));
}

QString footnoteOf(const Snapshot& snapshot, const FigureCensus& census, MergeRule rule,
                   bool isCollapsed)
{
    QStringList notes;
    if (isCollapsed) {
        notes += tr("A row of all workers is as high as the share of them that was busy.");
    }
    if (census.merged > 0) {
        notes += tr("%1 tasks under %2 merged (%3 pt); failures among them keep their mark.")
                     .arg(formatCount(census.merged), formatDuration(rule.belowNs),
                          QLocale().toString(rule.belowPt, 'f', 2));
    }
    if (snapshot.droppedEvents > 0) {
        notes += tr("%1 tasks could not be recorded and are missing.")
                     .arg(formatCount(snapshot.droppedEvents));
    }
    if (const QString gone = goneSentence(snapshot); !gone.isEmpty()) {
        notes += gone;
    }
    return notes.join(u' ');
}

/// The one thing to know of the picture.
QString findingOf(const Snapshot& snapshot, const std::vector<RunSummary>& summaries)
{
    if (summaries.size() > 1) {
        const auto [fast, slow] =
            std::ranges::minmax_element(summaries, {}, &RunSummary::makespanNs);
        if (fast->makespanNs > 0 && slow->makespanNs > fast->makespanNs) {
            return tr("%1 ended first: %2 against %3 of %4.")
                .arg(groupTitle(snapshot, fast->executor), formatDuration(fast->makespanNs),
                     formatDuration(slow->makespanNs), groupTitle(snapshot, slow->executor));
        }
    }
    std::uint64_t bad = 0;
    for (const RunSummary& sum : summaries) {
        bad += sum.failed + sum.timedOut + sum.lost;
    }
    if (bad > 0) {
        return bad == 1 ? tr("One task did not end well.")
                        : tr("%1 tasks did not end well.").arg(formatCount(bad));
    }
    if (summaries.empty() || summaries.front().tasks == 0) {
        return tr("No task ended.");
    }
    const RunSummary& sum = summaries.front();
    if (sum.utilisation < 0.6) {
        return tr("The workers were idle for %1 of the time.")
            .arg(formatShare(1 - sum.utilisation));
    }
    return sum.wait.p50Ns > sum.run.p50Ns
               ? tr("Half of the tasks waited longer in the queue than half of them ran.")
               : tr("The workers were busy for %1 of the time.").arg(formatShare(sum.utilisation));
}

/// What, how many, and what came of it.
QString altTextOf(const FigureFacts& facts, const Snapshot& snapshot,
                  const std::vector<RunSummary>& summaries, TimeRange range)
{
    QStringList sentences{tr("Timeline “%1”, from %2 to %3: %4.")
                              .arg(facts.title, formatDuration(range.beginNs),
                                   formatDuration(range.endNs), facts.subtitle)};
    for (const RunSummary& sum : summaries) {
        const auto lanes = std::ranges::count_if(snapshot.lanes, [&sum](const LaneView& lane) {
            return lane.info().executor == sum.executor && lane.info().kind != LaneKind::Queue;
        });
        sentences += tr("%1: %2 lanes, %3 tasks (%4), workers busy %5, run time p50 "
                        "%6 and p99 %7, %8 failed, %9 attempts lost.")
                         .arg(groupTitle(snapshot, sum.executor),
                              formatCount(static_cast<quint64>(lanes)), formatCount(sum.tasks),
                              formatRate(sum.tasksPerSecond), formatShare(sum.utilisation),
                              formatDuration(sum.run.p50Ns), formatDuration(sum.run.p99Ns),
                              formatCount(sum.failed), formatCount(sum.lostAttempts));
    }
    sentences += findingOf(snapshot, summaries);
    return sentences.join(u' ');
}

QString captionOf(const FigureFacts& facts, const FigureOptions& options)
{
    QStringList keys;
    for (const LegendEntry& entry : facts.legend.entries) {
        keys += entry.text;
    }
    QString caption =
        options.panel.isEmpty() ? QString() : u'(' + options.panel + QStringLiteral(") ");
    caption +=
        tr("%1. %2. Each row is a worker, with the share of its time it was busy; each bar is a "
           "task from begin to end; the line below a bar shows how long its task had waited in "
           "the queue. Colours and marks, with share of the time shown: %3.")
            .arg(facts.title, facts.subtitle, keys.join(QStringLiteral("; ")));
    if (!facts.footnote.isEmpty()) {
        caption += u' ' + facts.footnote;
    }
    return caption + u' ' + facts.provenance + u'.';
}

} // namespace

TimeRange rangeOf(const Snapshot& snapshot, const FigureOptions& options)
{
    const TimeRange range = options.range.value_or(TimeRange{0, snapshot.nowNs});
    return {range.beginNs, std::max(range.endNs, range.beginNs + 1)};
}

FigureFacts figureFacts(const Snapshot& snapshot, const Snapshot& run, const FigureOptions& options,
                        TimeRange range, MergeRule rule)
{
    // Both read all records; neither needs the other.
    const ColorMode mode = effectiveMode(options.colorBy, snapshot);
    std::vector<RunSummary> summaries;
    FigureCensus census;
    {
        const auto count = [&] {
            census = takeCensus(snapshot, range, rule, mode, options.collapsed);
        };
        const std::jthread counting = inBackground(count);
        summaries = summariesOf(snapshot, range);
    }

    FigureFacts facts;
    facts.title = options.title.isEmpty() ? fromStd(run.meta->title) : options.title;
    facts.subtitle = subtitleOf(*run.meta, run);
    facts.legend = legendOf(snapshot, census, options.mostNames, mode);
    facts.footnote = footnoteOf(snapshot, census, rule, !options.collapsed.empty());
    facts.numbers = numbersOf(snapshot, summaries, isWhole(snapshot, range), options.lanes.isAll());
    facts.provenance = provenanceLine(run, options);
    facts.altText = altTextOf(facts, snapshot, summaries, range);
    facts.caption = captionOf(facts, options);
    facts.metadata = provenanceOf(run, options, range);
    facts.metadata.insert(facts.metadata.begin(), {QStringLiteral("Title"), facts.title});
    return facts;
}

} // namespace poolscope
