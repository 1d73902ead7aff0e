// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <QTest>

#include <algorithm>
#include <condition_variable>
#include <mutex>

using namespace poolscope;

namespace {

RunSettings threadsOnly(const std::string& workload, std::int64_t tasks, int workers = 2)
{
    RunSettings settings;
    settings.workload = workload;
    settings.params.set("tasks", tasks);
    settings.executors = {{"threads", workers}};
    return settings;
}

std::unique_ptr<Run> startRun(const RunSettings& settings, Run::Callbacks callbacks = {})
{
    auto run = Run::start(settings, "test", std::move(callbacks));
    return run ? std::move(run).value() : nullptr;
}

/// Collects the states that a run went through.
class StateLog
{
public:
    Run::Callbacks callbacks()
    {
        return {[this](RunState state) {
                    const std::lock_guard lock(m_mutex);
                    m_states.push_back(state);
                    m_changed.notify_all();
                },
                {}};
    }
    void waitFor(RunState state)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] {
            return std::find(m_states.begin(), m_states.end(), state) != m_states.end();
        });
    }
    std::vector<RunState> states()
    {
        const std::lock_guard lock(m_mutex);
        return m_states;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<RunState> m_states;
};

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private slots:
    void refusesBadSettings_data();
    void refusesBadSettings();
    void refusesTimesBelowZero_data();
    void refusesTimesBelowZero();
    void refusesAnUnusableInitializer();
    void lazyRunStartsWorkersForTasksOnly();
    void initializerRunsBeforeTheFirstTask();
    void refusesToRunACommandTwice();
    void lostCommandIsNotTriedAgain();
    void endsWithEveryTaskDone();
    void inlineRunObeysItsOrders();
    void reportsWhatTurnsOutWhilePlanning();
    void pausedRunGoesOnAfterResume();
    void cancelledRunAccountsForEveryTask();
    void cancelStopsSubmittingLargeJobs();
    void timedResizeIsCarriedOutAndRecorded();
    void destructorEndsARunningRun();
    void recordingIsTimedBeforeItBegins_data();
    void recordingIsTimedBeforeItBegins();
    void memoryCapHoldsOverAMillionShortTasks();
    void memoryCapsAreReadAndWritten_data();
    void memoryCapsAreReadAndWritten();
};

void TestRun::memoryCapHoldsOverAMillionShortTasks()
{
    constexpr std::uint64_t kTasks = 1'000'000;
    RunSettings settings = threadsOnly("square", kTasks);
    settings.memoryCap = {std::uint64_t{8} << 20U, 0};
    const auto run = startRun(settings);
    QVERIFY(run != nullptr);
    run->waitUntilFinished();
    QVERIFY(!run->error());
    const SnapshotPtr snapshot = run->snapshot();
    QCOMPARE(snapshot->totals[0].submitted, kTasks);
    QCOMPARE(snapshot->totals[0].count(TaskState::Done), kTasks);
    QCOMPARE(snapshot->recordCount(), kTasks);
    QCOMPARE(letGoOf(*snapshot).records + snapshot->keptCount(), kTasks);
    QVERIFY(detailSince(*snapshot).has_value());
    QVERIFY(snapshot->recorder->store()->usedBytes() <= settings.memoryCap.bytes);
    for (const LaneView& lane : snapshot->lanes) {
        for (std::uint64_t i = lane.firstRecord; i < lane.recordCount; ++i) {
            const std::int64_t index = lane.lane->record(i).task;
            QVERIFY(lane.lane->result(i).value == Value{index * index});
        }
    }
}

void TestRun::memoryCapsAreReadAndWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isRight");
    QTest::addColumn<QString>("shortest");
    QTest::newRow("percent") << "25%" << true << "25%";
    QTest::newRow("mebibytes") << "512m" << true << "512M";
    QTest::newRow("gibibytes") << "2048M" << true << "2G";
    QTest::newRow("bytes") << "1048577" << true << "1048577";
    QTest::newRow("off") << "off" << true << "off";
    for (const char* wrong :
         {"", "0%", "101%", "1023K", "-1M", "1.5G", "M", "10 M", "99999999999999T", "5x"}) {
        QTest::newRow(wrong) << wrong << false << QString();
    }
}

void TestRun::memoryCapsAreReadAndWritten()
{
    QFETCH(const QString, text);
    QFETCH(const bool, isRight);
    QFETCH(const QString, shortest);
    const Result<MemoryCap> cap = parseMemoryCap(text.toStdString());
    QCOMPARE(cap.isOk(), isRight);
    if (isRight) {
        QCOMPARE(toText(cap.value()), shortest.toStdString());
        QVERIFY(shortest == QStringLiteral("off") || capInBytes(cap.value()) >= kLeastMemoryCap);
    }
}

void TestRun::refusesBadSettings_data()
{
    QTest::addColumn<QString>("workload");
    QTest::addColumn<QString>("executor");
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("chunk");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown workload") << "juggle"
                                      << "threads" << 1 << 1 << "juggle";
    QTest::newRow("unknown executor") << "square"
                                      << "fibers" << 1 << 1 << "fibers";
    QTest::newRow("no worker") << "square"
                               << "threads" << 0 << 1 << "0 workers";
    QTest::newRow("too many workers") << "square"
                                      << "threads" << 100000 << 1 << "100000";
    QTest::newRow("no chunk") << "square"
                              << "threads" << 1 << 0 << "0 tasks";
}

void TestRun::refusesBadSettings()
{
    QFETCH(QString, workload);
    QFETCH(QString, executor);
    QFETCH(int, workers);
    QFETCH(int, chunk);
    QFETCH(QString, named);
    RunSettings settings;
    settings.workload = workload.toStdString();
    settings.executors = {{executor.toStdString(), workers}};
    settings.chunk = chunk;
    const auto run = Run::start(settings, "test", {});
    QVERIFY(!run);
    QVERIFY2(QString::fromStdString(run.error().message).contains(named),
             run.error().message.c_str());
}

void TestRun::refusesTimesBelowZero_data()
{
    using Time = Nanos RunSettings::*;
    QTest::addColumn<Time>("time");
    QTest::addColumn<QString>("named");
    QTest::newRow("keep-alive") << &RunSettings::keepAliveNs << "idle workers";
    QTest::newRow("timeout") << &RunSettings::taskTimeoutNs << "attempt of a task";
    QTest::newRow("submit gap") << &RunSettings::submitGapNs << "a gap of";
    QTest::newRow("cancel") << &RunSettings::cancelAtNs << "cancel the run";
}

void TestRun::refusesTimesBelowZero()
{
    using Time = Nanos RunSettings::*;
    QFETCH(const Time, time);
    QFETCH(const QString, named);
    RunSettings settings = threadsOnly("square", 10);
    QVERIFY(checkSettings(settings));
    settings.*time = -1;
    const auto checked = checkSettings(settings);
    QVERIFY(!checked);
    const QString message = QString::fromStdString(checked.error().message);
    QVERIFY2(message.contains(named) && message.contains("-1 ns"), qPrintable(message));
    QVERIFY(!Run::start(settings, "test", {}));
}

void TestRun::refusesAnUnusableInitializer()
{
    RunSettings settings = threadsOnly("square", 10);
    settings.initializer = "nobody";
    const auto refused = Run::start(settings, "test", {});
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("initializer 'nobody'") != std::string::npos);

    settings.initializer = "hash_files"; // what it hashes is not known
    const auto run = startRun(settings);
    run->waitUntilFinished();
    QVERIFY(run->error());
    QVERIFY2(run->error()->message.find("hash_files") != std::string::npos,
             run->error()->message.c_str());
}

void TestRun::lazyRunStartsWorkersForTasksOnly()
{
    RunSettings settings = threadsOnly("square", 1, 4);
    settings.isLazy = true;
    const auto run = startRun(settings);
    run->waitUntilFinished();
    QCOMPARE(run->snapshot()->lanes.size(), std::size_t{1});
}

void TestRun::initializerRunsBeforeTheFirstTask()
{
    RunSettings settings = threadsOnly("square", 1, 1);
    settings.initializer = "sleep"; // some milliseconds by default
    const auto run = startRun(settings);
    run->waitUntilFinished();
    const LaneView lane = run->snapshot()->lanes.front();
    QCOMPARE(lane.recordCount, std::uint64_t{1});
    QVERIFY(lane.lane->record(0).startNs - lane.lives->front().openedNs > kNanosPerMilli / 10);
}

void TestRun::refusesToRunACommandTwice()
{
    RunSettings settings;
    settings.workload = "command";
    settings.params.set("command", std::string("true"));
    settings.params.set("items", std::string("1..3"));
    settings.executors = {{"threads", 1}, {"threads", 1}};
    const auto refused = Run::start(settings, "test", {});
    QVERIFY(!refused);
    QVERIFY2(QString::fromStdString(refused.error().message).contains("\"repeat\""),
             refused.error().message.c_str());

    settings.params.set("repeat", std::string("any"));
    const auto run = startRun(settings);
    QVERIFY(run);
    run->waitUntilFinished();
    QCOMPARE(run->snapshot()->totals[0].count(TaskState::Done), std::uint64_t{3});
    QCOMPARE(run->snapshot()->totals[1].count(TaskState::Done), std::uint64_t{3});
}

void TestRun::lostCommandIsNotTriedAgain()
{
    // The command ends its worker process, which is its parent.
    RunSettings settings;
    settings.workload = "command";
    settings.params.set("command", std::string("kill -KILL $PPID; exec sleep 1000"));
    settings.params.set("shell", std::string("sh"));
    settings.params.set("items", std::string("x"));
    settings.executors = {{"processes", 1}};
    settings.workerProgram =
        qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
    const auto run = startRun(settings);
    QVERIFY(run);
    run->waitUntilFinished();
    QVERIFY2(run->snapshot(), run->error() ? run->error()->message.c_str() : "");
    QCOMPARE(run->snapshot()->totals[0].count(TaskState::Lost), std::uint64_t{1});
    QCOMPARE(run->snapshot()->totals[0].lostAttempts, std::uint64_t{1});
}

void TestRun::endsWithEveryTaskDone()
{
    StateLog log;
    const auto run = startRun(threadsOnly("square", 5000), log.callbacks());
    QVERIFY(run);
    run->waitUntilFinished();
    const SnapshotPtr snapshot = run->snapshot();
    QVERIFY(snapshot);
    QVERIFY(!snapshot->isLive);
    QCOMPARE(snapshot->totals.size(), std::size_t{1});
    QCOMPARE(snapshot->totals[0].count(TaskState::Done), std::uint64_t{5000});
    QCOMPARE(snapshot->totals[0].submitted, std::uint64_t{5000});
    QVERIFY(!run->error());
    QCOMPARE(log.states(), (std::vector{RunState::Running, RunState::Finished}));
}

void TestRun::inlineRunObeysItsOrders()
{
    RunSettings settings = threadsOnly("sleep", 100'000);
    settings.executors = {{"inline", 7}};
    StateLog log;
    const auto run = startRun(settings, log.callbacks());
    QVERIFY(run);
    log.waitFor(RunState::Running);
    // Cancelled before its first submit, a run has nothing to count.
    QTRY_VERIFY(run->snapshot() && run->snapshot()->totals[0].submitted > 0);
    run->pause();
    run->resume();
    run->resize(0, 5);
    run->pause();
    run->cancel();
    run->waitUntilFinished();
    const SnapshotPtr snapshot = run->snapshot();
    QCOMPARE(snapshot->meta->executors[0].workers, 1); // whatever was asked for
    QCOMPARE(snapshot->totals[0].count(TaskState::Done) +
                 snapshot->totals[0].count(TaskState::Cancelled),
             snapshot->totals[0].submitted);
    QVERIFY(snapshot->totals[0].count(TaskState::Cancelled) > 0);
}

void TestRun::reportsWhatTurnsOutWhilePlanning()
{
    RunSettings settings;
    settings.workload = "hash_files";
    settings.params.set("input", std::string("/nowhere/at/all"));
    settings.executors = {{"threads", 1}};
    const auto run = startRun(settings);
    QVERIFY(run);
    run->waitUntilFinished();
    QVERIFY(run->error());
    QVERIFY(QString::fromStdString(run->error()->message).contains("/nowhere/at/all"));
    QVERIFY(!run->snapshot());
}

void TestRun::pausedRunGoesOnAfterResume()
{
    StateLog log;
    const auto run = startRun(threadsOnly("sleep", 40), log.callbacks());
    QVERIFY(run);
    log.waitFor(RunState::Running);
    run->pause();
    QCOMPARE(run->state(), RunState::Paused);
    run->resume();
    run->waitUntilFinished();
    QCOMPARE(run->snapshot()->totals[0].count(TaskState::Done), std::uint64_t{40});
}

void TestRun::cancelledRunAccountsForEveryTask()
{
    StateLog log;
    RunSettings settings = threadsOnly("sleep", 500);
    settings.params.set("ms", 50.0);
    const auto run = startRun(settings, log.callbacks());
    QVERIFY(run);
    log.waitFor(RunState::Running);
    run->cancel();
    run->waitUntilFinished();
    const ExecutorTotals& totals = run->snapshot()->totals[0];
    QCOMPARE(totals.endedCount(), totals.submitted);
    QCOMPARE(totals.count(TaskState::Done) + totals.count(TaskState::Cancelled), totals.submitted);
    QVERIFY(totals.count(TaskState::Done) < 500);
}

void TestRun::cancelStopsSubmittingLargeJobs()
{
    StateLog log;
    RunSettings settings = threadsOnly("sleep", 1'000'000);
    const auto run = startRun(settings, log.callbacks());
    QVERIFY(run);
    log.waitFor(RunState::Running);
    run->cancel();
    run->waitUntilFinished();
    QVERIFY(run->snapshot()->totals[0].submitted < 1'000'000);
    QCOMPARE(run->snapshot()->totals[0].endedCount(), run->snapshot()->totals[0].submitted);
}

void TestRun::timedResizeIsCarriedOutAndRecorded()
{
    RunSettings settings = threadsOnly("sleep", 200, 1);
    settings.params.set("ms", 5.0);
    settings.resizes = {{0, -1, 8}};
    const auto run = startRun(settings);
    QVERIFY(run);
    run->waitUntilFinished();
    const SnapshotPtr snapshot = run->snapshot();
    QVERIFY(std::any_of(snapshot->controlEvents->begin(), snapshot->controlEvents->end(),
                        [](const ControlEvent& event) {
                            return event.kind == ControlKind::Resize && event.value == 8;
                        }));
    QCOMPARE(snapshot->lanes.size(), std::size_t{8});
    QCOMPARE(snapshot->totals[0].count(TaskState::Done), std::uint64_t{200});
}

void TestRun::destructorEndsARunningRun()
{
    RunSettings settings = threadsOnly("sleep", 100'000);
    auto run = startRun(settings);
    QVERIFY(run);
    run.reset();
    QVERIFY(!run);
}

void TestRun::recordingIsTimedBeforeItBegins_data()
{
    QTest::addColumn<bool>("isMeasured");
    QTest::newRow("off") << false;
    QTest::newRow("totals") << true;
}

void TestRun::recordingIsTimedBeforeItBegins()
{
    QFETCH(bool, isMeasured);
    RunSettings settings = threadsOnly("square", 100);
    settings.costLevel = isMeasured ? CostLevel::Totals : CostLevel::Wall;
    const auto run = startRun(settings);
    QVERIFY(run != nullptr);
    run->waitUntilFinished();
    const SnapshotPtr snapshot = run->snapshot();
    const RecordingFacts& recording = snapshot->meta->recording;
    QVERIFY(recording.level == settings.costLevel);
    QVERIFY(recording.clockNs > 0);
    QVERIFY(recording.recordNs > 0);
    QCOMPARE(recording.costNs > 0, isMeasured);
    for (const LaneView& lane : snapshot->lanes) {
        QCOMPARE(lane.lane->hasCosts(), isMeasured);
        for (std::uint64_t i = 0; isMeasured && i < lane.recordCount; ++i) {
            QVERIFY(lane.lane->cost(i).wasMeasured());
            QCOMPARE(lane.lane->cost(i).hasRunQueue(), recording.gap.empty());
        }
    }
}

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
