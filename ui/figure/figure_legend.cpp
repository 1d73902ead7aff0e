// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/figure_legend.h"

#include "ui/common/format.h"
#include "ui/figure/figure_words.h"
#include "ui/timeline/lane_facts.h"

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

using figure::fromStd;
using figure::tr;
using Shape = LegendEntry::Shape;

struct Name
{
    double busyNs = 0;
    LegendEntry entry;
};

/// \return the names that occur, by time. A colour stands for the kind, whoever ran it, or for the executor.
std::vector<Name> namesOf(const Snapshot& snapshot, const FigureCensus& census, bool isByKind)
{
    const auto& kinds = snapshot.meta->plan->kinds;
    std::vector<Name> names;
    for (std::size_t executor = 0; executor < census.busyNs.size(); ++executor) {
        for (std::size_t kind = 0; kind < kMaxTaskKinds; ++kind) {
            const double busy = census.busyNs[executor][kind];
            if (busy <= 0) {
                continue;
            }
            const auto same = std::ranges::find_if(names, [&](const Name& name) {
                return isByKind ? name.entry.kind == kind
                                : name.entry.executor == static_cast<int>(executor);
            });
            if (same != names.end()) {
                same->busyNs += busy;
                continue;
            }
            Name name;
            name.busyNs = busy;
            name.entry.executor = static_cast<int>(executor);
            name.entry.kind = static_cast<std::uint8_t>(kind);
            name.entry.text = isByKind && kind < kinds.size()
                                  ? fromStd(kinds[kind])
                                  : groupTitle(snapshot, name.entry.executor);
            name.entry.colorClass = static_cast<int>(isByKind ? kind : executor) % kColorClasses;
            names.push_back(std::move(name));
        }
    }
    std::ranges::stable_sort(names,
                             [](const Name& a, const Name& b) { return a.busyNs > b.busyNs; });
    return names;
}

QString withShare(const QString& text, double share)
{
    return text + u' ' + formatShare(share);
}

void addNames(FigureLegend& legend, const Snapshot& snapshot, const FigureCensus& census,
              int mostNames, bool isByKind)
{
    const std::vector<Name> names = namesOf(snapshot, census, isByKind);
    if (!isByKind) {
        mostNames = std::max(mostNames, static_cast<int>(names.size())); // none is grey
    }
    double other = 0;
    int others = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (static_cast<int>(i) >= mostNames) {
            other += names[i].busyNs;
            ++others;
            legend.greyKinds.push_back(names[i].entry.kind);
            continue;
        }
        legend.entries.push_back(names[i].entry);
        legend.entries.back().text = withShare(names[i].entry.text, names[i].busyNs / census.allNs);
    }
    if (others > 0) {
        const QString text = others == 1 ? tr("+ 1 other task name (grey)")
                                         : tr("+ %1 other task names (grey)").arg(others);
        legend.entries.push_back({Shape::Other, 0, 0, withShare(text, other / census.allNs)});
    }
}

/// The classes that occur, in their order, the first with what they are of. Ends other than done follow with their
/// shapes, so of the outcomes there is that one only.
void addClasses(FigureLegend& legend, const Snapshot& snapshot, const FigureCensus& census,
                ColorMode mode)
{
    const std::vector<ColorEntry> classes = colorEntries(mode, snapshot, {});
    if (classes.empty()) {
        legend.entries.push_back({Shape::Several, 0, 0,
                                  mode == ColorMode::Worker
                                      ? tr("a colour a worker; colours repeat")
                                      : tr("a colour a task name; colours repeat")});
        return;
    }
    QString title = colorModeTitle(mode) + u' ';
    for (const ColorEntry& entry : classes) {
        const double ns = census.classNs[static_cast<std::size_t>(entry.colorClass)];
        if (ns <= 0 || (mode == ColorMode::Outcome && entry.colorClass > 0)) {
            continue;
        }
        const QString name = mode == ColorMode::Outcome ? entry.name.toLower() : entry.name;
        legend.entries.push_back(
            {Shape::Kind, 0, 0, withShare(title + name, ns / census.allNs), entry.colorClass});
        title.clear();
    }
}

void addEnds(FigureLegend& legend, const FigureCensus& census)
{
    std::vector<std::pair<double, LegendEntry>> ends;
    for (const auto& [state, shape] : {std::pair{TaskState::Failed, Shape::Failed},
                                       std::pair{TaskState::TimedOut, Shape::TimedOut},
                                       std::pair{TaskState::Cancelled, Shape::Cancelled},
                                       std::pair{TaskState::Lost, Shape::Lost}}) {
        const auto index = static_cast<std::size_t>(state);
        if (census.ended[index] == 0) {
            continue;
        }
        const double share = census.allNs > 0 ? census.stateNs[index] / census.allNs : 0;
        ends.emplace_back(census.stateNs[index],
                          LegendEntry{shape, 0, 0,
                                      withShare(stateName(state).toLower() + u' ' +
                                                    formatCount(census.ended[index]) + u',',
                                                share)});
    }
    std::ranges::stable_sort(ends, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [ns, entry] : ends) {
        legend.entries.push_back(std::move(entry));
    }
}

} // namespace

FigureLegend legendOf(const Snapshot& snapshot, const FigureCensus& census, int mostNames,
                      ColorMode mode)
{
    FigureLegend legend;
    if (mode == ColorMode::Kind || mode == ColorMode::Executor) {
        addNames(legend, snapshot, census, std::max(1, mostNames), mode == ColorMode::Kind);
    } else {
        addClasses(legend, snapshot, census, mode);
    }
    addEnds(legend, census);
    if (census.deaths > 0) {
        legend.entries.push_back(
            {Shape::Died, 0, 0,
             census.deaths == 1 ? tr("worker died")
                                : tr("worker died, %1 times").arg(formatCount(census.deaths))});
    }
    if (census.isRunning) {
        legend.entries.push_back({Shape::Running, 0, 0, tr("still running")});
    }
    if (census.merged > 0) {
        legend.entries.push_back(
            {Shape::Merged, 0, 0,
             tr("%1 merged tasks: height is the busy share").arg(formatCount(census.merged))});
    }
    if (census.hasWait) {
        legend.entries.push_back({Shape::Wait, 0, 0, tr("wait in the queue, 1 µs to 10 s")});
    }
    return legend;
}

} // namespace poolscope
