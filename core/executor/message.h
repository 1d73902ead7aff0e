// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/task/codec.h"
#include "core/task/task_state.h"
#include "core/task/value.h"
#include "core/trace/task_cost.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

// What a process pool and its workers say to each other when it fits in no cell (task_cell.h). A message is four bytes little-endian length
// (of what follows), one byte kind, and a body in the encoding of core/task/codec.h.

enum class MessageKind : std::uint8_t {
    Hello = 1, ///< worker → pool, once, first
    Job, ///< pool → worker: the job that the tasks after it belong to
    Tasks, ///< pool → worker: a chunk
    Result, ///< worker → pool: how one task ended, when that fits in no ResultCell
    Doorbell, ///< worker → pool: there are results
};

/// Nothing longer is sent, and what claims to be longer is a protocol error.
inline constexpr std::uint32_t kMaxMessageBytes = 64u << 20;
/// The longest item or result; leaves room for the rest of its message.
inline constexpr std::size_t kMaxTaskBytes = 32u << 20;
/// Raised with every change of the messages or of WorkerPage.
inline constexpr std::uint64_t kProtocolVersion = 6;

struct HelloMessage
{
    std::uint64_t protocol = kProtocolVersion;
    std::uint64_t catalogueHash = 0;
    std::int64_t processId = 0;
    std::string version; ///< of the worker program, for display
};

struct JobMessage
{
    std::string workload;
    ParamSet params;
    std::uint64_t seed = 0;
    CostLevel costLevel = CostLevel::Wall; ///< what to measure of its tasks
    bool isOfChunks = false; ///< each task's item is a request of ItemChunks
};

struct TasksMessage
{
    std::uint64_t epoch = 0; ///< see TaskClaim
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::vector<std::string_view>
        items; ///< one a task, or none; a decoded one points into the message
};

struct ResultMessage
{
    std::uint64_t index = 0;
    TaskState state = TaskState::Done;
    Value value;
    std::string error;
    Nanos startNs = 0; ///< CLOCK_MONOTONIC
    Nanos endNs = 0;
    std::uint16_t core = 0;
    std::optional<TaskCost> cost{}; ///< nothing when the job asks for none
};

/// Writes messages into a buffer of its own; each view is valid until the next call.
class MessageWriter
{
public:
    std::string_view hello(const HelloMessage& message);
    std::string_view job(const JobMessage& message);
    std::string_view tasks(const TasksMessage& message);
    /// The body of that message alone.
    std::string_view tasksBody(const TasksMessage& message);
    /// What of the body stands before the one item, \p item.
    std::string_view tasksBefore(const TasksMessage& message, std::string_view item);
    std::string_view result(const ResultMessage& message);
    std::string_view doorbell() { return frame(MessageKind::Doorbell); }

private:
    std::string_view frame(MessageKind kind);
    void beginTasks(const TasksMessage& message);

    ByteWriter m_body;
    std::string m_frame;
};

/// \return nothing when the body is malformed, too short or too long.
[[nodiscard]] std::optional<HelloMessage> decodeHello(std::string_view body);
[[nodiscard]] std::optional<JobMessage> decodeJob(std::string_view body);
[[nodiscard]] std::optional<TasksMessage> decodeTasks(std::string_view body);
[[nodiscard]] std::optional<ResultMessage> decodeResult(std::string_view body);

struct Message
{
    MessageKind kind;
    std::string_view body;
};

/// Cuts a stream of bytes into messages. The first malformed header turns hasFailed() on for good.
class MessageParser
{
public:
    void append(std::string_view bytes);
    /// \return the next complete message, its body valid until the next call of a non-const member;
    /// nothing when there is none yet or the stream has failed.
    std::optional<Message> next();
    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }
    /// \return bytes that were not given out yet.
    [[nodiscard]] std::size_t bufferedBytes() const { return m_bytes.size() - m_position; }

private:
    std::string m_bytes;
    std::size_t m_position = 0; ///< what lies before it was given out
    bool m_hasFailed = false;
};

} // namespace poolscope
