// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/workload/run_task.h"

#include <QTest>

#include <array>
#include <atomic>
#include <limits>
#include <thread>

using namespace poolscope;

Q_DECLARE_METATYPE(poolscope::ParamSet)

namespace {

std::vector<Value> runAll(const Job& job)
{
    std::vector<Value> values;
    for (std::uint64_t task = 0; task < job.plan->taskCount; ++task) {
        values.push_back(runTask(job, task).value());
    }
    return values;
}

std::int64_t sumOfAll(const Job& job)
{
    std::int64_t sum = 0;
    for (std::uint64_t task = 0; task < job.plan->taskCount; ++task) {
        sum += wholeNumber(job, task);
    }
    return sum;
}

/// \return the picture of one pixel at x + iy, which is its escape time.
std::int64_t escapeTimeAt(double x, double y, std::int64_t iterations)
{
    const auto job = planned("mandelbrot", paramsOf({{"tasks", std::int64_t{1}},
                                                     {"columns", std::int64_t{1}},
                                                     {"iterations", iterations},
                                                     {"center_x", x},
                                                     {"center_y", y}}));
    return wholeNumber(*job.value(), 0);
}

} // namespace

class WorkloadsTest : public QObject
{
    Q_OBJECT

private slots:
    void sameResultsFromEveryThread_data();
    void sameResultsFromEveryThread();
    void longTasksStopWhenAsked_data();
    void longTasksStopWhenAsked();
    void stoppedAtWork_data() { longTasksStopWhenAsked_data(); }
    void stoppedAtWork();

    void squaresUpToTheLast();
    void primesOfAllRangesAddUp_data();
    void primesOfAllRangesAddUp();
    void escapeTimes_data();
    void escapeTimes();
    void mandelbrotIsItsOwnMirror();
    void mandelbrotRowsAreUneven();
    void sleepReportsThePlannedTime();
    void sleepsAtLeastThePlannedTime();
    void stragglersStandWhereTheyShould_data();
    void stragglersStandWhereTheyShould();
    void crashSparesThisProcess();
};

void WorkloadsTest::sameResultsFromEveryThread_data()
{
    QTest::addColumn<ParamSet>("params");
    QTest::newRow("square") << paramsOf({{"tasks", std::int64_t{200}}});
    QTest::newRow("count_primes") << paramsOf(
        {{"tasks", std::int64_t{20}}, {"span", std::int64_t{500}}});
    QTest::newRow("mandelbrot") << paramsOf({{"tasks", std::int64_t{20}},
                                             {"columns", std::int64_t{30}},
                                             {"iterations", std::int64_t{200}}});
    QTest::newRow("sleep") << paramsOf({{"tasks", std::int64_t{20}}, {"ms", 0.05}});
    QTest::newRow("mixed") << paramsOf({{"tasks", std::int64_t{50}}, {"median_ms", 0.01}});
    QTest::newRow("compute") << paramsOf(
        {{"tasks", std::int64_t{20}}, {"cpu_ms", 0.01}, {"wait_ms", 0.01}});
    QTest::newRow("stragglers") << paramsOf(
        {{"tasks", std::int64_t{20}}, {"ms", 0.01}, {"long_ms", 0.05}});
    QTest::newRow("locked") << paramsOf({{"tasks", std::int64_t{20}}, {"ms", 0.05}});
    QTest::newRow("prepare") << paramsOf({{"tasks", std::int64_t{5}}, {"ms", 0.05}});
    QTest::newRow("counters") << paramsOf(
        {{"tasks", std::int64_t{20}}, {"thousands", std::int64_t{2}}});
    QTest::newRow("triad") << paramsOf({{"tasks", std::int64_t{5}},
                                        {"array_kib", std::int64_t{4}},
                                        {"traffic_mib", std::int64_t{1}}});
}

void WorkloadsTest::sameResultsFromEveryThread()
{
    QFETCH(const ParamSet, params);
    const auto job = planned(QTest::currentDataTag(), params);
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    const std::vector<Value> expected = runAll(*job.value());
    QVERIFY(runAll(*job.value()) == expected);

    std::array<std::vector<Value>, 2> seen;
    {
        std::vector<std::jthread> threads;
        for (std::vector<Value>& values : seen) {
            threads.emplace_back([&] { values = runAll(*job.value()); });
        }
    }
    QVERIFY(seen[0] == expected);
    QVERIFY(seen[1] == expected);

    const auto again = planned(QTest::currentDataTag(), params);
    QVERIFY(again.value()->plan->kindOfTask == job.value()->plan->kindOfTask);
    QVERIFY(runAll(*again.value()) == expected);
}

void WorkloadsTest::longTasksStopWhenAsked_data()
{
    // Each would take many seconds.
    QTest::addColumn<ParamSet>("params");
    QTest::addColumn<quint64>("task");
    QTest::newRow("count_primes") << paramsOf({{"tasks", std::int64_t{100'000}},
                                               {"span", std::int64_t{1'000'000}}})
                                  << quint64{99'999};
    QTest::newRow("mandelbrot") << paramsOf({{"tasks", std::int64_t{1}},
                                             {"columns", std::int64_t{100'000}},
                                             {"iterations", std::int64_t{100'000}},
                                             {"center_x", 0.0},
                                             {"width", 0.01}})
                                << quint64{0};
    QTest::newRow("sleep") << paramsOf({{"ms", 3'600'000.0}}) << quint64{0};
    QTest::newRow("mixed") << paramsOf({{"median_ms", 10'000.0},
                                        {"spread", 4.0},
                                        {"longest_ms", 600'000.0}})
                           << quint64{0};
    QTest::newRow("compute") << paramsOf({{"cpu_ms", 600'000.0}}) << quint64{0};
    QTest::newRow("stragglers") << paramsOf({{"ms", 600'000.0}}) << quint64{0};
    QTest::newRow("locked") << paramsOf({{"ms", 600'000.0}}) << quint64{0};
    QTest::newRow("prepare") << paramsOf({{"ms", 600'000.0}}) << quint64{0};
    QTest::newRow("counters") << paramsOf({{"thousands", std::int64_t{10'000'000}}}) << quint64{0};
    QTest::newRow("triad") << paramsOf({{"array_kib", std::int64_t{64}},
                                        {"traffic_mib", std::int64_t{1'000'000}}})
                           << quint64{0};
}

void WorkloadsTest::longTasksStopWhenAsked()
{
    QFETCH(const ParamSet, params);
    QFETCH(const quint64, task);
    const auto job = planned(QTest::currentDataTag(), params);
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    StopFlag stop;
    stop.request();
    const Result<Value> result = runTask(*job.value(), task, stop);
    QVERIFY(!result);
    QCOMPARE(result.error().message, std::string("cancelled"));
}

void WorkloadsTest::stoppedAtWork()
{
    QFETCH(const ParamSet, params);
    QFETCH(const quint64, task);
    const auto job = planned(QTest::currentDataTag(), params);
    QVERIFY(job);
    StopFlag stop;
    std::atomic<bool> hasBegun = false;
    bool isDone = true;
    std::jthread worker([&] {
        hasBegun = true;
        hasBegun.notify_one();
        isDone = runTask(*job.value(), task, stop).isOk();
    });
    hasBegun.wait(false);
    stop.request();
    worker.join();
    QVERIFY(!isDone);
}

void WorkloadsTest::squaresUpToTheLast()
{
    const auto job = planned("square", paramsOf({{"tasks", std::int64_t{100'000'000}}}));
    QVERIFY(job);
    QCOMPARE(wholeNumber(*job.value(), 0), std::int64_t{0});
    QCOMPARE(wholeNumber(*job.value(), 12), std::int64_t{144});
    QCOMPARE(wholeNumber(*job.value(), 99'999'999), std::int64_t{9'999'999'800'000'001});
    QVERIFY(!planned("square", paramsOf({{"tasks", std::int64_t{100'000'001}}})));
}

void WorkloadsTest::primesOfAllRangesAddUp_data()
{
    QTest::addColumn<qint64>("tasks");
    QTest::addColumn<qint64>("span");
    QTest::addColumn<qint64>("primes");
    QTest::newRow("below 1") << qint64{1} << qint64{1} << qint64{0};
    QTest::newRow("below 3") << qint64{3} << qint64{1} << qint64{1};
    QTest::newRow("below 26, 25 is none") << qint64{26} << qint64{1} << qint64{9};
    QTest::newRow("below 1000, one by one") << qint64{1'000} << qint64{1} << qint64{168};
    QTest::newRow("below 1000, at once") << qint64{1} << qint64{1'000} << qint64{168};
    QTest::newRow("below 1 million") << qint64{10} << qint64{100'000} << qint64{78'498};
}

void WorkloadsTest::primesOfAllRangesAddUp()
{
    QFETCH(const qint64, tasks);
    QFETCH(const qint64, span);
    QFETCH(const qint64, primes);
    const auto job = planned(
        "count_primes", paramsOf({{"tasks", std::int64_t{tasks}}, {"span", std::int64_t{span}}}));
    QVERIFY(job);
    QCOMPARE(sumOfAll(*job.value()), std::int64_t{primes});
}

void WorkloadsTest::escapeTimes_data()
{
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("y");
    QTest::addColumn<qint64>("steps");
    constexpr qint64 kMost = 50;
    QTest::newRow("0 stays") << 0.0 << 0.0 << kMost;
    QTest::newRow("-2 stays on the rim") << -2.0 << 0.0 << kMost;
    QTest::newRow("i goes round") << 0.0 << 1.0 << kMost;
    QTest::newRow("1 leaves: 0, 1, 2, 5") << 1.0 << 0.0 << qint64{3};
    QTest::newRow("4 leaves at once") << 4.0 << 0.0 << qint64{1};
}

void WorkloadsTest::escapeTimes()
{
    QFETCH(const double, x);
    QFETCH(const double, y);
    QFETCH(const qint64, steps);
    QCOMPARE(escapeTimeAt(x, y, 50), std::int64_t{steps});
    QCOMPARE(escapeTimeAt(x, y, 1), std::int64_t{1});
}

void WorkloadsTest::mandelbrotIsItsOwnMirror()
{
    for (const std::int64_t rows : {40, 41}) {
        const auto job = planned("mandelbrot", paramsOf({{"tasks", rows},
                                                         {"columns", std::int64_t{60}},
                                                         {"iterations", std::int64_t{300}}}));
        QVERIFY(job);
        const auto last = static_cast<std::uint64_t>(rows - 1);
        for (std::uint64_t row = 0; row < last; ++row) {
            QCOMPARE(wholeNumber(*job.value(), row), wholeNumber(*job.value(), last - row));
        }
    }
}

void WorkloadsTest::mandelbrotRowsAreUneven()
{
    const auto job = planned(
        "mandelbrot", paramsOf({{"columns", std::int64_t{60}}, {"iterations", std::int64_t{300}}}));
    QVERIFY(job);
    const std::int64_t top = wholeNumber(*job.value(), 0);
    const std::int64_t middle = wholeNumber(*job.value(), job.value()->plan->taskCount / 2);
    QVERIFY(middle > 10 * top);
}

void WorkloadsTest::sleepReportsThePlannedTime()
{
    const auto exact = planned("sleep", paramsOf({{"ms", 1.5}, {"jitter", 0.0}}));
    QCOMPARE(wholeNumber(*exact.value(), 3), std::int64_t{1'500});

    const auto none = planned("sleep", paramsOf({{"ms", 0.0}}));
    QCOMPARE(wholeNumber(*none.value(), 3), std::int64_t{0});

    const auto varied = planned("sleep", paramsOf({{"ms", 0.01}, {"jitter", 0.5}}));
    std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
    std::int64_t longest = 0;
    for (std::uint64_t task = 0; task < 500; ++task) {
        const std::int64_t micros = wholeNumber(*varied.value(), task);
        shortest = std::min(shortest, micros);
        longest = std::max(longest, micros);
    }
    QCOMPARE(shortest, std::int64_t{5});
    QCOMPARE(longest, std::int64_t{15});
}

void WorkloadsTest::sleepsAtLeastThePlannedTime()
{
    const auto job = planned("sleep", paramsOf({{"ms", 3.0}, {"jitter", 0.0}}));
    const Nanos begin = monotonicNow();
    QCOMPARE(wholeNumber(*job.value(), 0), std::int64_t{3'000});
    QVERIFY(monotonicNow() - begin >= 3 * kNanosPerMilli);
}

void WorkloadsTest::stragglersStandWhereTheyShould_data()
{
    QTest::addColumn<QString>("kinds"); // of ten tasks, three of them long
    QTest::newRow("first") << "1110000000";
    QTest::newRow("last") << "0000000111";
    QTest::newRow("spread") << "0001001001";
}

void WorkloadsTest::stragglersStandWhereTheyShould()
{
    QFETCH(const QString, kinds);
    const auto job =
        planned("stragglers", paramsOf({{"tasks", std::int64_t{10}},
                                        {"long_tasks", std::int64_t{3}},
                                        {"order", std::string(QTest::currentDataTag())}}));
    QString planned;
    for (const std::uint8_t kind : job.value()->plan->kindOfTask) {
        planned += QString::number(kind);
    }
    QCOMPARE(planned, kinds);
}

void WorkloadsTest::crashSparesThisProcess()
{
    const auto job = planned("crash", paramsOf({{"victim", std::int64_t{3}}, {"ms", 0.01}}));
    QVERIFY(runTask(*job.value(), 2));
    const Result<Value> result = runTask(*job.value(), 3);
    QVERIFY(!result);
    QVERIFY(result.error().message.find("Run it on processes") != std::string::npos);
}

QTEST_GUILESS_MAIN(WorkloadsTest)
#include "tst_workloads.moc"
