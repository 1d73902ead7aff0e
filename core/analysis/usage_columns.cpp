// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/usage_columns.h"

#include <algorithm>
#include <cassert>

namespace poolscope {

namespace {

/// Spreads the samples of one lane over columns.
class LaneMeter
{
public:
    LaneMeter(TimeRange range, int columns)
        : m_range(range)
        , m_columnNs(static_cast<double>(range.duration()) / columns)
        , m_knownNs(static_cast<std::size_t>(columns))
        , m_cpuNs(m_knownNs.size())
        , m_memoryKiB(m_knownNs.size(), kUnknownUsage)
    {}

    void add(const UsageSample& sample);
    [[nodiscard]] bool hasAny() const { return m_hasAny; }
    [[nodiscard]] LaneUsage usageOf(int lane) const;

private:
    const TimeRange m_range;
    const double m_columnNs;
    std::vector<double> m_knownNs;
    std::vector<double> m_cpuNs;
    std::vector<double> m_memoryKiB;
    bool m_hasAny = false;
};

void LaneMeter::add(const UsageSample& sample)
{
    const auto begin = static_cast<double>(std::max(sample.beginNs, m_range.beginNs));
    const auto end = static_cast<double>(std::min(sample.endNs, m_range.endNs));
    const auto origin = static_cast<double>(m_range.beginNs);
    const double rate = static_cast<double>(sample.cpuNs) / static_cast<double>(sample.duration());
    auto column = static_cast<std::size_t>((begin - origin) / m_columnNs);
    for (; column < m_knownNs.size(); ++column) {
        const double columnBegin = origin + static_cast<double>(column) * m_columnNs;
        const double overlapNs =
            std::min(end, columnBegin + m_columnNs) - std::max(begin, columnBegin);
        if (columnBegin >= end) {
            break;
        }
        if (overlapNs > 0) {
            m_knownNs[column] += overlapNs;
            m_cpuNs[column] += overlapNs * rate;
            m_hasAny = true;
            if (sample.memoryKiB > 0) {
                m_memoryKiB[column] =
                    std::max(m_memoryKiB[column], static_cast<double>(sample.memoryKiB));
            }
        }
    }
}

LaneUsage LaneMeter::usageOf(int lane) const
{
    LaneUsage usage{lane, std::vector<double>(m_knownNs.size(), kUnknownUsage), m_memoryKiB};
    for (std::size_t i = 0; i < m_knownNs.size(); ++i) {
        if (m_knownNs[i] > 0) {
            usage.cpu[i] = m_cpuNs[i] / m_knownNs[i];
        }
    }
    return usage;
}

} // namespace

std::vector<LaneUsage> usageColumns(const Snapshot& snapshot, int executor, TimeRange range,
                                    int columns)
{
    assert(!range.isEmpty() && columns >= 1);
    std::vector<LaneUsage> found;
    for (std::size_t i = 0; i < snapshot.lanes.size(); ++i) {
        const LaneView& lane = snapshot.lanes[i];
        if (!lane.isWorkerOf(executor) || !lane.usage) {
            continue;
        }
        LaneMeter meter(range, columns);
        auto sample = std::upper_bound(
            lane.usage->begin(), lane.usage->end(), range.beginNs,
            [](Nanos timeNs, const UsageSample& other) { return timeNs < other.endNs; });
        for (; sample != lane.usage->end() && sample->beginNs < range.endNs; ++sample) {
            meter.add(*sample);
        }
        if (meter.hasAny()) {
            found.push_back(meter.usageOf(static_cast<int>(i)));
        }
    }
    return found;
}

UsageSpread usageSpread(const std::vector<LaneUsage>& lanes, std::vector<double> LaneUsage::*values)
{
    const std::size_t columns = lanes.empty() ? 0 : (lanes.front().*values).size();
    UsageSpread spread;
    for (auto* line : {&spread.lowest, &spread.mean, &spread.highest}) {
        line->assign(columns, kUnknownUsage);
    }
    for (std::size_t i = 0; i < columns; ++i) {
        double sum = 0;
        int known = 0;
        for (const LaneUsage& lane : lanes) {
            const double value = (lane.*values)[i];
            if (value < 0) {
                continue;
            }
            spread.lowest[i] = known == 0 ? value : std::min(spread.lowest[i], value);
            spread.highest[i] = std::max(spread.highest[i], value);
            sum += value;
            ++known;
        }
        spread.mean[i] = known > 0 ? sum / known : kUnknownUsage;
    }
    return spread;
}

double meanUsage(const std::vector<double>& values)
{
    double sum = 0;
    int known = 0;
    for (const double value : values) {
        sum += std::max(0.0, value);
        known += value >= 0 ? 1 : 0;
    }
    return known > 0 ? sum / known : kUnknownUsage;
}

} // namespace poolscope
