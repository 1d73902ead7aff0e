// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// How long the window takes to be on the screen; how long it is deaf at most while both pools run the smallest tasks at
// full speed; and how smooth it is while millions of tasks a second are recorded, at the rate of the gate and as fast as
// they can be fed: bench_window [seconds]

#include "core/control/run_controller.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <vector>

namespace {

using namespace poolscope;

constexpr double kStartLimitMs = 500;
constexpr double kBlockLimitMs = 50;
constexpr int kBeatMs = 16;
constexpr double kLeastRate = 2e6;
constexpr double kLeastFrames = 55;
constexpr double kLateFrameMs = 20;
constexpr double kMostCpu = 0.3;

double inMillis(qint64 nanos)
{
    return static_cast<double>(nanos) / 1e6;
}

/// Ends the wait for the window's first paint.
class PaintWatch : public QObject
{
public:
    using QObject::QObject;
    bool hasPainted = false;

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        hasPainted = hasPainted || event->type() == QEvent::Paint;
        return false;
    }
};

/// Beats every 16 ms; a beat that comes late was kept off by something else on the GUI thread.
class Heartbeat
{
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, [this] { beat(); });
        m_timer.start(kBeatMs);
        m_since.start();
    }
    /// \return the longest time beyond a beat's own, in ms.
    [[nodiscard]] double longestBlockMs() const
    {
        return m_gaps.empty() ? 0 : *std::max_element(m_gaps.begin(), m_gaps.end()) - kBeatMs;
    }
    [[nodiscard]] double medianGapMs()
    {
        if (m_gaps.empty()) {
            return 0;
        }
        const auto middle = m_gaps.begin() + std::ssize(m_gaps) / 2;
        std::nth_element(m_gaps.begin(), middle, m_gaps.end());
        return *middle;
    }

private:
    void beat()
    {
        m_gaps.push_back(inMillis(m_since.nsecsElapsed()));
        m_since.restart();
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    std::vector<double> m_gaps;
};

/// The times between frames of the window while a run goes on.
class FrameWatch
{
public:
    explicit FrameWatch(const FrameClock& clock)
    {
        m_since.start();
        m_connection = QObject::connect(&clock, &FrameClock::tick, [this] {
            m_gaps.push_back(inMillis(m_since.nsecsElapsed()));
            m_since.restart();
        });
    }
    ~FrameWatch() { QObject::disconnect(m_connection); }
    [[nodiscard]] double framesPerSecond() const
    {
        const double sum = std::accumulate(m_gaps.begin(), m_gaps.end(), 0.0);
        return sum > 0 ? static_cast<double>(m_gaps.size()) * 1'000 / sum : 0;
    }
    /// \return the time that \p part of the frames did not take.
    [[nodiscard]] double percentileMs(double part)
    {
        if (m_gaps.empty()) {
            return 0;
        }
        const auto place = m_gaps.begin() + static_cast<std::ptrdiff_t>(
                                                part * static_cast<double>(m_gaps.size() - 1));
        std::nth_element(m_gaps.begin(), place, m_gaps.end());
        return *place;
    }

private:
    QMetaObject::Connection m_connection;
    QElapsedTimer m_since;
    std::vector<double> m_gaps;
};

double threadCpuSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

RunSettings fullSpeed()
{
    RunSettings settings;
    settings.workload = "square";
    settings.params.set("tasks", ParamValue{std::int64_t{100'000'000}});
    settings.chunk = 64;
    settings.executors = {{"threads", 2}, {"processes", 2}};
    settings.workerProgram =
        (QCoreApplication::applicationDirPath() + QStringLiteral("/../poolscope-worker"))
            .toStdString();
    return settings;
}

/// At the rate of the gate, by one thread: where there are two processors, the window has one to itself.
RunSettings paced()
{
    RunSettings settings = fullSpeed();
    settings.executors = {{"inline", 1}};
    settings.submitGapNs = 450;
    return settings;
}

/// As fast as one worker can be fed: with the feeder it takes two processors.
RunSettings unpaced()
{
    RunSettings settings = fullSpeed();
    settings.chunk = 256;
    settings.executors = {{"threads", 1}};
    return settings;
}

void processEventsUntil(const std::function<bool()>& isDone)
{
    while (!isDone()) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
}

bool begin(RunController& controller, const RunSettings& settings)
{
    controller.start(settings);
    processEventsUntil([&] { return controller.state() != RunController::State::Starting; });
    return !controller.canStart();
}

void end(RunController& controller)
{
    controller.kill();
    processEventsUntil([&] { return controller.canStart(); });
}

/// \return whether the window was deaf for too long.
bool measureBlocks(RunController& controller, int seconds)
{
    if (!begin(controller, fullSpeed())) {
        return true;
    }
    Heartbeat heartbeat;
    QElapsedTimer running;
    running.start();
    processEventsUntil(
        [&] { return running.hasExpired(seconds * 1'000) || controller.canStart(); });
    const double ran = inMillis(running.nsecsElapsed()) / 1'000;
    const auto ended = static_cast<double>(controller.progress().ended);
    std::printf("%.2f M tasks/s shown, a beat of %d ms every %.1f ms\n", ended / ran / 1e6, kBeatMs,
                heartbeat.medianGapMs());
    std::printf("longest block %.0f ms (limit %.0f)\n", heartbeat.longestBlockMs(), kBlockLimitMs);
    end(controller);
    return heartbeat.longestBlockMs() > kBlockLimitMs;
}

/// \return whether frames came as often as they should.
bool measureFrames(RunController& controller, const MainWindow& window, int seconds,
                   const RunSettings& settings)
{
    if (!begin(controller, settings)) {
        return false;
    }
    FrameWatch frames(window.frameClock());
    QElapsedTimer running;
    running.start();
    const double cpuBefore = threadCpuSeconds();
    processEventsUntil(
        [&] { return running.hasExpired(seconds * 1'000) || controller.canStart(); });
    const double ran = inMillis(running.nsecsElapsed()) / 1'000;
    const double cpu = (threadCpuSeconds() - cpuBefore) / ran;
    const RunProgress progress = controller.progress();
    const double rate = static_cast<double>(progress.ended) / ran;
    const double framesPerSecond = frames.framesPerSecond();
    const double late = frames.percentileMs(0.99);
    std::printf("%s: live for %.0f s: %.2f M tasks/s recorded (gate %.0f), %llu dropped\n",
                settings.submitGapNs > 0 ? "paced" : "as fast as it goes", ran, rate / 1e6,
                kLeastRate / 1e6, static_cast<unsigned long long>(progress.droppedEvents));
    std::printf("  %.1f frames/s (gate %.0f), p99 %.1f ms (gate %.0f), worst %.1f ms; "
                "the window's thread took %.0f %% of a processor (gate %.0f)\n",
                framesPerSecond, kLeastFrames, late, kLateFrameMs, frames.percentileMs(1),
                cpu * 100, kMostCpu * 100);
    end(controller);
    return rate >= kLeastRate && framesPerSecond >= kLeastFrames && late <= kLateFrameMs &&
           progress.droppedEvents == 0 && cpu <= kMostCpu;
}

} // namespace

int main(int argc, char** argv)
{
    const QTemporaryDir home; // a first start, whatever the user's settings
    qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home.path().toLocal8Bit()); // runs are kept there, as ever
    QElapsedTimer sinceStart;
    sinceStart.start();
    QApplication application(argc, argv);
    const int seconds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    RunController controller;
    QObject::connect(&controller, &RunController::errorOccurred,
                     [](const QString& text) { std::fprintf(stderr, "%s\n", qPrintable(text)); });
    MainWindow window(controller);
    PaintWatch watch;
    window.centralWidget()->installEventFilter(&watch);
    window.show();
    processEventsUntil([&] { return watch.hasPainted; });
    std::printf("window on screen %.0f ms (limit %.0f)\n", inMillis(sinceStart.nsecsElapsed()),
                kStartLimitMs);
    const bool isDeaf = measureBlocks(controller, seconds);
    const bool isSmooth = measureFrames(controller, window, seconds, paced());
    measureFrames(controller, window, seconds, unpaced()); // beyond the gate: told, not judged
    return isDeaf || !isSmooth ? EXIT_FAILURE : EXIT_SUCCESS;
}
