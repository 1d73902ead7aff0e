// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/worker_exit.h"

#include "core/base/signal_text.h"
#include "core/executor/fault_note.h"
#include "core/executor/output_tail.h"

#include <cstring>

namespace poolscope {

namespace {

constexpr std::size_t kMostLines = 20;
constexpr std::size_t kMostBytes = 4096;

std::string megabytes(std::int64_t bytes)
{
    constexpr std::int64_t kTenth = 100'000;
    const std::int64_t tenths = (bytes + kTenth / 2) / kTenth;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

} // namespace

std::string describeExit(const WorkerExit& exit, const FaultNote& fault)
{
    if (exit.signal == 0) {
        return "exited with status " + std::to_string(exit.exitCode);
    }
    const std::string place = describeFault(fault, exit.signal);
    return "killed by " + signalText(exit.signal) + (place.empty() ? "" : " ") + place;
}

std::string describeRemains(const WorkerExit& exit, const FaultNote& fault,
                            const OutputTail& output)
{
    std::string text;
    if (exit.peakBytes > 0) {
        text += "; peak memory " + megabytes(exit.peakBytes);
    }
    const std::vector<std::string> frames = backtraceOf(fault, exit.signal);
    if (!frames.empty()) {
        text += "\nIt was in:";
        for (const std::string& frame : frames) {
            text += "\n    " + frame;
        }
    }
    const std::string printed = output.lastLines(kMostLines, kMostBytes);
    if (!printed.empty()) {
        text += "\nIt printed at last:\n" + printed;
    }
    return text;
}

} // namespace poolscope
