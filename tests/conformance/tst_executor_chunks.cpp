// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks that are one task each: loops and maps over ranges, and over the tasks of a job.

#include "core/workload/catalogue.h"
#include "tests/conformance/executor_case.h"
#include "tests/conformance/number_ranges.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

namespace {

const std::vector<ChunkPolicy> kPolicies{ChunkPolicy::fixed(1), ChunkPolicy::fixed(7),
                                         ChunkPolicy::quarter(), ChunkPolicy::guided(),
                                         ChunkPolicy::automatic()};

/// \return whether the chunks have all items up to \p count, in order.
template <class Result>
bool covers(const Result& result, std::uint64_t count)
{
    std::uint64_t next = 0;
    for (const auto& chunk : result.chunks) {
        if (chunk.items.first != next || chunk.items.count == 0) {
            return false;
        }
        next += chunk.items.count;
    }
    return next == count;
}

std::vector<int> allResults(const ChunkedResult<MappedChunk<int>>& result)
{
    std::vector<int> all;
    for (const auto& chunk : result.chunks) {
        all.insert(all.end(), chunk.results.begin(), chunk.results.end());
    }
    return all;
}

int failsAt13(int number)
{
    if (number == 13) {
        throw std::out_of_range("thirteen");
    }
    return number;
}

} // namespace

class TestExecutorChunks : public ExecutorCase
{
    Q_OBJECT

private slots:
    void init() { forget(); }

    void loopCallsEachItemOnce_data() { addCallRows(); }
    void loopCallsEachItemOnce();
    void loopMayChangeItsItems_data() { addCallRows(); }
    void loopMayChangeItsItems();
    void resultsComeInOrder_data() { addCallRows(); }
    void resultsComeInOrder();
    void nothingHasNoChunks_data() { addExecutorRows(); }
    void nothingHasNoChunks();
    void chunkIsOneRecord_data() { addExecutorRows(); }
    void chunkIsOneRecord();
    void itemThatFailsEndsItsChunkOnly_data() { addCallRows(); }
    void itemThatFailsEndsItsChunkOnly();
    void failFastEndsItAll_data() { addCallRows(); }
    void failFastEndsItAll();
    void loopEndsWithItsTime_data() { addCallRows(); }
    void loopEndsWithItsTime();
    void chunkHasTheTimeLimit_data() { addCallRows(); }
    void chunkHasTheTimeLimit();
    void cancelledChunkStopsBetweenItems_data() { addBackgroundCallRows(); }
    void cancelledChunkStopsBetweenItems();
    void taskLoopsOnItsOwnExecutor_data() { addCallRows(); }
    void taskLoopsOnItsOwnExecutor();
    void executorThatWasShutDownFailsAllChunks_data() { addExecutorRows(); }
    void executorThatWasShutDownFailsAllChunks();
    void jobGivesTheSameInChunks_data() { addExecutorRows(); }
    void jobGivesTheSameInChunks();
    void largeBlocksComeBack_data() { addExecutorRows(); }
    void largeBlocksComeBack();
    void itemsTravelWithTheirTexts_data() { addExecutorRows(); }
    void itemsTravelWithTheirTexts();
    void failedItemOfAJobIsNamed_data() { addExecutorRows(); }
    void failedItemOfAJobIsNamed();
    void chunkOfADeadWorkerIsBegunAgain();
    void processPoolRefusesLoops();
};

void TestExecutorChunks::loopCallsEachItemOnce()
{
    make();
    for (const ChunkPolicy& policy : kPolicies) {
        std::vector<std::atomic<int>> calls(5000);
        const auto result =
            Pool(*m_executor)
                .forEach(
                    numbers(5000),
                    [&calls](int number) { ++calls[static_cast<std::size_t>(number)]; },
                    inChunks(policy));
        QVERIFY(result.isAllDone());
        QVERIFY(covers(result, 5000));
        QVERIFY(std::all_of(calls.begin(), calls.end(),
                            [](const std::atomic<int>& count) { return count == 1; }));
    }
}

void TestExecutorChunks::loopMayChangeItsItems()
{
    make();
    std::vector<int> all = numbers(300);
    const auto result = Pool(*m_executor).forEach(all, [](int& number) { number *= number; });
    QVERIFY(result.isAllDone());
    QCOMPARE(all, squares(300));
}

void TestExecutorChunks::resultsComeInOrder()
{
    make();
    for (const ChunkPolicy& policy : kPolicies) {
        const auto result = Pool(*m_executor).mapChunks(numbers(1000), square, inChunks(policy));
        QVERIFY(result.isAllDone());
        QVERIFY(covers(result, 1000));
        QCOMPARE(allResults(result), squares(1000));
        result.throwError(); // there is none
    }
}

void TestExecutorChunks::nothingHasNoChunks()
{
    make();
    for (const ChunkPolicy& policy : kPolicies) {
        const auto result =
            Pool(*m_executor).mapChunks(std::vector<int>{}, square, inChunks(policy));
        QVERIFY(result.isAllDone());
        QVERIFY(result.chunks.empty());
    }
}

void TestExecutorChunks::chunkIsOneRecord()
{
    make();
    const auto result = mapJob(*m_executor, *squareJob(100), inChunks(ChunkPolicy::fixed(8)));
    QVERIFY(result.isAllDone());
    m_executor->drain();
    std::vector<int> records(13);
    for (const Lane* lane : workerLanes(*m_recorder)) {
        for (std::uint64_t i = 0; i < lane->recordCount(); ++i) {
            const TaskRecord& record = lane->record(i);
            ++records[record.task];
            QCOMPARE(record.state(), TaskState::Done);
            QCOMPARE(lane->result(i).value, Value(std::int64_t{record.task < 12 ? 8 : 4}));
        }
    }
    QCOMPARE(records, std::vector<int>(13, 1));
}

void TestExecutorChunks::itemThatFailsEndsItsChunkOnly()
{
    make();
    const auto result =
        Pool(*m_executor).mapChunks(numbers(40), failsAt13, inChunks(ChunkPolicy::fixed(5)));
    QVERIFY(!result.isAllDone());
    QVERIFY(covers(result, 40));
    QCOMPARE(result.errors().size(), std::size_t{1});
    const MappedChunk<int>& failed = *result.errors().front();
    QCOMPARE(failed.items, (ItemSpan{10, 5}));
    QCOMPARE(failed.state, TaskState::Failed);
    QCOMPARE(failed.error.text, std::string("item 13: thirteen"));
    QCOMPARE(failed.error.type, std::string("std::out_of_range"));
    QVERIFY(failed.results.empty());
    QCOMPARE(allResults(result).size(), std::size_t{35});
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, result.throwError());
}

void TestExecutorChunks::failFastEndsItAll()
{
    make();
    MapOptions options = inChunks(ChunkPolicy::automatic(1));
    options.isFailFast = true;
    std::atomic<int> calls{0};
    const auto result = Pool(*m_executor)
                            .forEach(
                                numbers(1'000'000),
                                [&calls](int number) {
                                    ++calls;
                                    static_cast<void>(failsAt13(number));
                                },
                                options);
    QVERIFY(!result.isAllDone());
    QVERIFY(calls < 1'000'000);
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, result.throwError());
}

void TestExecutorChunks::loopEndsWithItsTime()
{
    make();
    MapOptions options = inChunks(ChunkPolicy::fixed(10));
    options.timeoutNs = 20 * kNanosPerMilli;
    const auto result =
        Pool(*m_executor)
            .forEach(
                numbers(1'000'000),
                [](const StopFlag& stop, int /*number*/) { stop.waitFor(kNanosPerMilli); },
                options);
    QVERIFY(!result.isAllDone());
    QVERIFY(result.hasTimedOut);
    QVERIFY_THROWS_EXCEPTION(TaskFailure, result.throwError());
}

void TestExecutorChunks::chunkHasTheTimeLimit()
{
    make();
    MapOptions options = inChunks(ChunkPolicy::fixed(4));
    options.task.timeoutNs = 10 * kNanosPerMilli;
    const auto result = Pool(*m_executor)
                            .forEach(
                                numbers(8),
                                [](const StopFlag& stop, int number) {
                                    if (number == 3) {
                                        stop.waitFor(kNever);
                                    }
                                },
                                options);
    QCOMPARE(result.errors().size(), std::size_t{1});
    QCOMPARE(result.errors()[0]->items, (ItemSpan{0, 4}));
    QCOMPARE(result.errors()[0]->state, TaskState::TimedOut);
}

void TestExecutorChunks::cancelledChunkStopsBetweenItems()
{
    make();
    std::latch begun(1);
    std::atomic<int> calls{0};
    const std::jthread canceller([this, &begun] {
        begun.wait();
        m_executor->cancel();
    });
    const auto result = Pool(*m_executor)
                            .forEach(
                                numbers(10),
                                [&](const StopFlag& stop, int number) {
                                    ++calls;
                                    if (number == 3) {
                                        begun.count_down();
                                        stop.waitFor(kNever);
                                    }
                                },
                                inChunks(ChunkPolicy::fixed(10)));
    QCOMPARE(calls.load(), 4);
    QCOMPARE(result.chunks.size(), std::size_t{1});
    QCOMPARE(result.chunks[0].state, TaskState::Cancelled);
    QCOMPARE(result.chunks[0].error.text, std::string("cancelled after 4 of items 0-9"));
}

void TestExecutorChunks::taskLoopsOnItsOwnExecutor()
{
    make();
    const Future<int> outer = m_executor->submit([this] {
        std::atomic<int> sum{0};
        const auto result =
            Pool(*m_executor).forEach(numbers(1000), [&sum](int number) { sum += number; });
        return result.isAllDone() ? sum.load() : -1;
    });
    QCOMPARE(outer.value(), 499'500);
}

void TestExecutorChunks::executorThatWasShutDownFailsAllChunks()
{
    make();
    m_executor->shutdown();
    const auto result = mapJob(*m_executor, *squareJob(10), inChunks(ChunkPolicy::fixed(4)));
    QCOMPARE(result.errors().size(), std::size_t{3});
    QVERIFY(result.errors()[0]->error.text.find("shut down") != std::string::npos);
}

void TestExecutorChunks::jobGivesTheSameInChunks()
{
    make();
    for (const ChunkPolicy& policy : kPolicies) {
        const auto result = mapJob(*m_executor, *squareJob(700), inChunks(policy));
        QVERIFY(result.isAllDone());
        QVERIFY(covers(result, 700));
        for (const JobChunk& chunk : result.chunks) {
            QCOMPARE(chunk.values.size(), chunk.items.count);
            for (std::uint64_t i = 0; i < chunk.items.count; ++i) {
                const auto item = static_cast<std::int64_t>(chunk.items.first + i);
                QCOMPARE(chunk.values.at(i), Value(item * item));
            }
        }
    }
}

void TestExecutorChunks::largeBlocksComeBack()
{
    make();
    const auto result = mapJob(*m_executor, *squareJob(100'000),
                               inChunks(ChunkPolicy::fixed(40'000))); // 320 kB of results
    QVERIFY(result.isAllDone());
    QCOMPARE(result.chunks.size(), std::size_t{3});
    std::int64_t item = 0;
    for (const JobChunk& chunk : result.chunks) {
        for (const std::int64_t number : chunk.values.integers()) {
            QCOMPARE(number, item * item);
            ++item;
        }
    }
    QCOMPARE(item, std::int64_t{100'000});
}

namespace {

/// Files a1, a22, … each with its own name in it.
void writeFiles(const QTemporaryDir& folder, int count)
{
    for (int i = 0; i < count; ++i) {
        QFile file(folder.filePath(QStringLiteral("file%1").arg(i)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(file.fileName().toUtf8());
    }
}

} // namespace

void TestExecutorChunks::itemsTravelWithTheirTexts()
{
    const QTemporaryDir folder;
    writeFiles(folder, 10);
    make();
    const auto job = hashJob(folder.path());
    const auto inOne = mapJob(*m_executor, *job, inChunks(ChunkPolicy::fixed(10)));
    const auto inThrees = mapJob(*m_executor, *job, inChunks(ChunkPolicy::fixed(3)));
    QVERIFY(inOne.isAllDone());
    QVERIFY(inThrees.isAllDone());
    for (std::uint64_t task = 0; task < 10; ++task) {
        const Value alone = m_executor->submitTask(job, task).value();
        QVERIFY(!std::get<std::string>(alone).empty());
        QCOMPARE(inOne.chunks[0].values.at(task), alone);
        QCOMPARE(inThrees.chunks[task / 3].values.at(task % 3), alone);
    }
}

void TestExecutorChunks::failedItemOfAJobIsNamed()
{
    const QTemporaryDir folder;
    writeFiles(folder, 6);
    const auto job = hashJob(folder.path());
    const std::string gone(job->plan->item(4));
    QVERIFY(QFile::remove(QString::fromStdString(gone)));
    make();
    const auto result = mapJob(*m_executor, *job, inChunks(ChunkPolicy::fixed(3)));
    QCOMPARE(result.errors().size(), std::size_t{1});
    const JobChunk& failed = *result.errors().front();
    QCOMPARE(failed.items, (ItemSpan{3, 3}));
    QCOMPARE(failed.state, TaskState::Failed);
    QVERIFY(failed.error.text.starts_with("item 4 (" + gone + "): "));
    QCOMPARE(failed.values.size(), std::uint64_t{0});
    QVERIFY(result.chunks[0].isDone());
}

void TestExecutorChunks::chunkOfADeadWorkerIsBegunAgain()
{
    ParamSet params;
    params.set("tasks", std::int64_t{12});
    params.set("victim", std::int64_t{5});
    params.set("ms", 0.1);
    const auto job = planJob(*findWorkload("crash"), params, 1);
    QVERIFY(job.isOk());
    ExecutorOptions options;
    options.workers = 2;
    options.maxAttempts = 2;
    const auto pool = makeExecutor("processes", options, makeRecorder());
    const auto result = mapJob(*pool, *job.value(), inChunks(ChunkPolicy::fixed(4)));
    QCOMPARE(result.errors().size(), std::size_t{1});
    QCOMPARE(result.errors()[0]->items, (ItemSpan{4, 4}));
    QCOMPARE(result.errors()[0]->state, TaskState::Lost); // it dies each time
    QVERIFY(result.chunks[0].isDone());
    QVERIFY(result.chunks[2].isDone());
}

void TestExecutorChunks::processPoolRefusesLoops()
{
    const auto pool = makeExecutor("processes", {});
    const auto result = Pool(*pool).forEach(numbers(3), square, inChunks(ChunkPolicy::fixed(2)));
    QCOMPARE(result.errors().size(), std::size_t{2});
    QVERIFY(result.errors()[0]->error.text.find("worker process") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestExecutorChunks)
#include "tst_executor_chunks.moc"
