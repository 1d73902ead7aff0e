// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/usage_block.h"

#include "core/io/run_file_format.h"

namespace poolscope {

void writeUsage(ByteWriter& out, const UsageSample& sample, Nanos previousEndNs)
{
    out.writeUnsigned(static_cast<std::uint64_t>(sample.beginNs - previousEndNs));
    out.writeUnsigned(static_cast<std::uint64_t>(sample.duration()));
    out.writeUnsigned(static_cast<std::uint64_t>(sample.cpuNs));
    out.writeUnsigned(sample.memoryKiB);
}

std::optional<UsageSample> readUsage(ByteReader& in, Nanos previousEndNs)
{
    constexpr auto kMostNs = static_cast<std::uint64_t>(kMaxTimeNs);
    constexpr std::uint64_t kMostKiB = std::uint64_t{1} << 54U; // bytes fit 64 bits
    const std::uint64_t gapNs = in.readUnsigned();
    const std::uint64_t lengthNs = in.readUnsigned();
    const std::uint64_t cpuNs = in.readUnsigned();
    const std::uint64_t memoryKiB = in.readUnsigned();
    if (in.hasFailed() || gapNs > kMostNs || lengthNs == 0 || lengthNs > kMostNs ||
        cpuNs > kMostNs || memoryKiB >= kMostKiB) {
        return std::nullopt;
    }
    UsageSample sample;
    sample.beginNs = previousEndNs + static_cast<Nanos>(gapNs);
    sample.endNs = sample.beginNs + static_cast<Nanos>(lengthNs);
    sample.cpuNs = static_cast<Nanos>(cpuNs);
    sample.memoryKiB = memoryKiB;
    return sample.endNs <= kMaxTimeNs ? std::optional(sample) : std::nullopt;
}

} // namespace poolscope
