// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/message.h"

#include "core/executor/executor.h"

#include <limits>

namespace poolscope {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::uint64_t kMagic = 0x706f6f6c73636f70; // "poolscop": this is one of ours at all

template <class T>
std::optional<T> ifSound(const ByteReader& reader, T&& message)
{
    if (reader.hasFailed() || !reader.isAtEnd()) {
        return std::nullopt;
    }
    return std::move(message);
}

std::uint32_t readLength(std::string_view header)
{
    std::uint32_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) {
        length = (length << 8) | static_cast<unsigned char>(header[i]);
    }
    return length;
}

bool isKnown(MessageKind kind)
{
    return kind >= MessageKind::Hello && kind <= MessageKind::Doorbell;
}

} // namespace

std::string_view MessageWriter::frame(MessageKind kind)
{
    const auto length = static_cast<std::uint32_t>(m_body.bytes().size() + 1);
    m_frame.clear();
    for (unsigned shift = 0; shift < 8 * kLengthBytes; shift += 8) {
        m_frame.push_back(static_cast<char>((length >> shift) & 0xff));
    }
    m_frame.push_back(static_cast<char>(kind));
    m_frame += m_body.bytes();
    m_body.clear();
    return m_frame;
}

std::string_view MessageWriter::hello(const HelloMessage& message)
{
    m_body.writeUnsigned(kMagic);
    m_body.writeUnsigned(message.protocol);
    m_body.writeUnsigned(message.catalogueHash);
    m_body.writeSigned(message.processId);
    m_body.writeText(message.version);
    return frame(MessageKind::Hello);
}

std::string_view MessageWriter::job(const JobMessage& message)
{
    m_body.writeText(message.workload);
    m_body.writeParams(message.params);
    m_body.writeUnsigned(message.seed);
    m_body.writeUnsigned(static_cast<std::uint64_t>(message.costLevel));
    m_body.writeUnsigned(message.isOfChunks ? 1 : 0);
    return frame(MessageKind::Job);
}

void MessageWriter::beginTasks(const TasksMessage& message)
{
    m_body.clear();
    m_body.writeUnsigned(message.epoch);
    m_body.writeUnsigned(message.first);
    m_body.writeUnsigned(message.count);
    m_body.writeUnsigned(message.items.size());
}

std::string_view MessageWriter::tasksBefore(const TasksMessage& message, std::string_view item)
{
    beginTasks(message);
    m_body.writeUnsigned(item.size()); // as writeText() does
    m_frame = m_body.bytes();
    m_body.clear();
    return m_frame;
}

std::string_view MessageWriter::tasksBody(const TasksMessage& message)
{
    constexpr std::size_t kHeaderBytes = kLengthBytes + 1;
    return tasks(message).substr(kHeaderBytes);
}

std::string_view MessageWriter::tasks(const TasksMessage& message)
{
    beginTasks(message);
    for (const std::string_view item : message.items) {
        m_body.writeText(item);
    }
    return frame(MessageKind::Tasks);
}

std::string_view MessageWriter::result(const ResultMessage& message)
{
    m_body.writeUnsigned(message.index);
    m_body.writeUnsigned(static_cast<std::uint64_t>(message.state));
    m_body.writeValue(message.value);
    m_body.writeText(message.error);
    m_body.writeSigned(message.startNs);
    m_body.writeSigned(message.endNs - message.startNs);
    m_body.writeUnsigned(message.core);
    m_body.writeUnsigned(message.cost ? 1 : 0);
    if (message.cost) {
        writeCost(m_body, *message.cost);
    }
    return frame(MessageKind::Result);
}

std::optional<HelloMessage> decodeHello(std::string_view body)
{
    ByteReader reader(body);
    HelloMessage message;
    if (reader.readUnsigned() != kMagic) {
        return std::nullopt;
    }
    message.protocol = reader.readUnsigned();
    message.catalogueHash = reader.readUnsigned();
    message.processId = reader.readSigned();
    message.version = reader.readText();
    return ifSound(reader, std::move(message));
}

std::optional<JobMessage> decodeJob(std::string_view body)
{
    ByteReader reader(body);
    JobMessage message;
    message.workload = reader.readText();
    message.params = reader.readParams();
    message.seed = reader.readUnsigned();
    const std::uint64_t costLevel = reader.readUnsigned();
    const std::uint64_t isOfChunks = reader.readUnsigned();
    if (costLevel > static_cast<std::uint64_t>(CostLevel::Totals) || isOfChunks > 1) {
        return std::nullopt;
    }
    message.costLevel = static_cast<CostLevel>(costLevel);
    message.isOfChunks = isOfChunks == 1;
    return ifSound(reader, std::move(message));
}

std::optional<TasksMessage> decodeTasks(std::string_view body)
{
    ByteReader reader(body);
    TasksMessage message;
    message.epoch = reader.readUnsigned();
    message.first = reader.readUnsigned();
    message.count = reader.readUnsigned();
    const std::uint64_t itemCount = reader.readUnsigned();
    if (message.count > kMaxChunk || (itemCount != 0 && itemCount != message.count)) {
        return std::nullopt;
    }
    for (std::uint64_t i = 0; i < itemCount; ++i) {
        message.items.push_back(reader.readText());
    }
    return ifSound(reader, std::move(message));
}

std::optional<ResultMessage> decodeResult(std::string_view body)
{
    ByteReader reader(body);
    ResultMessage message;
    message.index = reader.readUnsigned();
    const std::uint64_t state = reader.readUnsigned();
    message.value = reader.readValue();
    message.error = reader.readText();
    message.startNs = reader.readSigned();
    const Nanos runNs = reader.readSigned();
    const std::uint64_t core = reader.readUnsigned();
    const std::uint64_t hasCost = reader.readUnsigned();
    if (hasCost == 1) {
        message.cost = readCost(reader);
    }
    const bool isPossible =
        state >= static_cast<std::uint64_t>(TaskState::Done) &&
        state < static_cast<std::uint64_t>(kTaskStateCount) && message.startNs >= 0 && runNs >= 0 &&
        runNs <= std::numeric_limits<Nanos>::max() - message.startNs &&
        core <= std::numeric_limits<std::uint16_t>::max() && hasCost == (message.cost ? 1U : 0U);
    if (!isPossible) {
        return std::nullopt;
    }
    message.state = static_cast<TaskState>(state);
    message.endNs = message.startNs + runNs;
    message.core = static_cast<std::uint16_t>(core);
    return ifSound(reader, std::move(message));
}

void MessageParser::append(std::string_view bytes)
{
    if (m_hasFailed) {
        return;
    }
    m_bytes.erase(0, m_position);
    m_position = 0;
    m_bytes += bytes;
}

std::optional<Message> MessageParser::next()
{
    const std::string_view rest = std::string_view(m_bytes).substr(m_position);
    if (m_hasFailed || rest.size() < kLengthBytes) {
        return std::nullopt;
    }
    const std::uint32_t length = readLength(rest);
    if (length == 0 || length > kMaxMessageBytes) {
        m_hasFailed = true;
        return std::nullopt;
    }
    if (rest.size() < kLengthBytes + length) {
        return std::nullopt;
    }
    const auto kind = static_cast<MessageKind>(rest[kLengthBytes]);
    if (!isKnown(kind)) {
        m_hasFailed = true;
        return std::nullopt;
    }
    m_position += kLengthBytes + length;
    return Message{kind, rest.substr(kLengthBytes + 1, length - 1)};
}

} // namespace poolscope
