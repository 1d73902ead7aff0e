// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/record_block.h"

#include "core/io/run_file_format.h"

#include <bit>
#include <cmath>
#include <limits>

namespace poolscope {

namespace {

constexpr float kMaxLeadNs = 1e18F;

// Times of a damaged file can be anything: differences wrap instead of overflowing.
std::int64_t difference(Nanos a, Nanos b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

Nanos sum(Nanos a, std::int64_t b)
{
    return static_cast<Nanos>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void writeFloat(ByteWriter& out, float value)
{
    out.writeUnsigned(std::bit_cast<std::uint32_t>(value));
}

bool isTime(Nanos time)
{
    return time >= -kMaxTimeNs && time <= kMaxTimeNs;
}

bool isLead(float lead)
{
    return std::isfinite(lead) && std::abs(lead) <= kMaxLeadNs;
}

/// \return what is wrong with \p record, or nullptr.
const char* faultOf(const TaskRecord& record, Nanos previousEndNs, std::uint64_t taskCount)
{
    if (!isTime(record.submitNs) || !isTime(record.startNs) || !isTime(record.endNs) ||
        !isLead(record.sentLeadNs) || !isLead(record.returnLagNs)) {
        return "a time is impossible";
    }
    if (record.startNs < previousEndNs || record.endNs < record.startNs) {
        return "records overlap";
    }
    if (record.task >= taskCount) {
        return "a task is not one of the job";
    }
    if (!hasEnded(record.state()) || record.state() > TaskState::Lost) {
        return "a task's state is unknown";
    }
    return nullptr;
}

/// Reads the columns in the order in which encodeRecords() writes them.
class ColumnReader
{
public:
    explicit ColumnReader(std::string_view block)
        : m_reader(block)
    {}

    std::uint64_t count() { return m_reader.readUnsigned(); }
    std::int64_t readSigned() { return m_reader.readSigned(); }
    template <class Integer>
    Integer readUpTo()
    {
        const std::uint64_t value = m_reader.readUnsigned();
        m_isTooLarge = m_isTooLarge || value > std::numeric_limits<Integer>::max();
        return static_cast<Integer>(value);
    }
    float readFloat() { return std::bit_cast<float>(readUpTo<std::uint32_t>()); }
    [[nodiscard]] bool isGood() const
    {
        return !m_isTooLarge && !m_reader.hasFailed() && m_reader.isAtEnd();
    }

private:
    ByteReader m_reader;
    bool m_isTooLarge = false;
};

} // namespace

void encodeRecords(ByteWriter& out, std::span<const TaskRecord> records, Nanos previousEndNs)
{
    out.writeUnsigned(records.size());
    for (const TaskRecord& record : records) {
        out.writeSigned(difference(record.startNs, previousEndNs));
        previousEndNs = record.endNs;
    }
    for (const TaskRecord& record : records) {
        out.writeSigned(difference(record.endNs, record.startNs));
    }
    for (const TaskRecord& record : records) {
        out.writeSigned(difference(record.startNs, record.submitNs));
    }
    for (const TaskRecord& record : records) {
        writeFloat(out, record.sentLeadNs);
    }
    for (const TaskRecord& record : records) {
        writeFloat(out, record.returnLagNs);
    }
    std::uint32_t previousTask = 0;
    for (const TaskRecord& record : records) {
        out.writeSigned(std::int64_t{record.task} - previousTask);
        previousTask = record.task;
    }
    for (const TaskRecord& record : records) {
        out.writeUnsigned(record.core);
    }
    for (const TaskRecord& record : records) {
        out.writeUnsigned(record.attempt);
    }
    for (const TaskRecord& record : records) {
        out.writeUnsigned(record.stateAndFlags);
    }
}

std::string decodeRecords(std::string_view block, const RecordLimits& limits, Nanos previousEndNs,
                          std::vector<TaskRecord>& records)
{
    ColumnReader in(block);
    const std::uint64_t count = in.count();
    if (count == 0 || count > kBlockRecords || count > limits.recordsLeft) {
        return "it holds a wrong number of records";
    }
    records.assign(count, TaskRecord{});
    Nanos before = previousEndNs;
    std::vector<std::int64_t> gaps(count);
    for (std::int64_t& gap : gaps) {
        gap = in.readSigned();
    }
    for (std::size_t i = 0; i < count; ++i) {
        records[i].startNs = sum(before, gaps[i]);
        records[i].endNs = sum(records[i].startNs, in.readSigned());
        before = records[i].endNs;
    }
    for (TaskRecord& record : records) {
        record.submitNs = difference(record.startNs, in.readSigned());
    }
    for (TaskRecord& record : records) {
        record.sentLeadNs = in.readFloat();
    }
    for (TaskRecord& record : records) {
        record.returnLagNs = in.readFloat();
    }
    std::int64_t task = 0;
    for (TaskRecord& record : records) {
        task = sum(task, in.readSigned());
        if (task < 0 || task > std::int64_t{std::numeric_limits<std::uint32_t>::max()}) {
            return "a task is not one of the job";
        }
        record.task = static_cast<std::uint32_t>(task);
    }
    for (TaskRecord& record : records) {
        record.core = in.readUpTo<std::uint16_t>();
    }
    for (TaskRecord& record : records) {
        record.attempt = in.readUpTo<std::uint8_t>();
    }
    for (TaskRecord& record : records) {
        record.stateAndFlags = in.readUpTo<std::uint8_t>();
    }
    if (!in.isGood()) {
        return "its records do not fill it";
    }
    for (const TaskRecord& record : records) {
        if (const char* fault = faultOf(record, previousEndNs, limits.taskCount)) {
            return fault;
        }
        previousEndNs = record.endNs;
    }
    return {};
}

} // namespace poolscope
