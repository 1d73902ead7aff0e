// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pool: mapping callables over ranges, on every kind of executor that takes them.

#include "tests/conformance/executor_case.h"
#include "tests/conformance/number_ranges.h"

#include <QTest>

#include <atomic>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

/// Fails for what is not below the limit.
struct FailsFrom
{
    int limit;
    int operator()(int number) const
    {
        if (number >= limit) {
            throw std::out_of_range(std::to_string(number));
        }
        return number;
    }
};

} // namespace

class TestExecutorPool : public ExecutorCase
{
    Q_OBJECT

private slots:
    void init() { forget(); }

    void mapGivesValuesInOrder_data();
    void mapGivesValuesInOrder();
    void mapOfNothingIsNothing_data() { addCallRows(); }
    void mapOfNothingIsNothing();
    void mapOfVoidCallsRunsThemAll_data() { addCallRows(); }
    void mapOfVoidCallsRunsThemAll();
    void starmapSpreadsTuples_data() { addCallRows(); }
    void starmapSpreadsTuples();
    void applyWaitsForOneCall_data() { addCallRows(); }
    void applyWaitsForOneCall();
    void allErrorsAreCollected_data() { addCallRows(); }
    void allErrorsAreCollected();
    void failFastEndsItAll_data() { addCallRows(); }
    void failFastEndsItAll();
    void mapEndsWithItsTime_data() { addCallRows(); }
    void mapEndsWithItsTime();
    void itemsHaveTimeLimitsOfTheirOwn_data() { addCallRows(); }
    void itemsHaveTimeLimitsOfTheirOwn();
    void everyItemIsRecorded_data() { addCallRows(); }
    void everyItemIsRecorded();
    void executorThatWasShutDownFailsItemByItem_data() { addCallRows(); }
    void executorThatWasShutDownFailsItemByItem();
    void processPoolRefusesCalls();
};

void TestExecutorPool::mapGivesValuesInOrder_data()
{
    addCallRows();
}

void TestExecutorPool::mapGivesValuesInOrder()
{
    make();
    const Pool pool(*m_executor);
    for (const ChunkPolicy& policy :
         {ChunkPolicy::fixed(1), ChunkPolicy::fixed(7), ChunkPolicy::quarter(),
          ChunkPolicy::guided(), ChunkPolicy::automatic()}) {
        const MapResult<int> result = pool.map(numbers(300), square, inChunks(policy));
        QVERIFY(result.isAllDone());
        QCOMPARE(result.values(), squares(300));
    }
}

void TestExecutorPool::mapOfNothingIsNothing()
{
    make();
    const MapResult<int> result = Pool(*m_executor).map(std::vector<int>{}, square);
    QVERIFY(result.isAllDone());
    QVERIFY(result.values().empty());
}

void TestExecutorPool::mapOfVoidCallsRunsThemAll()
{
    make();
    std::atomic<int> sum{0};
    const MapResult<void> result =
        Pool(*m_executor).map(numbers(100), [&sum](int number) { sum += number; });
    QVERIFY(result.isAllDone());
    QCOMPARE(sum.load(), 4950);
}

void TestExecutorPool::starmapSpreadsTuples()
{
    make();
    const std::vector<std::tuple<int, std::string>> pairs{{1, "a"}, {2, "b"}, {3, "c"}};
    const auto result = Pool(*m_executor).starmap(pairs, [](int times, const std::string& text) {
        std::string all;
        for (int i = 0; i < times; ++i) {
            all += text;
        }
        return all;
    });
    QCOMPARE(result.values(), (std::vector<std::string>{"a", "bb", "ccc"}));
}

void TestExecutorPool::applyWaitsForOneCall()
{
    make();
    const Pool pool(*m_executor);
    QCOMPARE(pool.apply(square, 5), 25);
    QCOMPARE(pool.applyAsync(square, 6).value(), 36);
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, pool.apply(FailsFrom{0}, 1));
}

void TestExecutorPool::allErrorsAreCollected()
{
    make();
    const MapResult<int> result = Pool(*m_executor).map(numbers(40), FailsFrom{30});
    QVERIFY(!result.isAllDone());
    QCOMPARE(result.items.size(), std::size_t{40});
    const auto errors = result.errors();
    QCOMPARE(errors.size(), std::size_t{10});
    for (std::size_t i = 0; i < errors.size(); ++i) {
        QCOMPARE(errors[i]->index, std::uint64_t{30 + i});
        QCOMPARE(errors[i]->state, TaskState::Failed);
        QCOMPARE(errors[i]->error.text, std::to_string(30 + i));
        QCOMPARE(errors[i]->error.type, std::string("std::out_of_range"));
    }
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, result.values());
    QCOMPARE(result.items[29].value(), 29);
}

void TestExecutorPool::failFastEndsItAll()
{
    make();
    MapOptions options = inChunks(ChunkPolicy::fixed(2));
    options.isFailFast = true;
    const Endless input; // would go on for ever
    const MapResult<int> result = Pool(*m_executor).map(input, FailsFrom{20}, options);
    QCOMPARE(result.errors().size(), std::size_t{1});
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, result.values());
}

void TestExecutorPool::mapEndsWithItsTime()
{
    make();
    MapOptions options;
    options.timeoutNs = 20 * kNanosPerMilli;
    const Endless input;
    const MapResult<int> result = Pool(*m_executor)
                                      .map(
                                          input,
                                          [](const StopFlag& stop, int number) {
                                              stop.waitFor(kNanosPerMilli);
                                              return number;
                                          },
                                          options);
    QVERIFY(result.hasTimedOut);
    QVERIFY(!result.isAllDone());
    try {
        (void)result.values();
        QFAIL("nothing was thrown");
    } catch (const TaskFailure& failure) {
        QCOMPARE(failure.state(), TaskState::TimedOut);
    }
}

void TestExecutorPool::itemsHaveTimeLimitsOfTheirOwn()
{
    make();
    MapOptions options = inChunks(ChunkPolicy::fixed(4));
    options.task.timeoutNs = 10 * kNanosPerMilli;
    const MapResult<bool> result =
        Pool(*m_executor)
            .map(
                numbers(8),
                [](const StopFlag& stop, int number) {
                    return number == 3 ? stop.waitFor(kNever) : stop.isRequested();
                },
                options);
    QCOMPARE(result.errors().size(), std::size_t{1});
    QCOMPARE(result.errors()[0]->index, std::uint64_t{3});
    QCOMPARE(result.errors()[0]->state, TaskState::TimedOut);
}

void TestExecutorPool::everyItemIsRecorded()
{
    make();
    const MapResult<int> result =
        Pool(*m_executor).map(numbers(100), FailsFrom{90}, inChunks(ChunkPolicy::fixed(8)));
    QCOMPARE(result.errors().size(), std::size_t{10});
    m_executor->drain();
    std::vector<int> records(100);
    for (const Lane* lane : workerLanes(*m_recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const TaskRecord& record = lane->record(i);
            ++records[record.task];
            QCOMPARE(record.state(), record.task < 90 ? TaskState::Done : TaskState::Failed);
        }
    }
    QCOMPARE(records, std::vector<int>(100, 1));
}

void TestExecutorPool::executorThatWasShutDownFailsItemByItem()
{
    make();
    m_executor->shutdown();
    const MapResult<int> result = Pool(*m_executor).map(numbers(10), square);
    QCOMPARE(result.errors().size(), std::size_t{10});
    QVERIFY(result.errors()[0]->error.text.find("shut down") != std::string::npos);
}

void TestExecutorPool::processPoolRefusesCalls()
{
    const auto pool = makeExecutor("processes", {});
    const MapResult<int> result = Pool(*pool).map(numbers(3), square);
    QCOMPARE(result.errors().size(), std::size_t{3});
    QVERIFY(result.errors()[0]->error.text.find("worker process") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestExecutorPool)
#include "tst_executor_pool.moc"
