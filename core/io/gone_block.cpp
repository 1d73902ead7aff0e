// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/gone_block.h"

#include "core/io/file_numbers.h"
#include "core/task/bounded_reader.h"

#include <bit>

namespace poolscope {

namespace {

constexpr auto kMostNs = static_cast<std::uint64_t>(kMaxTimeNs);
constexpr std::uint64_t kMostLog2 = 64;

void writeHistogram(ByteWriter& out, const DurationHistogram& histogram)
{
    const auto [begin, end] = histogram.usedBins();
    out.writeUnsigned(begin);
    out.writeUnsigned(end);
    for (std::size_t bin = begin; bin < end; ++bin) {
        out.writeUnsigned(histogram.count(bin));
    }
}

bool readHistogram(ByteReader& in, DurationHistogram& histogram)
{
    const std::uint64_t begin = in.readUnsigned();
    const std::uint64_t end = in.readUnsigned();
    if (begin > end || end > DurationHistogram::kBins) {
        return false;
    }
    for (std::uint64_t bin = begin; bin < end; ++bin) {
        histogram.add(bin, in.readUnsigned());
    }
    return !in.hasFailed();
}

} // namespace

void writeGone(ByteWriter& out, const LetGo& gone)
{
    for (const std::uint64_t count : gone.ended) {
        out.writeUnsigned(count);
    }
    out.writeUnsigned(gone.lostAttempts);
    out.writeSigned(gone.firstSubmitNs);
    out.writeSigned(gone.firstStartNs);
    out.writeSigned(gone.lastEndNs);
    out.writeSigned(gone.busyNs);
    out.writeUnsigned(gone.attempts);
    out.writeSigned(gone.runSumNs);
    out.writeSigned(gone.waitSumNs);
    writeHistogram(out, gone.runs);
    writeHistogram(out, gone.waits);
}

std::optional<LetGo> readGone(ByteReader& in, std::uint64_t records)
{
    LetGo gone;
    gone.records = records;
    bool isRight = true;
    for (std::uint64_t& count : gone.ended) {
        count = in.readUnsigned();
        isRight = isRight && count <= records;
    }
    gone.lostAttempts = in.readUnsigned();
    gone.firstSubmitNs = in.readSigned();
    gone.firstStartNs = in.readSigned();
    gone.lastEndNs = in.readSigned();
    gone.busyNs = in.readSigned();
    gone.attempts = in.readUnsigned();
    gone.runSumNs = in.readSigned();
    gone.waitSumNs = in.readSigned();
    isRight = isRight && readHistogram(in, gone.runs) && readHistogram(in, gone.waits);
    // A task ends at most once a record.
    isRight = isRight && !in.hasFailed() && gone.endedCount() <= records &&
              gone.lostAttempts <= records && gone.attempts <= records &&
              isFileTime(gone.firstSubmitNs) && isFileTime(gone.firstStartNs) &&
              isFileTime(gone.lastEndNs) && gone.firstStartNs <= gone.lastEndNs &&
              gone.busyNs >= 0 && isFileTime(gone.busyNs);
    return isRight ? std::optional(gone) : std::nullopt;
}

void writeLeaf(ByteWriter& out, const SummaryNode& leaf, Nanos previousEndNs)
{
    out.writeUnsigned(static_cast<std::uint64_t>(leaf.beginNs - previousEndNs));
    out.writeUnsigned(static_cast<std::uint64_t>(leaf.endNs - leaf.beginNs));
    out.writeUnsigned(std::bit_cast<std::uint32_t>(leaf.busyNs));
    for (const std::uint8_t share : leaf.share) {
        out.writeUnsigned(share);
    }
    out.writeUnsigned(leaf.stateBits);
    out.writeUnsigned(leaf.longestLog2);
    out.writeUnsigned(leaf.waitLog);
}

std::optional<SummaryNode> readLeaf(ByteReader& in, Nanos previousEndNs)
{
    BoundedReader reader(in);
    SummaryNode leaf;
    leaf.beginNs = previousEndNs + static_cast<Nanos>(reader.readUpTo(kMostNs));
    leaf.endNs = leaf.beginNs + static_cast<Nanos>(reader.readUpTo(kMostNs));
    std::uint32_t busyBits = 0;
    reader.read(busyBits);
    leaf.busyNs = std::bit_cast<float>(busyBits);
    for (std::uint8_t& share : leaf.share) {
        reader.read(share);
    }
    reader.read(leaf.stateBits);
    leaf.longestLog2 = static_cast<std::uint8_t>(reader.readUpTo(kMostLog2));
    reader.read(leaf.waitLog);
    // Not a number compares with nothing; a whole leaf lasts a float's rounding longer at most.
    const bool isRight = reader.isGood() && leaf.endNs <= kMaxTimeNs && leaf.busyNs >= 0 &&
                         leaf.busyNs <= 2 * static_cast<float>(kMaxTimeNs);
    return isRight ? std::optional(leaf) : std::nullopt;
}

} // namespace poolscope
