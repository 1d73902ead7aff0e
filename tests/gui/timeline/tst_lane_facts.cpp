// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/collector.h"
#include "core/trace/recorder.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/task_facts.h"

#include <QTest>

using namespace poolscope;

namespace {

/// \return the facts of a task that gave \p value, or failed with \p error.
TaskFacts factsOf(const Value& value, const std::string& error)
{
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 1;
    plan->kinds = {"kind"};
    auto meta = std::make_shared<TraceMeta>();
    meta->plan = std::move(plan);
    meta->executors = {{"threads", "Thread pool", 1}};
    const auto recorder = std::make_shared<Recorder>(monotonicNow(), 1);
    Collector collector(recorder, std::move(meta));
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 1});
    recorder->addSubmitted(0, 1);
    TaskRecord record;
    record.endNs = 10;
    record.setState(error.empty() ? TaskState::Done : TaskState::Failed);
    lane.append(record, value, error);
    lane.closeLife(10);
    collector.finish();
    return taskFacts(*collector.latest(), {0, 0}).value_or(TaskFacts{});
}

QString lineOf(const TaskFacts& facts, const QString& what)
{
    for (const auto& [name, text] : facts.lines) {
        if (name == what) {
            return text;
        }
    }
    return {};
}

} // namespace

class TestLaneFacts : public QObject
{
    Q_OBJECT

private slots:
    void shortResultIsALine();
    void resultOfSeveralLinesIsANote();
    void errorIsANote();
    void longTextIsCut();
    void headingCountsEachWayToEnd();
};

void TestLaneFacts::shortResultIsALine()
{
    const TaskFacts facts = factsOf(Value{std::int64_t{42}}, "");
    QCOMPARE(lineOf(facts, "Result"), QStringLiteral("42"));
    QCOMPARE(facts.note, QString());
}

void TestLaneFacts::resultOfSeveralLinesIsANote()
{
    const TaskFacts facts = factsOf(Value{std::string("exit 0\noutput")}, "");
    QCOMPARE(facts.note, QStringLiteral("exit 0\noutput"));
    QCOMPARE(lineOf(facts, "Result"), QString());
}

void TestLaneFacts::errorIsANote()
{
    const TaskFacts facts = factsOf(Value{}, "exit status 3");
    QCOMPARE(facts.note, QStringLiteral("exit status 3"));
    QCOMPARE(facts.state, TaskState::Failed);
}

void TestLaneFacts::longTextIsCut()
{
    const std::string text = "begins\n" + std::string(5'000'000, 'x');
    QVERIFY(factsOf(Value{text}, "").note.startsWith("begins\nxxx"));
    QVERIFY(factsOf(Value{text}, "").note.size() <= 600);
    QVERIFY(factsOf(Value{}, text).note.size() <= 600);
}

void TestLaneFacts::headingCountsEachWayToEnd()
{
    ExecutorTotals totals;
    totals.total = 10;
    totals.workers = 2;
    const auto end = [&totals](TaskState state, std::uint64_t count) {
        totals.ended[static_cast<std::size_t>(state)] = count;
    };
    end(TaskState::Done, 4);
    Snapshot snapshot;
    snapshot.isLive = true;
    snapshot.totals = {totals};
    QCOMPARE(groupFacts(snapshot, 0), QStringLiteral("2 workers  ·  4 of 10 tasks"));
    end(TaskState::Failed, 1);
    end(TaskState::Lost, 3);
    end(TaskState::Cancelled, 2);
    totals.lostAttempts = 7;
    snapshot.totals = {totals};
    QCOMPARE(
        groupFacts(snapshot, 0),
        QStringLiteral(
            "2 workers  ·  10 tasks  ·  1 failed  ·  3 lost  ·  2 cancelled  ·  7 attempts lost"));
}

QTEST_GUILESS_MAIN(TestLaneFacts)
#include "tst_lane_facts.moc"
