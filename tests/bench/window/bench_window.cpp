// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// How long the window takes to be on the screen, and how long it is deaf at most while both pools
// run the smallest tasks at full speed: bench_window [seconds]

#include "core/control/run_controller.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

namespace {

using namespace poolscope;

constexpr double kStartLimitMs = 500;
constexpr double kBlockLimitMs = 50;
constexpr int kBeatMs = 16;

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

void processEventsUntil(const std::function<bool()>& isDone)
{
    while (!isDone()) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const QTemporaryDir home; // a first start, whatever the user's settings
    qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
    QElapsedTimer sinceStart;
    sinceStart.start();
    QApplication application(argc, argv);
    const int seconds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    RunController controller;
    MainWindow window(controller);
    PaintWatch watch;
    window.centralWidget()->installEventFilter(&watch);
    window.show();
    processEventsUntil([&] { return watch.hasPainted; });
    std::printf("window on screen %.0f ms (limit %.0f)\n", inMillis(sinceStart.nsecsElapsed()),
                kStartLimitMs);

    QObject::connect(&controller, &RunController::errorOccurred,
                     [](const QString& text) { std::fprintf(stderr, "%s\n", qPrintable(text)); });
    controller.start(fullSpeed());
    processEventsUntil([&] { return controller.state() != RunController::State::Starting; });
    if (controller.canStart()) {
        return 1;
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
    controller.kill();
    processEventsUntil([&] { return controller.canStart(); });
    return 0;
}
