// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/resize_receipt.h"

#include "core/analysis/activity.h"
#include "core/analysis/distributions.h"
#include "core/analysis/rank_comparison.h"
#include "core/analysis/schedule.h"
#include "core/analysis/tail.h"
#include "core/analysis/worker_count.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace poolscope {

namespace {

constexpr std::array<std::string_view, 4> kTexts{"too_short", "no_difference", "faster", "slower"};
constexpr int kSlices = 10;

/// \return when after \p fromNs, before \p untilNs, there were \p workers; \p fromNs if never.
Nanos settledAt(const std::vector<WorkerCount>& counts, Nanos fromNs, Nanos untilNs, int workers)
{
    int before = 0;
    for (const auto& [timeNs, count] : counts) {
        if (timeNs > fromNs && before == workers) {
            return fromNs; // there already
        }
        if (timeNs >= untilNs) {
            break;
        }
        if (timeNs > fromNs && count == workers) {
            return timeNs;
        }
        before = count;
    }
    return fromNs;
}

bool endsSteadiness(ControlKind kind)
{
    switch (kind) {
    case ControlKind::Resize:
    case ControlKind::Pause:
    case ControlKind::Resume:
    case ControlKind::Cancel:
    case ControlKind::Kill:
        return true;
    default:
        return false;
    }
}

std::vector<Nanos> runTimesIn(const Snapshot& snapshot, int executor, TimeRange range)
{
    std::vector<Nanos> times;
    for (const LaneView& lane : snapshot.lanes) {
        if (!lane.isWorkerOf(executor)) {
            continue;
        }
        for (std::uint64_t i = firstRecordEndingAfter(lane, range.beginNs); i < lane.recordCount;
             ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.endNs > range.endNs) {
                break;
            }
            times.push_back(record.runNs());
        }
    }
    return times;
}

/// Mean and variance of the mean of the logarithm, from equal slices.
struct Rate
{
    double mean = 0;
    double logVariance = 0;
};

Rate rateOf(const Snapshot& snapshot, int executor, TimeRange range)
{
    const Activity activity = activityOf(snapshot, executor, range, kSlices);
    Rate rate;
    for (const double value : activity.tasksPerSecond) {
        rate.mean += value / kSlices;
    }
    double squares = 0;
    for (const double value : activity.tasksPerSecond) {
        squares += (value - rate.mean) * (value - rate.mean);
    }
    if (rate.mean > 0) {
        rate.logVariance = squares / (kSlices - 1) / kSlices / (rate.mean * rate.mean);
    }
    return rate;
}

void compareSides(ResizeReceipt& receipt, const Snapshot& snapshot)
{
    if (receipt.before.summary.tasks < ResizeReceipt::kFewestTasks ||
        receipt.after.summary.tasks < ResizeReceipt::kFewestTasks) {
        return;
    }
    const Rate before = rateOf(snapshot, receipt.executor, receipt.before.range);
    const Rate after = rateOf(snapshot, receipt.executor, receipt.after.range);
    // Slices that are equal to the last task still may be off by one.
    constexpr double kFinest = 1e-9;
    const double variance = std::max(kFinest, before.logVariance + after.logVariance);
    const double squares =
        before.logVariance * before.logVariance + after.logVariance * after.logVariance;
    const double freedom =
        squares > 0 ? (kSlices - 1) * variance * variance / squares : 2.0 * (kSlices - 1);
    const double log = std::log(after.mean / before.mean);
    const double reach = studentQuantile(kConfidence, freedom) * std::sqrt(variance);
    receipt.throughputRatio = {std::exp(log), std::exp(log - reach), std::exp(log + reach)};
    receipt.effect = receipt.throughputRatio.contains(1) ? ResizeEffect::NoDifference
                     : log > 0                           ? ResizeEffect::Faster
                                                         : ResizeEffect::Slower;
    const std::vector<Nanos> first = runTimesIn(snapshot, receipt.executor, receipt.before.range);
    const std::vector<Nanos> second = runTimesIn(snapshot, receipt.executor, receipt.after.range);
    receipt.hasOtherRunTimes = compareRanks(first, second).isDifferent();
}

void fill(ResizeSide& side, const Snapshot& snapshot, int executor, Nanos beginNs, Nanos endNs)
{
    if (beginNs < endNs) {
        side.range = {beginNs, endNs};
        side.summary = summariseRange(snapshot, executor, side.range);
    }
}

Nanos firstStart(const Snapshot& snapshot, int executor)
{
    Nanos first = snapshot.nowNs;
    for (const LaneView& lane : snapshot.lanes) {
        if (lane.isWorkerOf(executor) && lane.recordCount > 0) {
            first = std::min(first, lane.firstStartNs());
        }
    }
    return first;
}

} // namespace

std::string_view toText(ResizeEffect effect) noexcept
{
    return kTexts[static_cast<std::size_t>(effect)];
}

std::vector<ResizeReceipt> resizeReceipts(const Snapshot& snapshot, int executor)
{
    std::vector<const ControlEvent*> events;
    for (const ControlEvent& event : *snapshot.controlEvents) {
        if (event.executor == executor && endsSteadiness(event.kind)) {
            events.push_back(&event);
        }
    }
    std::ranges::stable_sort(events, {}, &ControlEvent::timeNs);
    std::vector<ResizeReceipt> receipts;
    if (std::ranges::none_of(
            events, [](const ControlEvent* event) { return event->kind == ControlKind::Resize; })) {
        return receipts;
    }
    const auto counts = workerCounts(snapshot, executor);
    const Nanos endNs = snapshot.isLive ? snapshot.nowNs : tailOf(snapshot, executor).beginNs;
    Nanos steadySinceNs = firstStart(snapshot, executor);
    for (std::size_t i = 0; i < events.size(); ++i) {
        const ControlEvent& event = *events[i];
        if (event.kind != ControlKind::Resize) {
            steadySinceNs = event.timeNs;
            continue;
        }
        ResizeReceipt receipt;
        receipt.timeNs = event.timeNs;
        receipt.executor = executor;
        receipt.toWorkers = static_cast<int>(event.value);
        std::from_chars(event.text.data(), event.text.data() + event.text.size(),
                        receipt.fromWorkers);
        const Nanos nextNs = i + 1 < events.size() ? events[i + 1]->timeNs : endNs;
        receipt.settledNs = settledAt(counts, event.timeNs, nextNs, receipt.toWorkers);
        fill(receipt.before, snapshot, executor, steadySinceNs, event.timeNs);
        fill(receipt.after, snapshot, executor, receipt.settledNs, std::min(nextNs, endNs));
        compareSides(receipt, snapshot);
        receipts.push_back(receipt);
        steadySinceNs = receipt.settledNs;
    }
    return receipts;
}

std::vector<ResizeReceipt> resizeReceipts(const Snapshot& snapshot)
{
    std::vector<ResizeReceipt> all;
    for (int i = 0; i < static_cast<int>(snapshot.meta->executors.size()); ++i) {
        const std::vector<ResizeReceipt> some = resizeReceipts(snapshot, i);
        all.insert(all.end(), some.begin(), some.end());
    }
    std::ranges::stable_sort(all, {}, &ResizeReceipt::timeNs);
    return all;
}

} // namespace poolscope
