// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/queue_sampler.h"

#include <QTest>

#include <set>

using namespace poolscope;

class QueueSamplerTest : public QObject
{
    Q_OBJECT

private slots:
    void sampleIsTakenWhenItIsDue();
    void samplesStayWithinTheirBound();
    void lastSampleIsTheEnd();
};

void QueueSamplerTest::sampleIsTakenWhenItIsDue()
{
    QueueSampler sampler(10);
    for (const Nanos timeNs : {3, 5, 12, 13, 14, 40}) {
        sampler.sample(timeNs, {});
    }
    std::vector<Nanos> times;
    for (const QueueSample& sample : *sampler.share()) {
        times.push_back(sample.timeNs);
    }
    QVERIFY((times == std::vector<Nanos>{3, 13, 40}));
}

void QueueSamplerTest::samplesStayWithinTheirBound()
{
    constexpr Nanos kPeriodNs = 1000;
    QueueSampler sampler(kPeriodNs);
    ExecutorTotals totals;
    for (Nanos timeNs = 0; timeNs < 100'000 * kPeriodNs; timeNs += kPeriodNs) {
        totals.submitted = static_cast<std::uint64_t>(timeNs);
        sampler.sample(timeNs, totals);
        QVERIFY(timeNs % (1000 * kPeriodNs) != 0 ||
                sampler.share()->size() <= QueueSampler::kMaxSamples);
    }
    const auto samples = sampler.share();
    QVERIFY(samples->size() <= QueueSampler::kMaxSamples);
    QVERIFY(samples->size() > QueueSampler::kMaxSamples / 2 - 1);
    QCOMPARE(samples->front().timeNs, Nanos{0});
    QVERIFY(samples->back().timeNs > 100'000 * kPeriodNs - 2 * sampler.periodNs());
    std::set<Nanos> steps;
    for (std::size_t i = 1; i < samples->size(); ++i) {
        steps.insert((*samples)[i].timeNs - (*samples)[i - 1].timeNs);
        QCOMPARE((*samples)[i].submitted, static_cast<std::uint64_t>((*samples)[i].timeNs));
    }
    QCOMPARE(steps.size(), std::size_t{1});
    QCOMPARE(*steps.begin(), 16 * kPeriodNs);
    QVERIFY(sampler.share() == samples); // nothing new, no copy
}

void QueueSamplerTest::lastSampleIsTheEnd()
{
    QueueSampler sampler(10);
    ExecutorTotals totals;
    for (const Nanos timeNs : {0, 10, 20, 30}) {
        sampler.sample(timeNs, totals);
    }
    totals.submitted = 5;
    sampler.sampleLast(15, totals); // the run was over before it was noticed
    const auto samples = sampler.share();
    QCOMPARE(samples->size(), std::size_t{3});
    QCOMPARE(samples->at(1).timeNs, Nanos{10});
    QCOMPARE(samples->at(2).timeNs, Nanos{15});
    QCOMPARE(samples->at(2).submitted, std::uint64_t{5});
}

QTEST_GUILESS_MAIN(QueueSamplerTest)
#include "tst_queue_sampler.moc"
