// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pool: mapping callables over ranges, on every kind of executor that takes them.

#include "core/executor/pool.h"
#include "tests/conformance/executor_case.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <numeric>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

void addRows(bool isInlineWanted = true)
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    for (const ExecutorKind& kind : executorKinds()) {
        for (const int workers : {1, 2, 3, 8}) {
            if (kind.takesCalls && (isInlineWanted || !kind.isInline)) {
                QTest::addRow("%s, %d", kind.id, workers) << QString(kind.id) << workers;
            }
        }
    }
}

int square(int number)
{
    return number * number;
}

std::vector<int> numbers(int count)
{
    std::vector<int> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

std::vector<int> squares(int count)
{
    std::vector<int> all = numbers(count);
    std::transform(all.begin(), all.end(), all.begin(), square);
    return all;
}

MapOptions inChunks(const ChunkPolicy& policy)
{
    MapOptions options;
    options.chunk = policy;
    return options;
}

/// 0, 1, 2, … without end (clang 14 does not take std::views::iota of libstdc++ 12).
struct Endless
{
    struct Iterator
    {
        using value_type = int;
        using difference_type = std::ptrdiff_t;
        int number = 0;

        int operator*() const { return number; }
        Iterator& operator++()
        {
            ++number;
            return *this;
        }
        void operator++(int) { ++number; }
    };
    [[nodiscard]] Iterator begin() const { return {}; }
    [[nodiscard]] std::unreachable_sentinel_t end() const { return {}; }
};

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

class TestExecutorPool : public QObject
{
    Q_OBJECT

private slots:
    void init();

    void mapGivesValuesInOrder_data();
    void mapGivesValuesInOrder();
    void mapOfNothingIsNothing_data() { addRows(); }
    void mapOfNothingIsNothing();
    void mapOfVoidCallsRunsThemAll_data() { addRows(); }
    void mapOfVoidCallsRunsThemAll();
    void starmapSpreadsTuples_data() { addRows(); }
    void starmapSpreadsTuples();
    void applyWaitsForOneCall_data() { addRows(); }
    void applyWaitsForOneCall();
    void imapGivesItemsInOrder_data() { addRows(); }
    void imapGivesItemsInOrder();
    void imapUnorderedGivesItemsAsTheyEnd_data() { addRows(); }
    void imapUnorderedGivesItemsAsTheyEnd();
    void earlySlowItemHoldsNoOtherBack_data();
    void earlySlowItemHoldsNoOtherBack();
    void rangeIsReadOnlyAsFarAsTheWindow_data() { addRows(); }
    void rangeIsReadOnlyAsFarAsTheWindow();
    void streamLeftEarlyEndsItsItems_data() { addRows(); }
    void streamLeftEarlyEndsItsItems();
    void allErrorsAreCollected_data() { addRows(); }
    void allErrorsAreCollected();
    void failFastEndsItAll_data() { addRows(); }
    void failFastEndsItAll();
    void mapEndsWithItsTime_data() { addRows(); }
    void mapEndsWithItsTime();
    void itemsHaveTimeLimitsOfTheirOwn_data() { addRows(); }
    void itemsHaveTimeLimitsOfTheirOwn();
    void everyItemIsRecorded_data() { addRows(); }
    void everyItemIsRecorded();
    void executorThatWasShutDownFailsItemByItem_data() { addRows(); }
    void executorThatWasShutDownFailsItemByItem();
    void processPoolRefusesCalls();

private:
    void make();

    int m_workers = 0;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<Executor> m_executor;
};

void TestExecutorPool::init()
{
    m_executor.reset();
}

void TestExecutorPool::make()
{
    QFETCH(QString, kind);
    QFETCH(int, workers);
    m_workers = workers;
    ExecutorOptions options;
    options.workers = workers;
    m_recorder = makeRecorder();
    m_executor = makeExecutor(kind, options, m_recorder);
}

void TestExecutorPool::mapGivesValuesInOrder_data()
{
    addRows();
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

void TestExecutorPool::imapGivesItemsInOrder()
{
    make();
    const std::vector<int> input = numbers(200);
    auto items = Pool(*m_executor).imap(input, square);
    std::vector<int> seen;
    for (const MapItem<int>& item : items) {
        QCOMPARE(item.index, seen.size());
        seen.push_back(item.value());
    }
    QCOMPARE(seen, squares(200));
}

void TestExecutorPool::imapUnorderedGivesItemsAsTheyEnd()
{
    make();
    const std::vector<int> input = numbers(200);
    auto items = Pool(*m_executor).imapUnordered(input, square, inChunks(ChunkPolicy::fixed(3)));
    std::set<std::uint64_t> indexes;
    for (const MapItem<int>& item : items) {
        QCOMPARE(item.value(), square(static_cast<int>(item.index)));
        indexes.insert(item.index);
    }
    QCOMPARE(indexes.size(), std::size_t{200});
}

void TestExecutorPool::earlySlowItemHoldsNoOtherBack_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("workers");
    for (const ExecutorKind& kind : executorKinds()) {
        if (kind.takesCalls && !kind.isInline) { // inline nothing overtakes anything
            QTest::addRow("%s, 2", kind.id) << QString(kind.id) << 2;
        }
    }
}

void TestExecutorPool::earlySlowItemHoldsNoOtherBack()
{
    make();
    StopFlag release;
    const std::vector<int> input = numbers(50);
    auto items = Pool(*m_executor).imapUnordered(input, [&release](int number) {
        if (number == 0) {
            release.waitFor(kNever);
        }
        return number;
    });
    for (int i = 0; i < 49; ++i) {
        const auto item = items.next();
        QVERIFY(item && item->value() != 0);
    }
    release.request();
    QCOMPARE(items.next()->value(), 0);
    QVERIFY(!items.next());
}

void TestExecutorPool::rangeIsReadOnlyAsFarAsTheWindow()
{
    make();
    const Endless input; // has no end
    auto items = Pool(*m_executor).imap(input, square);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(items.next()->value(), square(i));
        // Two chunks of one item for each worker, whatever the kind.
        QVERIFY(items.sent() <= static_cast<std::uint64_t>(i + 1 + 2 * m_workers));
    }
    MapOptions options = inChunks(ChunkPolicy::fixed(5));
    options.window = 7;
    auto others = Pool(*m_executor).imapUnordered(input, square, options);
    for (std::uint64_t i = 0; i < 100; ++i) {
        QVERIFY(others.next().has_value());
        QVERIFY(others.sent() <= i + 7);
    }
}

void TestExecutorPool::streamLeftEarlyEndsItsItems()
{
    make();
    std::atomic<int> begun{0};
    {
        const Endless input;
        auto items = Pool(*m_executor).imap(input, [&begun](const StopFlag& stop, int number) {
            ++begun;
            if (number > 0) {
                stop.waitFor(kNanosPerMilli);
            }
            return number;
        });
        QCOMPARE(items.next()->value(), 0);
    }
    const int then = begun; // nothing that refers to our stack runs any more
    m_executor->drain();
    QCOMPARE(begun.load(), then);
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
