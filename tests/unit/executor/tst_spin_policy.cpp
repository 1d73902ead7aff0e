// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/spin_policy.h"

#include <QTest>

using namespace poolscope;

class TstSpinPolicy : public QObject
{
    Q_OBJECT

private slots:
    void newWorkerSleepsAtOnce();
    void workerThatIsKeptBusySpins();
    void workerStopsSpinningInTime();
    void longGapsEndSpinning();
};

namespace {

SpinPolicy policyAfter(int gaps, Nanos gapNs)
{
    SpinPolicy policy;
    for (int i = 0; i < gaps; ++i) {
        policy.foundAfter(gapNs);
    }
    return policy;
}

} // namespace

void TstSpinPolicy::newWorkerSleepsAtOnce()
{
    QVERIFY(!SpinPolicy().maySpin(1'000, 1'000));
}

void TstSpinPolicy::workerThatIsKeptBusySpins()
{
    const SpinPolicy policy = policyAfter(20, kNanosPerMicro);
    QVERIFY(policy.maySpin(1'000, 1'000));
    QVERIFY(policy.maySpin(1'000, 1'000 + SpinPolicy::kMostSpin / 2));
}

void TstSpinPolicy::workerStopsSpinningInTime()
{
    QVERIFY(!policyAfter(20, kNanosPerMicro).maySpin(0, SpinPolicy::kMostSpin));
}

void TstSpinPolicy::longGapsEndSpinning()
{
    SpinPolicy policy = policyAfter(1'000, kNanosPerMicro);
    for (int i = 0; i < 3; ++i) {
        policy.foundAfter(kNanosPerSecond);
    }
    QVERIFY(!policy.maySpin(0, 0));
}

QTEST_GUILESS_MAIN(TstSpinPolicy)
#include "tst_spin_policy.moc"
