// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_scene.h"

#include "ui/common/format.h"
#include "ui/figure/figure_size.h"
#include "ui/figure/figure_theme.h"
#include "ui/figure/figure_words.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/lane_layout.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

using figure::tr;

constexpr double kBracket = 6; // left of the labels

QString longLabel(const LaneView& lane, Nanos timeNs)
{
    const LaneLife* life = lane.lifeAt(timeNs);
    const bool isProcess = lane.info().kind == LaneKind::Process;
    const std::int32_t id = life == nullptr ? 0 : isProcess ? life->processId : life->threadId;
    const QString worker = tr("worker %1").arg(lane.info().index);
    if (id <= 0) {
        return isProcess ? tr("Process / %1").arg(worker) : tr("Thread / %1").arg(worker);
    }
    // Others lived on the lane before.
    const auto before = std::ranges::count_if(
        livesOf(lane), [life](const LaneLife& other) { return other.openedNs < life->openedNs; });
    const QString ids =
        before > 0 ? QStringLiteral("%1 +%2").arg(id).arg(before) : QString::number(id);
    return (isProcess ? tr("Process %1 / %2") : tr("Thread %1 / %2")).arg(ids, worker);
}

void putInOrder(Snapshot& snapshot, LaneOrder order)
{
    std::vector<LaneView> lanes;
    lanes.reserve(snapshot.lanes.size());
    for (const int lane : orderedLanes(snapshot, order)) {
        lanes.push_back(std::move(snapshot.lanes[static_cast<std::size_t>(lane)]));
    }
    snapshot.lanes = std::move(lanes);
}

/// \return a duration of one digit and zeros, e.g. "20 ms".
QString roundDuration(Nanos ns)
{
    for (const auto& [unit, name] :
         {std::pair{kNanosPerSecond, "s"}, std::pair{kNanosPerMilli, "ms"},
          std::pair{kNanosPerMicro, "µs"}}) {
        if (ns >= unit) {
            return QLocale().toString(qlonglong{ns / unit}) + u' ' + QString::fromUtf8(name);
        }
    }
    return QLocale().toString(qlonglong{ns}) + QStringLiteral(" ns");
}

} // namespace

FigureScene::FigureScene(const Snapshot& run, const FigureOptions& wanted)
    : options(wanted)
    , snapshot(withLanes(run, wanted.lanes))
    , unitPt(wanted.fontPt / 8)
    , range(rangeOf(run, wanted))
    , style(themeOf(wanted.theme), fonts.text)
    , width(wanted.widthMm / kMmPerInch * kPointsPerInch / unitPt)
{
    workers.assign(run.meta->executors.size(), 0);
    for (const LaneView& lane : run.lanes) {
        workers[static_cast<std::size_t>(lane.info().executor)] +=
            lane.info().kind == LaneKind::Queue ? 0 : 1;
    }
    std::erase_if(snapshot.lanes, [](const LaneView& lane) { return !isShown(lane); });
    putInOrder(snapshot, options.order);
    style.coloring.mode = options.colorBy;
    if (options.theme == FigureTheme::Greyscale) {
        style.outcomes = style.kinds; // which differ in lightness
    }
    chooseScale();
    chooseAxis();
    // A pixel that is larger holds no more than one bar either.
    rule.belowPt = std::max(kMergedBelowPt, kPointsPerInch / options.dpi);
    rule.belowNs = std::llround(rule.belowPt / unitPt * scale.nsPerPx);
    facts = figureFacts(snapshot, run, options, range, rule);
    if (effectiveMode(options.colorBy, snapshot) == ColorMode::Kind) {
        for (const std::uint8_t kind : facts.legend.greyKinds) {
            style.kinds[kind] = style.kinds.back();
        }
    }
    measureRates();
    place();
}

Result<void> FigureScene::check() const
{
    if (options.heightMm > 0 && neededHeight > height) {
        const double neededMm = neededHeight * unitPt / kPointsPerInch * kMmPerInch;
        return Error{
            tr("A height of %1 mm is too low for %2 lanes with what stands above and below "
               "them: give at least %3 mm, or 0 for as much as they need, or leave out parts.")
                .arg(options.heightMm)
                .arg(rowCount())
                .arg(std::ceil(neededMm))
                .toStdString()};
    }
    return {};
}

int FigureScene::rowCount() const
{
    int lanes = 0;
    std::set<int> summaries;
    for (const LaneView& lane : snapshot.lanes) {
        if (isCollapsed(lane.info().executor)) {
            summaries.insert(lane.info().executor);
        } else {
            ++lanes;
        }
    }
    return lanes + static_cast<int>(summaries.size());
}

bool FigureScene::isCollapsed(int executor) const
{
    const std::string& kind = snapshot.meta->executors[static_cast<std::size_t>(executor)].kind;
    return std::ranges::find(options.collapsed, kind) != options.collapsed.end();
}

QString FigureScene::summaryLabelOf(int executor) const
{
    const auto shown = std::ranges::count_if(
        snapshot.lanes, [executor](const LaneView& lane) { return lane.isWorkerOf(executor); });
    return shown == 1 ? tr("1 worker") : tr("All %1 workers").arg(shown);
}

void FigureScene::chooseScale()
{
    const QFontMetricsF metrics(fonts.text);
    const QFontMetricsF small(fonts.small);
    double longest = 0;
    double shortest = metrics.horizontalAdvance(tr("Tasks/s"));
    const auto widthOf = [&](const LaneView& lane) {
        const int executor = lane.info().executor;
        return metrics.horizontalAdvance(isCollapsed(executor) ? summaryLabelOf(executor)
                                                               : labelOf(lane));
    };
    m_hasLongLabels = true;
    for (const LaneView& lane : snapshot.lanes) {
        longest = std::max(longest, widthOf(lane));
    }
    m_hasLongLabels = false;
    for (const LaneView& lane : snapshot.lanes) {
        shortest = std::max(shortest, widthOf(lane));
    }
    const double busy = 4 + small.horizontalAdvance(QStringLiteral("100 %")) + 3;
    m_hasLongLabels = longest + busy < 0.27 * width;
    const double left =
        kMargin + kBracket +
        std::min(m_hasLongLabels ? std::max(longest, shortest) : shortest, 0.27 * width) + busy;
    // The last tick's number is centred on it.
    const double right = width - kMargin - small.horizontalAdvance(QStringLiteral("0000")) / 2;
    scale = scaleFor(range, left, std::max(20.0, right - left));
}

void FigureScene::chooseAxis()
{
    const QFontMetricsF small(fonts.small);
    const auto fits = [&] {
        double freeFrom = -1e9;
        for (std::size_t i = 0; i < axis.majors.size(); i += labelEvery) {
            const double half = small.horizontalAdvance(tickText(axis, axis.majors[i])) / 2;
            const double x = toX(scale, axis.majors[i]);
            if (x - half < freeFrom) {
                return false;
            }
            freeFrom = x + half + 4;
        }
        return true;
    };
    constexpr std::size_t kLeastTicks = 4;
    // As many ticks as have room for their numbers; else shorter numbers, else fewer of them.
    for (labelEvery = 1;; ++labelEvery) {
        for (const bool isShort : {false, true}) {
            for (int majors = 8; majors >= 4; --majors) {
                axis = timeAxis(visibleRange(scale), majors);
                if (isShort) {
                    const Nanos group = axis.unitNs * 1000;
                    axis.offsetNs = std::max<Nanos>(0, range.beginNs / group * group);
                }
                if (axis.majors.size() >= kLeastTicks && fits()) {
                    return;
                }
            }
        }
        if (labelEvery >= kLeastTicks) {
            axis = timeAxis(visibleRange(scale)); // a range of a few nanoseconds
            return;
        }
    }
}

QString FigureScene::labelOf(const LaneView& lane) const
{
    if (lane.info().kind == LaneKind::Queue) {
        return laneName(lane.info());
    }
    return m_hasLongLabels ? longLabel(lane, range.endNs) : tr("Worker %1").arg(lane.info().index);
}

QString FigureScene::axisTitle() const
{
    if (axis.offsetNs > 0) {
        return tr("Time since start − %1 (%2)").arg(formatDuration(axis.offsetNs), unitText(axis));
    }
    const QString plain = tr("Time since start (%1)").arg(unitText(axis));
    return range.beginNs > 0 ? plain + tr(", from %1").arg(timeText(range.beginNs, scale.nsPerPx))
                             : plain;
}

QString FigureScene::stripTitle() const
{
    return tr("Tasks/s (window %1)").arg(roundDuration(stripBins.widthNs));
}

QString FigureScene::groupText(int executor) const
{
    const auto shown = std::ranges::count_if(snapshot.lanes, [executor](const LaneView& lane) {
        return lane.info().executor == executor && lane.info().kind != LaneKind::Queue;
    });
    const int all = workers[static_cast<std::size_t>(executor)];
    if (shown < all) {
        return tr("%1 of %2 workers shown").arg(shown).arg(all);
    }
    return all == 1 ? tr("1 worker") : tr("%1 workers").arg(all);
}

void FigureScene::measureRates()
{
    if (!options.parts.hasStrip) {
        return;
    }
    stripBins = chartBins(range, std::clamp(static_cast<int>(scale.width / 2.5), 20, 400));
    double most = 0;
    for (int executor = 0; executor < static_cast<int>(snapshot.meta->executors.size());
         ++executor) {
        rates.push_back(
            activityOf(snapshot, executor, stripBins.range, stripBins.count).tasksPerSecond);
        for (std::size_t bin = 0; bin < rates.back().size(); ++bin) {
            // The last window may reach beyond the run: it counts for what lies inside.
            const Nanos begin = stripBins.beginOf(static_cast<int>(bin));
            const Nanos inside = std::min(begin + stripBins.widthNs, snapshot.nowNs) - begin;
            if (inside > 0 && inside < stripBins.widthNs) {
                rates.back()[bin] *= static_cast<double>(stripBins.widthNs) /
                                     static_cast<double>(std::max(inside, stripBins.widthNs / 4));
            }
            most = std::max(most, rates.back()[bin]);
        }
    }
    mostRate = niceUpperBound(most);
}

} // namespace poolscope
