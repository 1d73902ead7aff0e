// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What pool and worker hear from each other: framing and messages. The first byte says into pieces of
// which size the rest is cut, as a socket may do.

#include "core/executor/message.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <string>

namespace poolscope::fuzz {

namespace {

constexpr std::size_t kFrameBytes = 5; // length and kind

/// \return \p message, decoded and written again: empty when it is refused.
std::string copyOf(const Message& message)
{
    MessageWriter writer;
    const auto written = [&](const auto& decoded, auto write) {
        return decoded ? std::string((writer.*write)(*decoded)) : std::string();
    };
    switch (message.kind) {
    case MessageKind::Hello:
        return written(decodeHello(message.body), &MessageWriter::hello);
    case MessageKind::Job:
        return written(decodeJob(message.body), &MessageWriter::job);
    case MessageKind::Tasks:
        return written(decodeTasks(message.body), &MessageWriter::tasks);
    case MessageKind::Result:
        return written(decodeResult(message.body), &MessageWriter::result);
    case MessageKind::Doorbell:
        return message.body.empty() ? std::string(writer.doorbell()) : std::string();
    }
    mustHold(false, "the parser knows the kind");
    return {};
}

struct Heard
{
    std::string copy; ///< of the messages, one after the other
    std::size_t consumed = 0; ///< bytes of the stream
    bool isSound = true; ///< the stream has not failed, and every message was taken
};

Heard hear(std::string_view stream, std::size_t pieceSize)
{
    Heard heard;
    MessageParser parser;
    while (!stream.empty()) {
        const std::string_view piece = stream.substr(0, pieceSize);
        stream.remove_prefix(piece.size());
        parser.append(piece);
        while (const std::optional<Message> message = parser.next()) {
            const std::string copy = copyOf(*message);
            heard.isSound = heard.isSound && !copy.empty();
            heard.consumed += kFrameBytes + message->body.size();
            heard.copy += copy;
        }
    }
    heard.isSound = heard.isSound && !parser.hasFailed();
    return heard;
}

} // namespace

bool tryInput(std::string_view bytes)
{
    if (bytes.empty()) {
        return false;
    }
    const std::size_t pieceSize = std::max<std::size_t>(static_cast<unsigned char>(bytes[0]), 1);
    const std::string_view stream = bytes.substr(1);
    const Heard whole = hear(stream, stream.size() + 1);
    const Heard pieces = hear(stream, pieceSize);
    mustHold(whole.consumed <= stream.size(), "a message lies within its stream");
    mustHold(whole.copy == pieces.copy && whole.consumed == pieces.consumed &&
                 whole.isSound == pieces.isSound,
             "where a stream is cut changes nothing");
    const Heard again = hear(whole.copy, whole.copy.size() + 1);
    mustHold(again.isSound && again.copy == whole.copy, "what was written is heard as the same");
    return whole.isSound && whole.consumed == stream.size();
}

} // namespace poolscope::fuzz
