// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recording_cost.h"

#include "core/base/fast_clock.h"
#include "core/executor/cost_meter.h"
#include "core/trace/recorder.h"

#include <algorithm>
#include <array>

namespace poolscope {

namespace {

/// \return nanoseconds of one call of \p act. A middle one of several rounds: others use the machine,
/// too.
template <class Act>
double timed(int calls, const Act& act)
{
    std::array<double, 5> rounds{};
    for (double& round : rounds) {
        const Nanos before = monotonicNow();
        for (int i = 0; i < calls; ++i) {
            act();
        }
        round = static_cast<double>(monotonicNow() - before) / calls;
    }
    const auto middle = rounds.begin() + rounds.size() / 2;
    std::nth_element(rounds.begin(), middle, rounds.end());
    return *middle;
}

} // namespace

RecordingFacts measureRecording(CostLevel level)
{
    RecordingFacts facts;
    facts.level = level;
    Recorder recorder(0, 1, level);
    Lane& lane = recorder.addLane({});
    awaitFastClock();
    volatile Nanos now = 0; // else the calls might be left out
    facts.clockNs = timed(256, [&] { now = recorder.now(); });
    const Value nothing;
    facts.recordNs = timed(1024, [&] { lane.append({}, nothing, {}); });
    if (level != CostLevel::Wall) {
        CostMeter meter;
        facts.gap = meter.gap();
        meter.begin(recorder.now());
        TaskCost cost;
        facts.costNs = timed(64, [&] { cost = meter.end(now); });
    }
    return facts;
}

} // namespace poolscope
