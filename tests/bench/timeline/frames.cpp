// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/timeline/frames.h"

#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_style.h"
#include "ui/timeline/timeline_view.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>

namespace poolscope::bench {

namespace {

constexpr int kFrames = 31;
constexpr int kSweepFrames = 7;
constexpr QSize kSize(1920, 1080);
constexpr std::uint64_t kMany = 50'000'000; // from here on the gates of a hundred million hold

struct Times
{
    double medianMs = 0;
    double worstMs = 0;
};

/// \p prepare runs before each frame and is not timed; two frames are for warming up.
Times measure(int frames, const std::function<void(int)>& prepare,
              const std::function<void()>& frame)
{
    std::vector<double> times;
    for (int i = -2; i < frames; ++i) {
        prepare(i);
        const Nanos begin = monotonicNow();
        frame();
        if (i >= 0) {
            times.push_back(static_cast<double>(monotonicNow() - begin) / 1e6);
        }
    }
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.back()};
}

/// The plain loop: each visible task a rectangle of at least a pixel.
void paintPlainly(QPainter& painter, const Snapshot& snapshot, TimeRange range, const Theme& theme)
{
    painter.fillRect(QRect(QPoint(), kSize), theme.panel);
    const TimeScale scale = scaleFor(range, 0, kSize.width());
    const int height = kSize.height() / static_cast<int>(snapshot.lanes.size());
    int y = 0;
    for (const LaneView& lane : snapshot.lanes) {
        for (std::uint64_t i = firstRecordEndingAfter(lane, range.beginNs); i < lane.recordCount;
             ++i) {
            const TaskRecord& record = lane.lane->record(i);
            if (record.startNs >= range.endNs) {
                break;
            }
            const int left = static_cast<int>(toX(scale, record.startNs));
            const int width = std::max(1, static_cast<int>(toX(scale, record.endNs)) - left);
            painter.fillRect(left, y, width, height - 3, theme.kinds[snapshot.kindOf(record.task)]);
        }
        y += height;
    }
}

std::string noteOfWorst(const Times& times)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "single worst %.1f", times.worstMs);
    return text.data();
}

} // namespace

std::vector<TimelineFigure> measureFrames(const SnapshotPtr& trace, bool withPlainLoop)
{
    const bool isMany = trace->recordCount() >= kMany;
    const Nanos end = trace->nowNs;
    const Theme theme = Theme::dark();
    ViewState state;
    TimelineView view(state);
    view.setTheme(theme);
    view.resize(kSize);
    view.show();
    state.setSnapshot(trace);
    LaneArrangement low; // all lanes in view, as in the figures of the targets
    low.laneHeight = std::max(
        LaneArrangement::kLeastHeight,
        std::floor((kSize.height() - 90.0) / static_cast<double>(trace->lanes.size())) - 3);
    state.setArrangement(low);
    QImage screen(kSize, QImage::Format_RGB32);
    const auto frame = [&] { view.viewport()->render(&screen); };
    std::vector<TimelineFigure> figures;

    // Each frame a little different in scale, so that nothing can be kept from the last one.
    const Times out = measure(
        kFrames,
        [&](int i) {
            state.setVisible({0, end - end / 1000 * (i & 7)});
        },
        frame);
    figures.push_back({"zoomed out, drawn anew", out.medianMs, "ms", isMany ? 14.0 : 12.0,
                       isMany ? 6.0 : 5.0, noteOfWorst(out)});

    Times worst;
    double worstPart = 1;
    for (double part = 1; part > 1e-5; part *= 0.7) {
        const auto width = static_cast<Nanos>(static_cast<double>(end) * part);
        const Times times = measure(
            kSweepFrames,
            [&](int i) {
                state.setVisible({end / 3 - width / 3, end / 3 - width / 3 + width + i});
            },
            frame);
        if (times.medianMs > worst.medianMs) {
            worst = times;
            worstPart = part;
        }
    }
    std::array<char, 96> note{};
    std::snprintf(note.data(), note.size(), "at %.5f of the run, single worst %.1f", worstPart,
                  worst.worstMs);
    figures.push_back({"slowest width of a zoom sweep", worst.medianMs, "ms", isMany ? 20.0 : 16.7,
                       isMany ? 10.0 : 8.0, note.data()});

    state.setVisible({end / 4, end / 2});
    const auto pixel = std::llround(static_cast<double>(end / 4) / view.plotWidth());
    const Times pan = measure(
        kFrames, [&](int i) { state.panBy(((i & 1) != 0 ? 16 : 12) * pixel); }, frame);
    figures.push_back({"pan by 12 to 16 pixels", pan.medianMs, "ms", 0, 0, noteOfWorst(pan)});
    const Times hover = measure(
        kFrames, [&](int i) { state.setCursor(end / 3 + i * pixel); }, frame);
    figures.push_back({"cursor moves", hover.medianMs, "ms", 0, 0, {}});
    figures.push_back({"pan beyond a frame that shows the same again",
                       std::max(0.0, pan.medianMs - hover.medianMs), "ms", 1, 0.3,
                       "what the paint itself costs"});

    if (withPlainLoop) {
        const Times plain = measure(
            3, [](int) {},
            [&] {
                QPainter painter(&screen);
                paintPlainly(painter, *trace, {0, end}, theme);
            });
        std::snprintf(note.data(), note.size(), "the timeline is %.0f times as fast",
                      plain.medianMs / out.medianMs);
        figures.push_back(
            {"plain loop over all tasks, zoomed out", plain.medianMs, "ms", 0, 0, note.data()});
    }
    return figures;
}

std::vector<TimelineFigure> measureErrors(const Snapshot& trace)
{
    constexpr std::size_t kColumns = 1'650;
    double worst = 0;
    double sum = 0;
    std::size_t count = 0;
    std::uint64_t hidden = 0;
    std::vector<ColumnCell> drawn(kColumns);
    std::vector<ColumnCell> exact(kColumns);
    for (double part = 1; part > 1e-3; part *= 0.3) {
        const auto width =
            std::max<Nanos>(kColumns, static_cast<Nanos>(static_cast<double>(trace.nowNs) * part));
        const TimeRange range{(trace.nowNs - width) / 3, (trace.nowNs - width) / 3 + width};
        const double columnNs = static_cast<double>(width) / kColumns;
        for (std::size_t lane = 0; lane < trace.lanes.size(); lane += 7) {
            fillColumns(trace, trace.lanes[lane], range, drawn);
            fillColumns(trace, trace.lanes[lane], range, exact, 0);
            for (std::size_t i = 0; i < kColumns; ++i) {
                const double error =
                    std::abs(static_cast<double>(drawn[i].busySum() - exact[i].busySum())) /
                    columnNs;
                worst = std::max(worst, error);
                sum += error;
                ++count;
                hidden += (exact[i].stateBits & kFailureBits & ~drawn[i].stateBits) != 0 ? 1U : 0U;
            }
        }
    }
    std::array<char, 48> note{};
    std::snprintf(note.data(), note.size(), "mean %.4f", sum / static_cast<double>(count));
    return {{"column's busy share against the records", worst, "", 0.12, 0.05, note.data()},
            {"columns that hide a failure", static_cast<double>(hidden), "", 0.5, 0.5, {}}};
}

} // namespace poolscope::bench
