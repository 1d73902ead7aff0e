// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/channel.h"
#include "core/executor/executor.h"
#include "core/executor/message.h"
#include "core/executor/worker_page.h"

#include <QTest>

#include <cstring>
#include <memory>
#include <random>

using namespace poolscope;

/// What pool and worker send each other, above all what happens when it is not what it should be.
class TestWorkerMessages : public QObject
{
    Q_OBJECT

private slots:
    void helloSurvivesTheWay();
    void jobSurvivesTheWay();
    void tasksSurviveTheWay();
    void resultsSurviveTheWay();
    void cutBodiesAreRefused();
    void impossibleResultsAreRefused_data();
    void impossibleResultsAreRefused();
    void unknownCostLevelsAreRefused();
    void tooManyTasksAreRefused();
    void parserTakesSingleBytes();
    void malformedHeadersEndTheStream_data();
    void malformedHeadersEndTheStream();
    void randomBytesDoNoHarm();
    void ringCarriesMoreThanItHolds();
    void ringTakesNoMoreThanFits();
    void ringDoesNotBelieveItsCounters();
    void claimCountsWhatBegan();
    void revokedTasksDoNotBegin();
};

namespace {

/// \return the body of a framed message.
std::string bodyOf(std::string_view frame)
{
    return std::string(frame.substr(5));
}

TaskCost someCost()
{
    TaskCost cost;
    cost.cpuNs = 480;
    cost.runQueueNs = 20;
    cost.involuntarySwitches = 1;
    cost.peakMemoryKiB = 3000;
    cost.startCore = 2;
    cost.flags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;
    return cost;
}

ResultMessage someResult()
{
    return {7,         TaskState::Failed, Value{std::string("value")},
            "why not", 1'000'000'000'000, 1'000'000'000'500,
            3,         someCost()};
}

} // namespace

void TestWorkerMessages::helloSurvivesTheWay()
{
    MessageWriter writer;
    const auto hello =
        decodeHello(bodyOf(writer.hello({kProtocolVersion, 0xfedcba9876543210, 4711, "1.2.3"})));
    QVERIFY(hello.has_value());
    QCOMPARE(hello->protocol, kProtocolVersion);
    QCOMPARE(hello->catalogueHash, std::uint64_t{0xfedcba9876543210});
    QCOMPARE(hello->processId, std::int64_t{4711});
    QCOMPARE(hello->version, std::string("1.2.3"));
}

void TestWorkerMessages::jobSurvivesTheWay()
{
    ParamSet params;
    params.set("ms", 0.5);
    params.set("tasks", std::int64_t{-3});
    params.set("input", std::string("a\nb"));
    MessageWriter writer;
    const auto job = decodeJob(bodyOf(writer.job({"sleep", params, 42, CostLevel::Totals})));
    QVERIFY(job.has_value());
    QCOMPARE(job->workload, std::string("sleep"));
    QVERIFY(job->params == params);
    QCOMPARE(job->seed, std::uint64_t{42});
    QVERIFY(job->costLevel == CostLevel::Totals);
}

void TestWorkerMessages::tasksSurviveTheWay()
{
    MessageWriter writer;
    const std::string body = bodyOf(writer.tasks({5, 1'000'000, 2, {"one", ""}}));
    const auto tasks = decodeTasks(body);
    QVERIFY(tasks.has_value());
    QCOMPARE(tasks->epoch, std::uint64_t{5});
    QCOMPARE(tasks->first, std::uint64_t{1'000'000});
    QCOMPARE(tasks->count, std::uint64_t{2});
    QCOMPARE(tasks->items, (std::vector<std::string_view>{"one", ""}));
}

void TestWorkerMessages::resultsSurviveTheWay()
{
    MessageWriter writer;
    const ResultMessage sent = someResult();
    const auto result = decodeResult(bodyOf(writer.result(sent)));
    QVERIFY(result.has_value());
    QCOMPARE(result->index, sent.index);
    QCOMPARE(result->state, sent.state);
    QVERIFY(result->value == sent.value);
    QCOMPARE(result->error, sent.error);
    QCOMPARE(result->startNs, sent.startNs);
    QCOMPARE(result->endNs, sent.endNs);
    QCOMPARE(result->core, sent.core);
    QVERIFY(result->cost == sent.cost);
    ResultMessage cheap = sent;
    cheap.cost.reset();
    const auto without = decodeResult(bodyOf(writer.result(cheap)));
    QVERIFY(without.has_value() && !without->cost.has_value());
}

void TestWorkerMessages::cutBodiesAreRefused()
{
    ParamSet params;
    params.set("tasks", std::int64_t{3});
    MessageWriter writer;
    const std::string hello = bodyOf(writer.hello({kProtocolVersion, 1, 2, "3"}));
    const std::string job = bodyOf(writer.job({"square", params, 1}));
    const std::string tasks = bodyOf(writer.tasks({1, 2, 2, {"a", "b"}}));
    const std::string result = bodyOf(writer.result(someResult()));
    const auto countAccepted = [](const std::string& body, auto decode) {
        int accepted = 0;
        for (std::size_t size = 0; size < body.size(); ++size) {
            accepted += decode(std::string_view(body).substr(0, size)).has_value() ? 1 : 0;
        }
        return accepted + (decode(body + "x").has_value() ? 1 : 0);
    };
    QCOMPARE(countAccepted(hello, decodeHello), 0);
    QCOMPARE(countAccepted(job, decodeJob), 0);
    QCOMPARE(countAccepted(tasks, decodeTasks), 0);
    QCOMPARE(countAccepted(result, decodeResult), 0);
}

void TestWorkerMessages::impossibleResultsAreRefused_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<qint64>("startNs");
    QTest::addColumn<qint64>("endNs");
    QTest::newRow("not ended") << static_cast<int>(TaskState::Running) << qint64{1} << qint64{2};
    QTest::newRow("unknown state") << kTaskStateCount << qint64{1} << qint64{2};
    QTest::newRow("before time") << static_cast<int>(TaskState::Done) << qint64{-1} << qint64{2};
    QTest::newRow("ends before its start")
        << static_cast<int>(TaskState::Done) << qint64{2} << qint64{1};
}

void TestWorkerMessages::impossibleResultsAreRefused()
{
    QFETCH(int, state);
    QFETCH(qint64, startNs);
    QFETCH(qint64, endNs);
    ResultMessage message = someResult();
    message.state = static_cast<TaskState>(state);
    message.startNs = startNs;
    message.endNs = endNs;
    MessageWriter writer;
    QVERIFY(!decodeResult(bodyOf(writer.result(message))).has_value());
}

void TestWorkerMessages::unknownCostLevelsAreRefused()
{
    MessageWriter writer;
    JobMessage job;
    job.costLevel = static_cast<CostLevel>(9);
    QVERIFY(!decodeJob(bodyOf(writer.job(job))).has_value());
}

void TestWorkerMessages::tooManyTasksAreRefused()
{
    MessageWriter writer;
    QVERIFY(decodeTasks(bodyOf(writer.tasks({0, 0, kMaxChunk, {}}))).has_value());
    QVERIFY(!decodeTasks(bodyOf(writer.tasks({0, 0, kMaxChunk + 1, {}}))).has_value());
    QVERIFY(!decodeTasks(bodyOf(writer.tasks({0, 0, 3, {"fewer items"}}))).has_value());
}

void TestWorkerMessages::parserTakesSingleBytes()
{
    MessageWriter writer;
    std::string stream(writer.doorbell());
    stream += writer.result(someResult());
    stream += writer.doorbell();
    MessageParser parser;
    std::vector<MessageKind> kinds;
    for (const char byte : stream) {
        parser.append({&byte, 1});
        while (const auto message = parser.next()) {
            kinds.push_back(message->kind);
            QCOMPARE(decodeResult(message->body).has_value(), message->kind == MessageKind::Result);
        }
    }
    QVERIFY(!parser.hasFailed());
    QCOMPARE(kinds,
             (std::vector{MessageKind::Doorbell, MessageKind::Result, MessageKind::Doorbell}));
}

void TestWorkerMessages::malformedHeadersEndTheStream_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("nothing in it") << QByteArray("\0\0\0\0\1", 5);
    QTest::newRow("kind 0") << QByteArray("\1\0\0\0\0", 5);
    QTest::newRow("unknown kind") << QByteArray("\1\0\0\0\6", 5);
    QTest::newRow("64 MiB and a byte") << QByteArray("\1\0\0\4\1", 5);
    QTest::newRow("4 GiB") << QByteArray("\377\377\377\377\1", 5);
}

void TestWorkerMessages::malformedHeadersEndTheStream()
{
    QFETCH(QByteArray, header);
    MessageParser parser;
    parser.append({header.constData(), static_cast<std::size_t>(header.size())});
    QVERIFY(!parser.next().has_value());
    QVERIFY(parser.hasFailed());
    MessageWriter writer;
    parser.append(writer.doorbell());
    QVERIFY(!parser.next().has_value());
}

void TestWorkerMessages::randomBytesDoNoHarm()
{
    std::mt19937 random(1);
    MessageWriter writer;
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(writer.result(someResult()));
        bytes[random() % bytes.size()] = static_cast<char>(random());
        bytes[random() % bytes.size()] = static_cast<char>(random());
        MessageParser parser;
        parser.append(bytes);
        while (const auto message = parser.next()) {
            accepted += decodeResult(message->body).has_value() ? 1 : 0;
            accepted += decodeHello(message->body).has_value() ? 1 : 0;
            accepted += decodeJob(message->body).has_value() ? 1 : 0;
            accepted += decodeTasks(message->body).has_value() ? 1 : 0;
        }
    }
    // Some of the damage is in the values, which nobody can tell; but not all.
    QVERIFY(accepted > 0);
    QVERIFY(accepted < 20'000);
}

void TestWorkerMessages::ringCarriesMoreThanItHolds()
{
    const auto ring = std::make_unique<ByteRing>();
    std::mt19937 random(2);
    std::string sent;
    std::string received;
    while (sent.size() < 5 * ByteRing::kCapacity) {
        std::string piece(random() % 20'000, static_cast<char>('a' + random() % 26));
        piece.resize(ring->write(piece));
        sent += piece;
        if (random() % 3 == 0) {
            QVERIFY(ring->read(received));
        }
    }
    QVERIFY(ring->read(received));
    QVERIFY(received == sent);
}

void TestWorkerMessages::ringTakesNoMoreThanFits()
{
    const auto ring = std::make_unique<ByteRing>();
    const std::string tooMuch(ByteRing::kCapacity + 10, 'x');
    QCOMPARE(ring->write(tooMuch), std::size_t{ByteRing::kCapacity});
    QCOMPARE(ring->write("y"), std::size_t{0});
    std::string received;
    QVERIFY(ring->read(received));
    QVERIFY(received == tooMuch.substr(10));
    ring->waitForRoom(
        kNanosPerSecond); // there is room: this test would not end with a missed wake-up
    QCOMPARE(ring->write("y"), std::size_t{1});
}

void TestWorkerMessages::ringDoesNotBelieveItsCounters()
{
    const auto ring = std::make_unique<ByteRing>();
    const std::uint32_t written = ByteRing::kCapacity + 1;
    std::memcpy(static_cast<void*>(ring.get()), &written,
                sizeof(written)); // as a wild worker would
    std::string received;
    QVERIFY(!ring->read(received));
    QVERIFY(received.empty());
    QCOMPARE(ring->write("no room"), std::size_t{0});
}

void TestWorkerMessages::claimCountsWhatBegan()
{
    TaskClaim claim;
    QVERIFY(claim.beginNext(0, 0));
    QVERIFY(claim.beginNext(0, 1));
    QCOMPARE(claim.begun(), std::uint64_t{2});
    QCOMPARE(claim.revoke(1), std::uint64_t{2});
    QCOMPARE(claim.begun(), std::uint64_t{0});
}

void TestWorkerMessages::revokedTasksDoNotBegin()
{
    TaskClaim claim;
    QVERIFY(claim.beginNext(0, 0));
    QCOMPARE(claim.revoke(1), std::uint64_t{1});
    QVERIFY(!claim.beginNext(0, 1));
    QVERIFY(claim.beginNext(1, 0));
    QCOMPARE(claim.revoke(TaskClaim::kEpochMask), std::uint64_t{1});
    QVERIFY(claim.beginNext(TaskClaim::kEpochMask, 0));
    QVERIFY(!claim.beginNext(1, 1));
}

QTEST_GUILESS_MAIN(TestWorkerMessages)
#include "tst_worker_messages.moc"
