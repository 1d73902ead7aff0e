// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/task_cost.h"

#include "core/task/bounded_reader.h"

namespace poolscope {

namespace {

constexpr std::uint64_t kMostNs = 1'000'000'000'000'000'000; // 32 years
constexpr std::uint64_t kKnownFlags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;

float readNanos(BoundedReader& in)
{
    return static_cast<float>(in.readUpTo(kMostNs));
}

} // namespace

std::string_view toText(CostLevel level) noexcept
{
    return level == CostLevel::Totals ? "totals" : "off";
}

std::optional<CostLevel> costLevelOf(std::string_view text) noexcept
{
    for (const CostLevel level : {CostLevel::Wall, CostLevel::Totals}) {
        if (toText(level) == text) {
            return level;
        }
    }
    return std::nullopt;
}

void writeCost(ByteWriter& out, const TaskCost& cost)
{
    out.writeUnsigned(cost.flags);
    out.writeUnsigned(static_cast<std::uint64_t>(cost.cpuNs));
    out.writeUnsigned(static_cast<std::uint64_t>(cost.runQueueNs));
    out.writeUnsigned(cost.voluntarySwitches);
    out.writeUnsigned(cost.involuntarySwitches);
    out.writeUnsigned(cost.minorFaults);
    out.writeUnsigned(cost.majorFaults);
    out.writeUnsigned(cost.peakMemoryKiB);
    out.writeUnsigned(cost.startCore);
}

std::optional<TaskCost> readCost(ByteReader& in)
{
    BoundedReader reader(in);
    TaskCost cost;
    cost.flags = static_cast<std::uint16_t>(reader.readUpTo(kKnownFlags));
    cost.cpuNs = readNanos(reader);
    cost.runQueueNs = readNanos(reader);
    reader.read(cost.voluntarySwitches);
    reader.read(cost.involuntarySwitches);
    reader.read(cost.minorFaults);
    reader.read(cost.majorFaults);
    reader.read(cost.peakMemoryKiB);
    reader.read(cost.startCore);
    return reader.isGood() ? std::optional(cost) : std::nullopt;
}

} // namespace poolscope
