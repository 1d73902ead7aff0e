// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/usage_page.h"

#include "ui/common/format.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

enum ChartIndex : std::size_t { Cpu, Memory };

constexpr std::size_t kMostDetails = 16;

bool isKnownOfAny(const Snapshot& snapshot)
{
    return std::ranges::any_of(
        snapshot.lanes, [](const LaneView& lane) { return lane.usage && !lane.usage->empty(); });
}

bool hasThreads(const Snapshot& snapshot, int executor)
{
    return std::ranges::any_of(snapshot.lanes, [executor](const LaneView& lane) {
        return lane.isWorkerOf(executor) && lane.info().kind == LaneKind::Thread;
    });
}

} // namespace

UsagePage::UsagePage(ViewState& state, FrameClock& clock, QWidget* parent)
    : ChartPage(state, clock, parent)
{
    addChart(
        {tr("Processor"),
         tr("Share of one processor that each worker had: the line is the mean, the pale ones are "
            "the workers"),
         formatShare});
    addChart(
        {tr("Memory"),
         tr("Resident memory of each worker process: the line is the mean, the pale ones are the "
            "workers. Threads share that of the program"),
         formatMemory});
}

void UsagePage::showLines()
{
    compute();
    std::vector<ChartLine> cpu;
    std::vector<ChartLine> memory;
    double topCpu = 1;
    double topMemory = 0;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        addLines(cpu, i, &LaneUsage::cpu, m_series[i].cpu);
        addLines(memory, i, &LaneUsage::memoryKiB, m_series[i].memory);
        topCpu = std::max(topCpu, largestOf(m_series[i].cpu.highest));
        topMemory = std::max(topMemory, largestOf(m_series[i].memory.highest));
    }
    // A hair above the whole is rounding, not a second processor.
    charts()[Cpu]->setLines(cpu, topCpu > 1.1 ? niceUpperBound(topCpu) : topCpu > 1 ? topCpu : 1);
    charts()[Memory]->setLines(memory, niceMemoryBound(topMemory));
}

/// What is kept while nobody looks keeps all detail of a run that goes on.
void UsagePage::hideEvent(QHideEvent* event)
{
    ChartPage::hideEvent(event);
    forget();
}

void UsagePage::forget()
{
    m_series.clear();
    m_shown = nullptr;
}

void UsagePage::compute()
{
    m_series.clear();
    m_shown = state().snapshot();
    const SnapshotPtr& snapshot = m_shown;
    if (!snapshot) {
        return;
    }
    const ChartBins& bins = coarseBins();
    for (std::size_t i = 0; i < snapshot->meta->executors.size(); ++i) {
        const int executor = static_cast<int>(i);
        Series series;
        series.name = QString::fromStdString(snapshot->meta->executors[i].title);
        series.isOfThreads = hasThreads(*snapshot, executor);
        series.lanes = usageColumns(*snapshot, executor, bins.range, bins.count);
        series.cpu = usageSpread(series.lanes, &LaneUsage::cpu);
        series.memory = usageSpread(series.lanes, &LaneUsage::memoryKiB);
        series.now = usageColumns(*snapshot, executor, recent(), 1);
        m_series.push_back(std::move(series));
    }
}

void UsagePage::addLines(std::vector<ChartLine>& lines, std::size_t executor, Values values,
                         const UsageSpread& spread) const
{
    const Series& series = m_series[executor];
    if (series.lanes.empty()) {
        return;
    }
    const bool isShared = series.isOfThreads && values == &LaneUsage::memoryKiB;
    const auto add = [&](const ChartLineStyle& style, const std::vector<double>& line) {
        addKnownLines(lines, style, line, coarseBins());
    };
    if (series.lanes.size() > kMostWorkers && !isShared) {
        add(paleStyleOf(executor), spread.lowest);
        add(paleStyleOf(executor), spread.highest);
    } else if (series.lanes.size() > 1 && !isShared) {
        for (const LaneUsage& lane : series.lanes) {
            add(paleStyleOf(executor), lane.*values);
        }
    }
    add(styleOf(executor), isShared ? spread.highest : spread.mean);
}

double UsagePage::valueOf(const Series& series, std::size_t lane, Values values) const
{
    const std::optional<Nanos> at = cursor();
    const LaneUsage& usage = at ? series.lanes[lane] : series.now[lane];
    return (usage.*values)[at ? static_cast<std::size_t>(coarseBins().binAt(*at)) : 0];
}

ChartFigure UsagePage::figureOf(std::size_t executor, Values values) const
{
    const Series& series = m_series[executor];
    const bool isMemory = values == &LaneUsage::memoryKiB;
    const std::size_t count = cursor() ? series.lanes.size() : series.now.size();
    std::vector<double> known;
    for (std::size_t lane = 0; lane < count; ++lane) {
        if (const double value = valueOf(series, lane, values); value >= 0) {
            known.push_back(value);
        }
    }
    ChartFigure figure{styleOf(executor), series.name, tr("not known")};
    if (known.empty()) {
        return figure;
    }
    const bool isShared = series.isOfThreads && isMemory;
    const double value = isShared ? largestOf(known) : meanUsage(known);
    figure.value = isMemory ? formatMemory(value) : formatShare(value);
    return figure;
}

QString UsagePage::noteOf(const Series& series, Values values) const
{
    const std::size_t workers = series.lanes.size();
    if (series.isOfThreads && values == &LaneUsage::memoryKiB) {
        return tr("%1: the whole program").arg(series.name);
    }
    if (workers > kMostWorkers) {
        return tr("%1: mean, least, most of %2").arg(series.name).arg(workers);
    }
    return workers > 1 ? tr("%1: mean of %2 workers").arg(series.name).arg(workers)
                       : tr("%1: 1 worker").arg(series.name);
}

QString UsagePage::detailsOf(const Series& series, Values values) const
{
    const bool isMemory = values == &LaneUsage::memoryKiB;
    const std::vector<LaneUsage>& lanes = cursor() ? series.lanes : series.now;
    if (isMemory && series.isOfThreads) {
        return {};
    }
    QStringList rows;
    for (std::size_t i = 0; i < std::min(lanes.size(), kMostDetails); ++i) {
        const LaneView& lane = m_shown->lanes[static_cast<std::size_t>(lanes[i].lane)];
        const double value = valueOf(series, i, values);
        rows += tr("%1, worker %2: %3")
                    .arg(series.name)
                    .arg(lane.info().index)
                    .arg(value < 0  ? tr("not known")
                         : isMemory ? formatMemory(value)
                                    : formatShare(value));
    }
    if (lanes.size() > kMostDetails) {
        rows += tr("and %1 more workers").arg(lanes.size() - kMostDetails);
    }
    return rows.join(u'\n');
}

QString UsagePage::emptyText() const
{
    const bool isAny =
        std::ranges::any_of(m_series, [](const Series& series) { return !series.lanes.empty(); });
    if (!m_shown || isAny) {
        return {};
    }
    if (m_shown->isMoving()) {
        return tr("Workers are looked at four times a second: the first figures come in a moment");
    }
    return isKnownOfAny(*m_shown)
               ? tr("No worker was looked at in this range")
               : tr("Not recorded: the run was too short, or comes from an older file");
}

void UsagePage::showFigures()
{
    if (!state().snapshot()) {
        forget(); // it is of a run that is no longer shown
    }
    const auto show = [this](ChartIndex chart, Values values) {
        std::vector<ChartFigure> figures;
        QStringList details;
        QStringList notes;
        for (std::size_t i = 0; i < m_series.size(); ++i) {
            if (!m_series[i].lanes.empty()) {
                figures.push_back(figureOf(i, values));
                details += detailsOf(m_series[i], values);
                notes += noteOf(m_series[i], values);
            }
        }
        details.removeAll(QString());
        charts()[chart]->setFigures(std::move(figures), caption(tr("mean")));
        charts()[chart]->setNote(notes.join(u'\n'));
        charts()[chart]->setDetails(details.join(u'\n'));
        charts()[chart]->setEmptyText(emptyText());
    };
    show(Cpu, &LaneUsage::cpu);
    show(Memory, &LaneUsage::memoryKiB);
}

} // namespace poolscope
