// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a frame of the timeline costs: bench_timeline [tasks] [lanes]. Beside it, in the same run, a
// plain loop of fillRect over the same visible tasks, which is what a timeline without summaries does.

#include "tests/support/synthetic_trace.h"
#include "ui/timeline/time_scale.h"
#include "ui/timeline/timeline_view.h"

#include <QApplication>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

using namespace poolscope;

namespace {

constexpr int kFrames = 31;
constexpr QSize kSize(1920, 1080);
constexpr double kLimitMs = 16;

struct Times
{
    double medianMs = 0;
    double worstMs = 0;
    double cpuMs = 0; ///< median of the processor time: says what the frame costs on a busy machine
};

Nanos threadCpuNow()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

/// \p prepare runs before each frame and is not timed.
Times measure(int frames, const std::function<void(int)>& prepare,
              const std::function<void()>& frame)
{
    std::vector<double> times;
    std::vector<double> cpuTimes;
    for (int i = -2; i < frames; ++i) {
        prepare(i);
        const Nanos begin = monotonicNow();
        const Nanos cpuBegin = threadCpuNow();
        frame();
        if (i >= 0) {
            cpuTimes.push_back(static_cast<double>(threadCpuNow() - cpuBegin) / 1e6);
            times.push_back(static_cast<double>(monotonicNow() - begin) / 1e6);
        }
    }
    std::sort(times.begin(), times.end());
    std::sort(cpuTimes.begin(), cpuTimes.end());
    return {times[times.size() / 2], times.back(), cpuTimes[cpuTimes.size() / 2]};
}

void print(const char* what, const Times& times)
{
    std::printf("  %-34s %8.2f ms median %8.2f ms worst %8.2f ms CPU\n", what, times.medianMs,
                times.worstMs, times.cpuMs);
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

std::uint64_t argument(int count, char** values, int index, std::uint64_t otherwise)
{
    return count > index ? std::strtoull(values[index], nullptr, 10) : otherwise;
}

} // namespace

int main(int count, char** values)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(count, values);
    const std::uint64_t tasks = argument(count, values, 1, 1'000'000);
    const auto lanes = static_cast<int>(argument(count, values, 2, 16));
    const SnapshotPtr trace = test::makeSyntheticTrace(lanes, tasks);
    const Nanos end = trace->nowNs;

    const Theme theme = Theme::dark();
    ViewState state;
    TimelineView view(state);
    view.setTheme(theme);
    view.resize(kSize);
    view.show();
    state.setSnapshot(trace);
    QImage screen(kSize, QImage::Format_RGB32);
    const auto frame = [&] { view.viewport()->render(&screen); };

    std::printf("%llu tasks on %d lanes, %d x %d, offscreen, %d frames each\n",
                static_cast<unsigned long long>(tasks), lanes, kSize.width(), kSize.height(),
                kFrames);
    // Each frame a little different in scale, so that nothing can be kept from the last one.
    const auto zoomedOut = [&](int i) { state.setVisible({0, end - end / 1000 * (i & 7)}); };
    const Times out = measure(kFrames, zoomedOut, frame);
    print("zoomed out, drawn anew", out);

    Times worst;
    double worstWidth = 1;
    for (double part = 1; part > 1e-4; part *= 0.6) {
        const auto width = static_cast<Nanos>(static_cast<double>(end) * part);
        const Times times = measure(
            7,
            [&](int i) {
                state.setVisible({end / 3 - width / 3, end / 3 - width / 3 + width + i});
            },
            frame);
        if (times.medianMs > worst.medianMs) {
            worst = times;
            worstWidth = part;
        }
    }
    print("zoom sweep, slowest width", worst);
    std::printf("  %-34s %8.4f of the run\n", "  which is", worstWidth);

    state.setVisible({end / 4, end / 2});
    const Times pan = measure(
        kFrames, [&](int i) { state.panBy((i & 1) != 0 ? end / 4 / 100 : end / 4 / 120); }, frame);
    print("pan", pan);
    const Times hover = measure(
        kFrames, [&](int i) { state.setCursor(end / 3 + i * 1000); }, frame);
    print("cursor moves", hover);

    const auto plain = [&](TimeRange range) {
        return measure(
            7, [](int) {},
            [&] {
                QPainter painter(&screen);
                paintPlainly(painter, *trace, range, theme);
            });
    };
    const Times plainOut = plain({0, end});
    print("plain fillRect loop, zoomed out", plainOut);
    const Times plainQuarter = plain({end / 4, end / 2});
    print("plain fillRect loop, a quarter", plainQuarter);
    std::printf("  zoomed out: %.1f times as fast as the plain loop; pan: %.1f times\n",
                plainOut.medianMs / out.medianMs, plainQuarter.medianMs / pan.medianMs);
    std::printf("zoomed-out frame of 1,000,000 tasks: %.2f ms (limit %.0f ms)\n", out.medianMs,
                kLimitMs);
    return tasks == 1'000'000 && lanes == 16 && out.medianMs > kLimitMs ? EXIT_FAILURE
                                                                        : EXIT_SUCCESS;
}
