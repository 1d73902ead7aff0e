// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/expectation.h"
#include "core/analysis/ledger.h"
#include "core/analysis/run_summary.h"
#include "tests/support/synthetic_trace.h"

#include <QTest>

#include <set>

using namespace poolscope;

namespace {

Expectation parsed(std::string_view line)
{
    auto expectation = parseExpectation(line);
    if (!expectation) {
        throw std::runtime_error(expectation.error().message);
    }
    return std::move(expectation).value();
}

} // namespace

class ExpectationTest : public QObject
{
    Q_OBJECT

private slots:
    void readsLines();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void namesAreUnique();
    void comparesAtTheEdge_data();
    void comparesAtTheEdge();
    void measuresWhatTheSummarySays();
    void knowsNothingOfWhatDidNotRun();
};

void ExpectationTest::readsLines()
{
    const Expectation time = parsed(" p95_run<20ms ");
    QCOMPARE(expectationFigures()[time.figure].id, std::string_view("p95_run"));
    QCOMPARE(time.relation, Expectation::Relation::Less);
    QCOMPARE(time.value, 20e6);
    QCOMPARE(time.text, std::string("p95_run<20ms"));
    QVERIFY(time.executor.empty());
    const Expectation share = parsed("processes : utilisation >= 80 %");
    QCOMPARE(share.executor, std::string("processes"));
    QCOMPARE(share.relation, Expectation::Relation::GreaterOrEqual);
    QCOMPARE(share.value, 0.8);
    QCOMPARE(parsed("utilisation > .8").value, 0.8);
    QCOMPARE(parsed("failed = 0").relation, Expectation::Relation::Equal);
    QCOMPARE(parsed("failed != 1e3").value, 1000.0);
}

void ExpectationTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("empty") << QByteArray("") << QByteArray("it needs one of <");
    QTest::newRow("relation") << QByteArray("failed 0") << QByteArray("it needs one of <");
    QTest::newRow("half a relation") << QByteArray("failed ! 0") << QByteArray("it needs one of <");
    QTest::newRow("figure") << QByteArray("speed > 1")
                            << QByteArray("no figure \"speed\". Known: makespan");
    QTest::newRow("no figure") << QByteArray("> 1") << QByteArray("no figure \"\"");
    QTest::newRow("executor") << QByteArray(": failed == 0") << QByteArray("no executor");
    QTest::newRow("unit") << QByteArray("p50_run < 3") << QByteArray("no time with its unit");
    QTest::newRow("percent of a count") << QByteArray("failed < 3 %") << QByteArray("is no number");
    QTest::newRow("share") << QByteArray("tail < much") << QByteArray("is no share");
    QTest::newRow("not finite") << QByteArray("failed < nan") << QByteArray("is no number");
    QTest::newRow("no value") << QByteArray("failed <") << QByteArray("is no number");
    QTest::newRow("rest") << QByteArray("failed < 3 4") << QByteArray("is no number");
}

void ExpectationTest::saysWhatIsWrong()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, part);
    const auto expectation = parseExpectation(line.toStdString());
    QVERIFY(!expectation);
    const QByteArray message = QByteArray::fromStdString(expectation.error().message);
    QVERIFY2(message.contains(part), message);
    QVERIFY2(message.contains(line), "the message quotes the line");
}

void ExpectationTest::namesAreUnique()
{
    std::set<std::string_view> ids;
    for (const ExpectationFigure& figure : expectationFigures()) {
        QVERIFY(!figure.id.empty());
        QVERIFY2(ids.insert(figure.id).second, figure.id.data());
    }
}

void ExpectationTest::comparesAtTheEdge_data()
{
    QTest::addColumn<QByteArray>("relation");
    QTest::addColumn<bool>("below");
    QTest::addColumn<bool>("same");
    QTest::addColumn<bool>("above");
    QTest::newRow("<") << QByteArray("<") << true << false << false;
    QTest::newRow("<=") << QByteArray("<=") << true << true << false;
    QTest::newRow("==") << QByteArray("==") << false << true << false;
    QTest::newRow("!=") << QByteArray("!=") << true << false << true;
    QTest::newRow(">=") << QByteArray(">=") << false << true << true;
    QTest::newRow(">") << QByteArray(">") << false << false << true;
}

void ExpectationTest::comparesAtTheEdge()
{
    QFETCH(const QByteArray, relation);
    QFETCH(const bool, below);
    QFETCH(const bool, same);
    QFETCH(const bool, above);
    test::SyntheticOptions options;
    options.tasks = 500;
    options.lanes = 3;
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    const std::uint64_t tasks = summariseRun(*trace, 0).tasks;
    const auto isMet = [&](std::uint64_t value) {
        const std::string line = "tasks " + relation.toStdString() + " " + std::to_string(value);
        const auto outcomes = checkExpectations(*trace, {parsed(line)});
        return outcomes.front().isMet;
    };
    QCOMPARE(isMet(tasks + 1), below);
    QCOMPARE(isMet(tasks), same);
    QCOMPARE(isMet(tasks - 1), above);
}

void ExpectationTest::measuresWhatTheSummarySays()
{
    test::SyntheticOptions options;
    options.tasks = 2000;
    options.lanes = 4;
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    const RunSummary summary = summariseRun(*trace, 0);
    const Nanos begin = trace->totals[0].firstSubmitNs;
    const Ledger ledger = ledgerOf(*trace, 0, {begin, begin + summary.makespanNs});
    const auto measured = [&](std::string_view line) {
        const auto outcomes = checkExpectations(*trace, {parsed(line)});
        return outcomes.front().measured;
    };
    QCOMPARE(measured("makespan > 0 s"), static_cast<double>(summary.makespanNs));
    QCOMPARE(measured("p95_run > 0 s"), static_cast<double>(summary.run.p95Ns));
    QCOMPARE(measured("p99_wait > 0 s"), static_cast<double>(summary.wait.p99Ns));
    QCOMPARE(measured("failed > 0"), static_cast<double>(summary.failed));
    QCOMPARE(measured("utilisation > 0"), summary.utilisation);
    QCOMPARE(measured("starved > 0"), ledger.share(LaneTime::Starved));
    double sum = 0;
    for (const char* use :
         {"useful", "wasted", "start_up", "starved", "hand_over", "paused", "tail"}) {
        sum += measured(std::string(use) + " > 0");
    }
    QVERIFY2(std::abs(sum - 1) < 1e-9, "the shares of the ledger leave nothing over");
}

void ExpectationTest::knowsNothingOfWhatDidNotRun()
{
    test::SyntheticOptions options;
    options.tasks = 0;
    options.lanes = 1;
    const SnapshotPtr trace = test::makeSyntheticTrace(options);
    for (const char* line : {"p95_run < 1 h", "makespan < 1 h", "tail < 1", "utilisation <= 1"}) {
        const auto outcomes = checkExpectations(*trace, {parsed(line)});
        QVERIFY2(!outcomes.front().isKnown && !outcomes.front().isMet, line);
    }
    QVERIFY(checkExpectations(*trace, {parsed("failed == 0")}).front().isMet);
    const auto stranger = checkExpectations(*trace, {parsed("nobody: failed == 0")});
    QCOMPARE(stranger.size(), std::size_t{1});
    QCOMPARE(stranger.front().executor, -1);
    QVERIFY(!stranger.front().isMet);
}

QTEST_APPLESS_MAIN(ExpectationTest)
#include "tst_expectation.moc"
