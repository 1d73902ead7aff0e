// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/cpu_quota.h"
#include "core/base/machine_facts.h"
#include "core/base/memory_limit.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sched.h>

#include <thread>

using namespace poolscope;

namespace {

/// Files of a made-up machine: path below its root and content.
using Files = QMap<QString, QByteArray>;

bool writeFiles(const QString& root, const Files& files)
{
    for (auto file = files.begin(); file != files.end(); ++file) {
        const QString path = root + QLatin1Char('/') + file.key();
        QFile out(path);
        if (!QDir().mkpath(QFileInfo(path).path()) || !out.open(QIODevice::WriteOnly) ||
            out.write(file.value()) != file.value().size()) {
            return false;
        }
    }
    return true;
}

const QString kCgroup = QStringLiteral("proc/self/cgroup");

} // namespace

class MachineFactsTest : public QObject
{
    Q_OBJECT

private slots:
    void factsOfThisMachineAreFilledIn();
    void affinityMaskLimitsUsableCpus();
    void quota_data();
    void memoryLimit();
    void quota();
};

void MachineFactsTest::factsOfThisMachineAreFilledIn()
{
    const MachineFacts facts = readMachineFacts();
    QVERIFY(facts.logicalCpus >= 1);
    QVERIFY(facts.usableCpus >= 1);
    QVERIFY(facts.usableCpus <= facts.logicalCpus);
    QCOMPARE(facts.usableCpus, usableCpuCount());
    const std::string counts =
        std::to_string(facts.usableCpus) + " of " + std::to_string(facts.logicalCpus);
    QVERIFY(facts.usableCpusReason.starts_with(counts));
    QVERIFY(facts.memoryBytes > 1024 * 1024);
    QVERIFY(facts.kernel.starts_with("Linux "));
    QVERIFY(facts.clock.starts_with("CLOCK_MONOTONIC"));
    QVERIFY(!facts.operatingSystem.starts_with('"'));
    QCOMPARE(facts, readMachineFacts());
}

void MachineFactsTest::affinityMaskLimitsUsableCpus()
{
    int usable = 0;
    std::string reason;
    std::thread([&] {
        cpu_set_t mask;
        CPU_ZERO(&mask);
        CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &mask);
        if (::sched_setaffinity(0, sizeof mask, &mask) == 0) { // this thread only
            usable = usableCpuCount();
            reason = readMachineFacts().usableCpusReason;
        }
    }).join();
    QCOMPARE(usable, 1);
    if (readMachineFacts().usableCpus > 1) {
        QVERIFY(reason.ends_with(": affinity mask"));
    }
}

void MachineFactsTest::quota_data()
{
    QTest::addColumn<Files>("files");
    QTest::addColumn<double>("quota"); // 0: none

    QTest::newRow("nothing to read") << Files{} << 0.0;
    QTest::newRow("v2, no limit") << Files{{kCgroup, "0::/\n"},
                                           {"sys/fs/cgroup/cpu.max", "max 100000\n"}}
                                  << 0.0;
    QTest::newRow("v2, at the root of a container")
        << Files{{kCgroup, "0::/\n"}, {"sys/fs/cgroup/cpu.max", "150000 100000\n"}} << 1.5;
    QTest::newRow("v2, own group")
        << Files{{kCgroup, "0::/a/b\n"}, {"sys/fs/cgroup/a/b/cpu.max", "400000 100000\n"}} << 4.0;
    QTest::newRow("v2, group above is tighter")
        << Files{{kCgroup, "0::/a/b\n"},
                 {"sys/fs/cgroup/a/cpu.max", "200000 100000\n"},
                 {"sys/fs/cgroup/a/b/cpu.max", "400000 100000\n"}}
        << 2.0;
    QTest::newRow("v2, path of the host")
        << Files{{kCgroup, "0::/docker/0123\n"}, {"sys/fs/cgroup/cpu.max", "50000 100000\n"}}
        << 0.5;
    QTest::newRow("v1") << Files{{kCgroup, "3:memory:/\n2:cpu,cpuacct:/a\n1:name=systemd:/\n"},
                                 {"sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "300000\n"},
                                 {"sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"}}
                        << 3.0;
    QTest::newRow("v1, no limit") << Files{{kCgroup, "2:cpu:/a\n"},
                                           {"sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n"},
                                           {"sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n"}}
                                  << 0.0;
    QTest::newRow("nonsense") << Files{{kCgroup, "nonsense\n::\n0::relative\n0::/\n"},
                                       {"sys/fs/cgroup/cpu.max", "100000 0\n"}}
                              << 0.0;
}

void MachineFactsTest::memoryLimit()
{
    const auto limitOf = [](const Files& files) {
        const QTemporaryDir root;
        return writeFiles(root.path(), files) ? readMemoryLimit(root.path().toStdString()) : 1;
    };
    QCOMPARE(limitOf({{kCgroup, "0::/a/b\n"},
                      {"sys/fs/cgroup/a/memory.max", "1073741824\n"},
                      {"sys/fs/cgroup/a/b/memory.max", "max\n"}}),
             std::uint64_t{1} << 30U);
    QCOMPARE(limitOf({{kCgroup, "3:cpu:/\n2:memory:/a\n"},
                      {"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
                      {"sys/fs/cgroup/memory/a/memory.limit_in_bytes", "536870912\n"}}),
             std::uint64_t{1} << 29U);
    QCOMPARE(limitOf({{kCgroup, "0::/\n"}, {"sys/fs/cgroup/memory.max", "max\n"}}),
             std::uint64_t{0});
    QVERIFY(usableMemoryBytes() > 0);
    QVERIFY(usableMemoryBytes() <= readMachineFacts().memoryBytes);
}

void MachineFactsTest::quota()
{
    QFETCH(const Files, files);
    QFETCH(const double, quota);
    const QTemporaryDir root;
    QVERIFY(writeFiles(root.path(), files));
    QCOMPARE(readCpuQuota(root.path().toStdString()).value_or(0), quota);
}

QTEST_GUILESS_MAIN(MachineFactsTest)
#include "tst_machine_facts.moc"
