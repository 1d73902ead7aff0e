// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/task_coloring.h"

#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

namespace poolscope {

using timeline::tr;

namespace {

constexpr auto kClasses = static_cast<std::size_t>(kColorClasses);
constexpr int kNameless = kColorClasses - 1; // columns of many names: the neutral colour
constexpr Nanos kFirstBound = 10'000; // the classes of durations: < 10 µs, < 100 µs, … , ≥ 10 s
constexpr float kOutcomePart = 0.25F; // of a column, so that it is seen
constexpr std::array kOutcomes{TaskState::Done, TaskState::Failed, TaskState::TimedOut,
                               TaskState::Lost, TaskState::Cancelled};

int durationClass(double ns)
{
    int result = 0;
    for (auto bound = static_cast<double>(kFirstBound); result < kColorClasses - 1 && ns >= bound;
         bound *= 10) {
        ++result;
    }
    return result;
}

QString durationClassName(int index)
{
    Nanos bound = kFirstBound;
    for (int i = 0; i < std::min(index, kColorClasses - 2); ++i) {
        bound *= 10;
    }
    const auto text = [](Nanos ns) { // powers of ten need no decimals
        constexpr std::array<std::pair<Nanos, const char*>, 3> kUnits{
            {{kNanosPerSecond, "s"}, {kNanosPerMilli, "ms"}, {1'000, "µs"}}};
        for (const auto& [size, symbol] : kUnits) {
            if (ns >= size) {
                return QStringLiteral("%1 %2").arg(ns / size).arg(QString::fromUtf8(symbol));
            }
        }
        return QString();
    };
    return (index < kColorClasses - 1 ? QStringLiteral("< ") : QStringLiteral("≥ ")) + text(bound);
}

int laneClass(ColorMode mode, const LaneInfo& lane)
{
    // Neighbours of different executors differ, too.
    const int place = mode == ColorMode::Worker ? lane.index + 3 * lane.executor : lane.executor;
    return place % kColorClasses;
}

int nameClass(const Snapshot& snapshot, std::uint64_t task)
{
    const std::string_view item = snapshot.meta->plan->item(task);
    const std::size_t hash = item.empty() ? task : std::hash<std::string_view>()(item);
    return static_cast<int>(hash % (kClasses - 1)); // the last colour is for those not told apart
}

void sortByOutcome(std::span<ColumnCell> cells)
{
    for (ColumnCell& cell : cells) {
        const float busy = cell.busySum();
        cell.busyNs.fill(0);
        float rest = busy;
        for (std::size_t i = 1; i < kOutcomes.size(); ++i) {
            if ((cell.stateBits & stateBit(kOutcomes[i])) != 0) {
                const float part =
                    (cell.stateBits & stateBit(TaskState::Done)) != 0 ? busy * kOutcomePart : rest;
                cell.busyNs[i] = std::min(part, rest);
                rest -= cell.busyNs[i];
            }
        }
        cell.busyNs[0] = rest;
    }
}

/// A task that is longer than a column ends in the last of its columns only, so the columns before
/// belong to the mean of the one in which something ends again.
void sortByRunTime(std::span<ColumnCell> cells)
{
    std::size_t first = 0;
    float open = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        open += cells[i].busySum();
        const bool isLast = i + 1 == cells.size();
        if (cells[i].endedCount < 0.5F && !isLast && cells[i].busySum() > 0) {
            continue;
        }
        const float ended = std::max(cells[i].endedCount, 1.0F);
        const auto index =
            static_cast<std::size_t>(durationClass(static_cast<double>(open / ended)));
        for (; first <= i; ++first) {
            const float busy = cells[first].busySum();
            cells[first].busyNs.fill(0);
            cells[first].busyNs[index] = busy;
        }
        open = 0;
    }
}

void sortByWait(std::span<ColumnCell> cells)
{
    for (ColumnCell& cell : cells) {
        const float busy = cell.busySum();
        const double waitNs =
            busy > 0 ? std::exp2(static_cast<double>(cell.waitWeightedLog / busy)) - 1 : 0;
        cell.busyNs.fill(0);
        cell.busyNs[static_cast<std::size_t>(durationClass(waitNs))] = busy;
    }
}

/// \return the busy time in \p range by class.
std::array<double, kClasses> busyByClass(ColorMode mode, const Snapshot& snapshot, TimeRange range)
{
    constexpr std::size_t kColumns = 64; // few, so that the sums cost little
    std::vector<ColumnCell> cells(kColumns);
    std::array<double, kClasses> sums{};
    for (const LaneView& lane : snapshot.lanes) {
        fillColumns(snapshot, lane, range, cells);
        const ColumnClasses classes = sortIntoClasses(mode, snapshot, lane.info(), cells);
        for (const ColumnCell& cell : cells) {
            for (int i = 0; i < classes.count; ++i) {
                sums[static_cast<std::size_t>(classes.first + i)] +=
                    static_cast<double>(cell.busyNs[static_cast<std::size_t>(i)]);
            }
        }
    }
    return sums;
}

std::vector<ColorEntry> namedEntries(ColorMode mode, const Snapshot& snapshot)
{
    std::vector<ColorEntry> entries;
    const auto add = [&entries](std::size_t index, const QString& name) {
        entries.push_back({static_cast<int>(index), name});
    };
    switch (mode) {
    case ColorMode::Kind:
        for (std::size_t i = 0; i < std::min(snapshot.meta->plan->kinds.size(), kClasses); ++i) {
            add(i, QString::fromStdString(snapshot.meta->plan->kinds[i]));
        }
        break;
    case ColorMode::Executor:
        for (std::size_t i = 0; i < std::min(snapshot.meta->executors.size(), kClasses); ++i) {
            add(i, groupTitle(snapshot, static_cast<int>(i)));
        }
        break;
    case ColorMode::Outcome:
        for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
            add(i, stateName(kOutcomes[i]));
        }
        break;
    case ColorMode::RunTime:
    case ColorMode::QueueWait:
        for (std::size_t i = 0; i < kClasses; ++i) {
            add(i, durationClassName(static_cast<int>(i)));
        }
        break;
    case ColorMode::Name:
    case ColorMode::Worker:
        break; // as many as there are; the colours repeat
    }
    return entries;
}

} // namespace

ColorMode effectiveMode(ColorMode mode, const Snapshot& snapshot)
{
    return mode == ColorMode::Kind && snapshot.meta->plan->kinds.size() <= 1 ? ColorMode::Executor
                                                                             : mode;
}

int outcomeClass(TaskState state)
{
    const auto* found = std::find(kOutcomes.begin(), kOutcomes.end(), state);
    return found == kOutcomes.end() ? 0 : static_cast<int>(found - kOutcomes.begin());
}

int colorClass(ColorMode mode, const Snapshot& snapshot, const LaneInfo& lane,
               const TaskRecord& record)
{
    switch (mode) {
    case ColorMode::Kind:
        return snapshot.kindOf(record.task);
    case ColorMode::Name:
        return nameClass(snapshot, record.task);
    case ColorMode::Executor:
    case ColorMode::Worker:
        return laneClass(mode, lane);
    case ColorMode::Outcome:
        return outcomeClass(record.state());
    case ColorMode::RunTime:
        return durationClass(static_cast<double>(record.runNs()));
    case ColorMode::QueueWait:
        return durationClass(static_cast<double>(record.waitNs()));
    }
    return 0;
}

int runningColorClass(ColorMode mode, const Snapshot& snapshot, const LaneView& lane, Nanos runNs)
{
    TaskRecord soFar;
    soFar.task = static_cast<std::uint32_t>(lane.running.task);
    soFar.submitNs = lane.running.startNs; // its wait is known when it ends
    soFar.startNs = lane.running.startNs;
    soFar.endNs = lane.running.startNs + runNs;
    soFar.setState(TaskState::Done);
    return colorClass(mode, snapshot, lane.info(), soFar);
}

ColumnClasses sortIntoClasses(ColorMode mode, const Snapshot& snapshot, const LaneInfo& lane,
                              std::span<ColumnCell> cells)
{
    switch (mode) {
    case ColorMode::Kind:
        return {0,
                std::clamp(static_cast<int>(snapshot.meta->plan->kinds.size()), 1, kColorClasses)};
    case ColorMode::Name:
    case ColorMode::Executor:
    case ColorMode::Worker:
        if (snapshot.meta->plan->kinds.size() > 1) {
            for (ColumnCell& cell : cells) {
                cell.busyNs[0] = cell.busySum();
                std::fill(cell.busyNs.begin() + 1, cell.busyNs.end(), 0.0F);
            }
        }
        return {mode == ColorMode::Name ? kNameless : laneClass(mode, lane), 1};
    case ColorMode::Outcome:
        sortByOutcome(cells);
        return {0, static_cast<int>(kOutcomes.size())};
    case ColorMode::RunTime:
        sortByRunTime(cells);
        break;
    case ColorMode::QueueWait:
        sortByWait(cells);
        break;
    }
    return {};
}

QString colorModeTitle(ColorMode mode)
{
    switch (mode) {
    case ColorMode::Kind:
        return tr("Kind of task");
    case ColorMode::Name:
        return tr("Name");
    case ColorMode::Executor:
        return tr("Executor");
    case ColorMode::Worker:
        return tr("Worker");
    case ColorMode::Outcome:
        return tr("Outcome");
    case ColorMode::RunTime:
        return tr("Run time");
    case ColorMode::QueueWait:
        return tr("Queue wait");
    }
    return {};
}

std::vector<ColorEntry> colorEntries(ColorMode mode, const Snapshot& snapshot, TimeRange range)
{
    const ColorMode effective = effectiveMode(mode, snapshot);
    std::vector<ColorEntry> entries = namedEntries(effective, snapshot);
    const bool isSummed = effective == ColorMode::Kind || effective == ColorMode::Executor;
    if (entries.empty() || range.isEmpty()) {
        return entries;
    }
    if (isSummed) {
        const auto sums = busyByClass(effective, snapshot, range);
        const double all = std::accumulate(sums.begin(), sums.end(), 0.0);
        for (ColorEntry& entry : entries) {
            entry.share = all > 0 ? sums[static_cast<std::size_t>(entry.colorClass)] / all : 0;
        }
    }
    return entries;
}

} // namespace poolscope
