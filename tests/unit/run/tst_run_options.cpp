// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_delta.h"
#include "core/run/run.h"
#include "core/run/run_options.h"

#include <QTest>

#include <limits>

using namespace poolscope;

class RunOptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void defaultsAreLeftOut();
    void eachOptionComesBack();
    void whatCannotBeSetIsLeftOut();
    void runKnowsItsOptions();
};

void RunOptionsTest::defaultsAreLeftOut()
{
    QVERIFY(runOptionsOf(RunSettings()).values().empty());
}

void RunOptionsTest::eachOptionComesBack()
{
    RunSettings settings;
    settings.maxAttempts = 7;
    settings.retryFailed = true;
    settings.hasInterpreterLock = true;
    settings.isLazy = true;
    settings.keepAliveNs = 5;
    settings.initializer = "sleep";
    settings.taskTimeoutNs = 6;
    settings.queueLimit = 8;
    settings.prefetch = 0;
    settings.submitGapNs = 9;
    const ParamSet options = runOptionsOf(settings);
    QCOMPARE(options.values().size(), std::size_t{10});
    RunSettings other;
    setRunOptions(other, options);
    QVERIFY(other == settings);
}

void RunOptionsTest::whatCannotBeSetIsLeftOut()
{
    ParamSet options;
    options.set("from_a_later_version", std::int64_t{1});
    options.set("prefetch", std::string("two"));
    options.set("max_attempts", std::numeric_limits<std::int64_t>::max());
    options.set("queue_limit", 2.5);
    options.set("submit_gap_ns", std::int64_t{-1});
    RunSettings settings;
    setRunOptions(settings, options);
    QVERIFY(settings == RunSettings());
}

/// What a run file has then, and what a comparison tells.
void RunOptionsTest::runKnowsItsOptions()
{
    RunSettings settings;
    settings.workload = "sleep";
    settings.params.set("tasks", std::int64_t{4});
    settings.executors = {{"threads", 2}};
    const auto metaOf = [](const RunSettings& chosen) {
        const auto run = Run::start(chosen, "test", {});
        run.value()->waitUntilFinished();
        return run.value()->snapshot()->meta;
    };
    const auto plain = metaOf(settings);
    settings.queueLimit = 3;
    const auto limited = metaOf(settings);
    QVERIFY(plain->options.values().empty());
    QCOMPARE(limited->options.integer("queue_limit"), std::int64_t{3});
    const std::vector<FactDelta> facts = compareFacts(*plain, *limited);
    QCOMPARE(facts.size(), std::size_t{1});
    QCOMPARE(facts.front().fact, std::string("option:queue_limit"));
}

QTEST_GUILESS_MAIN(RunOptionsTest)
#include "tst_run_options.moc"
