// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/experiment_text.h"

#include <QTest>

namespace poolscope {

/// The words of verdicts, from figures that are known.
class TestExperimentText : public QObject
{
    Q_OBJECT

private slots:
    void workersAreCounted();
    void noisyRunsTellNothing();
    void duelNamesBothSides();
    void runsAreNumberedFromOne();
};

namespace {

/// Throughputs of 1 and of 2 workers in some rounds.
std::vector<Repeat> repeats(const std::vector<double>& one, const std::vector<double>& two)
{
    std::vector<Repeat> runs;
    for (std::size_t round = 0; round < one.size(); ++round) {
        runs.push_back({1, static_cast<int>(round), one[round]});
        runs.push_back({2, static_cast<int>(round), two[round]});
    }
    return runs;
}

std::vector<ChunkRun> chunkRuns(const std::vector<double>& one, const std::vector<double>& eight)
{
    std::vector<ChunkRun> runs;
    for (std::size_t round = 0; round < one.size(); ++round) {
        runs.push_back({1, static_cast<int>(round), one[round], one[round], 0, 0, 0});
        runs.push_back({8, static_cast<int>(round), eight[round], eight[round], 0, 0, 0});
    }
    return runs;
}

} // namespace

void TestExperimentText::workersAreCounted()
{
    const auto more = advisePoolSize(repeats({10, 10.1, 10.2}, {19, 19.2, 19.3}));
    QCOMPARE(sweepSentences(more).first(),
             QStringLiteral("Take 2 workers: the best throughput of those measured."));
    const auto fewer = advisePoolSize(repeats({10, 10.1, 10.2}, {8, 8.1, 8.2}));
    QVERIFY(sweepSentences(fewer).first().startsWith(QStringLiteral("Take 1 worker:")));
    QVERIFY(sweepSentences(fewer).last().startsWith(QStringLiteral("More hurt: 2 workers")));
    QVERIFY(sweepSentences({}).first().startsWith(QStringLiteral("Cannot tell how many workers")));
}

void TestExperimentText::noisyRunsTellNothing()
{
    const auto advice = advisePoolSize(repeats({10, 3, 14}, {4, 19, 9}));
    QVERIFY(advice.canTell);
    QVERIFY(!advice.isFirm());
    const QStringList sentences = sweepSentences(advice);
    QVERIFY2(sentences.first().contains(QStringLiteral("differ so much")),
             qPrintable(sentences.first()));
    const ChunkCurve curve = chunkCurveOf(chunkRuns({10, 3, 14}, {4, 19, 9}));
    QVERIFY(curve.canTell);
    QVERIFY(!curve.isFirm());
    QVERIFY2(chunkSentences(curve).first().contains(QStringLiteral("differ so much")),
             qPrintable(chunkSentences(curve).first()));
    const ChunkCurve quiet = chunkCurveOf(chunkRuns({10, 10.1, 10.2}, {14, 14.1, 14.2}));
    QVERIFY(quiet.isFirm());
    QCOMPARE(chunkSentences(quiet),
             QStringList{
                 QStringLiteral("Take chunks of 1: no other size of those measured is as good.")});
}

void TestExperimentText::duelNamesBothSides()
{
    Comparison comparison;
    comparison.rounds = 5;
    comparison.ratio = {0.5, 0.4, 0.625};
    comparison.verdict = Verdict::SecondFaster;
    QCOMPARE(duelSentence(comparison, QStringLiteral("a"), QStringLiteral("b")),
             QStringLiteral("b 2.00x faster than a, 95 % 1.60-2.50, 5 rounds."));
    comparison.verdict = Verdict::Undecided;
    QVERIFY(duelSentence(comparison, QStringLiteral("a"), QStringLiteral("b"))
                .startsWith(QStringLiteral("b may be faster than a")));
}

void TestExperimentText::runsAreNumberedFromOne()
{
    RunSettings settings;
    settings.executors = {{"threads", 2}};
    ExperimentPlan plan;
    plan.arms = armsByWorkers(settings, {1, 3});
    plan.rounds = 6;
    QCOMPARE(runText(plan, 4, armText(ExperimentKind::Sweep, plan, 1), 2),
             QStringLiteral("run 5 of 12: 3 workers, round 3"));
    QCOMPARE(armText(ExperimentKind::Sweep, plan, 0), QStringLiteral("1 worker"));
    QCOMPARE(armText(ExperimentKind::Duel, plan, 0), QStringLiteral("threads:1"));
    plan.arms = armsByChunk(settings, {16});
    QCOMPARE(armText(ExperimentKind::Chunks, plan, 0), QStringLiteral("chunk 16"));
}

} // namespace poolscope

QTEST_GUILESS_MAIN(poolscope::TestExperimentText)
#include "tst_experiment_text.moc"
