// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/workload.h"

#include <QTest>

using namespace poolscope;

namespace {

Result<JobPlan> planCount(const ParamSet& params, std::uint64_t seed)
{
    JobPlan plan;
    plan.taskCount = static_cast<std::uint64_t>(params.integer("tasks"));
    plan.kinds = {"kind of seed " + std::to_string(seed)};
    return plan;
}

Result<JobPlan> planNothing(const ParamSet&, std::uint64_t)
{
    return Error{"the disk is on fire"};
}

Result<Value> runNothing(const TaskContext&)
{
    return Value();
}

Workload someWorkload()
{
    return {
        .id = "some",
        .title = "Some",
        .summary = "Some work.",
        .params = {{.id = "tasks", .defaultValue = std::int64_t{3}, .minimum = 0, .maximum = 1e10}},
        .plan = planCount,
        .kernel = runNothing};
}

ParamSet tasks(std::int64_t count)
{
    ParamSet params;
    params.set("tasks", count);
    return params;
}

} // namespace

class JobTest : public QObject
{
    Q_OBJECT

private slots:
    void jobHasWhatItsTasksShare();
    void badParametersAreAnErrorOfTheWorkload();
    void plannersErrorIsPassedOn();
    void jobWithoutTasksIsAnError();
    void jobWithTooManyTasksIsAnError();
    void taskIsNamedByItemOrIndex();
    void kindsMayBeLeftOut();
};

void JobTest::jobHasWhatItsTasksShare()
{
    const Workload workload = someWorkload();
    const Result<std::shared_ptr<const Job>> job = planJob(workload, {}, 9);
    QVERIFY(job);
    QCOMPARE(job.value()->workload, &workload);
    QCOMPARE(job.value()->params.integer("tasks"), std::int64_t{3});
    QCOMPARE(job.value()->seed, std::uint64_t{9});
    QCOMPARE(job.value()->plan->taskCount, std::uint64_t{3});
    QCOMPARE(job.value()->plan->kinds.front(), std::string("kind of seed 9"));
}

void JobTest::badParametersAreAnErrorOfTheWorkload()
{
    const Result<std::shared_ptr<const Job>> job = planJob(someWorkload(), tasks(-1), 1);
    QVERIFY(!job);
    QVERIFY(job.error().message.starts_with("some: "));
    QVERIFY(job.error().message.find("\"tasks\"") != std::string::npos);
}

void JobTest::plannersErrorIsPassedOn()
{
    Workload workload = someWorkload();
    workload.plan = planNothing;
    const Result<std::shared_ptr<const Job>> job = planJob(workload, {}, 1);
    QVERIFY(!job);
    QCOMPARE(job.error().message, std::string("some: the disk is on fire"));
}

void JobTest::jobWithoutTasksIsAnError()
{
    QVERIFY(!planJob(someWorkload(), tasks(0), 1));
    QVERIFY(planJob(someWorkload(), tasks(1), 1));
}

void JobTest::jobWithTooManyTasksIsAnError()
{
    constexpr std::int64_t kMost = 0xffff'ffff;
    QVERIFY(planJob(someWorkload(), tasks(kMost), 1));
    QVERIFY(!planJob(someWorkload(), tasks(kMost + 1), 1));
}

void JobTest::taskIsNamedByItemOrIndex()
{
    JobPlan plan;
    plan.taskCount = 2;
    QCOMPARE(taskName("some", plan, 1), std::string("some 1"));
    plan.items = {"/a", ""};
    QCOMPARE(taskName("some", plan, 0), std::string("/a"));
    QCOMPARE(taskName("some", plan, 1), std::string("some 1"));
}

void JobTest::kindsMayBeLeftOut()
{
    JobPlan plan;
    plan.taskCount = 2;
    QCOMPARE(plan.kind(1), std::uint8_t{0});
    plan.kindOfTask = {0, 4};
    QCOMPARE(plan.kind(1), std::uint8_t{4});
    QVERIFY(plan.item(1).empty());
}

QTEST_GUILESS_MAIN(JobTest)
#include "tst_job.moc"
