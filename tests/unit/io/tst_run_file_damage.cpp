// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/record_block.h"
#include "core/io/run_facts.h"
#include "core/io/run_file.h"
#include "core/io/run_file_format.h"
#include "core/io/section_file.h"
#include "core/task/codec.h"
#include "tests/unit/io/sample_run.h"

#include <QTest>

#include <functional>
#include <random>
#include <sstream>

using namespace poolscope;
using namespace poolscope::test;

namespace {

std::string sampleBytes()
{
    std::ostringstream out;
    return writeRun(*makeSampleRun(), out) ? out.str() : std::string{};
}

Result<SnapshotPtr> readBytes(const std::string& bytes)
{
    std::istringstream in(bytes);
    return readRun(in, bytes.size());
}

QString errorOf(const std::string& bytes)
{
    const Result<SnapshotPtr> read = readBytes(bytes);
    return read ? QString("(it was read)") : QString::fromStdString(read.error().message);
}

/// A run of one lane of one executor and ten tasks, whose parts a test can spoil before the
/// sections are made: their check sums are right then.
struct ForgedRun
{
    ForgedRun()
    {
        facts.meta = *makeSampleMeta();
        facts.meta.executors.resize(1);
        facts.lanes = 1;
        facts.submitted = {1};
        facts.queueSamples = {0};
        facts.blocked = {0};
        facts.usage = {0};
        facts.gone = {0};
        TaskRecord record;
        record.startNs = 10;
        record.endNs = 20;
        record.setState(TaskState::Done);
        records = {record};
        results.writeValue(std::int64_t{1});
        results.writeText("");
    }

    [[nodiscard]] std::string bytes() const
    {
        std::ostringstream out;
        SectionWriter file(out);
        file.write(kFactsTag, json.empty() ? toJson(facts) : json);
        ByteWriter lane;
        lane.writeSigned(laneExecutor);
        lane.writeUnsigned(laneKind);
        lane.writeSigned(0);
        lane.writeUnsigned(recordCount);
        lane.writeUnsigned(lifeCount);
        file.write(kLaneTag, lane.bytes());
        ByteWriter columns;
        encodeRecords(columns, records, 0);
        columns.writeUnsigned(0);
        const std::string_view block = columns.bytes();
        file.write(kRecordsTag, block.substr(0, block.size() - (isBlockTooLong ? 0 : 1)));
        if (facts.meta.recording.level != CostLevel::Wall) {
            file.write(kCostsTag, costs.bytes());
        }
        file.write(kResultsTag, results.bytes());
        if (events.bytes().size() > 0) {
            file.write(kEventsTag, events.bytes());
        }
        if (blocked.bytes().size() > 0) {
            file.write(kBlockedTag, blocked.bytes());
        }
        if (busy.bytes().size() > 0) {
            file.write(kInfrastructureTag, busy.bytes());
        }
        if (usage.bytes().size() > 0) {
            file.write(kUsageTag, usage.bytes());
        }
        return file.finish() ? out.str() : std::string{};
    }

    RunFacts facts;
    std::string json; ///< instead of the facts when not empty
    std::vector<TaskRecord> records;
    ByteWriter results;
    ByteWriter costs;
    ByteWriter blocked;
    ByteWriter busy;
    ByteWriter usage;
    ByteWriter events;
    std::int64_t laneExecutor = 0;
    std::uint64_t laneKind = 0;
    std::uint64_t recordCount = 1;
    std::uint64_t lifeCount = 0;
    bool isBlockTooLong = false;
};

void addCosts(ForgedRun& run, int costs)
{
    run.facts.meta.recording.level = CostLevel::Totals;
    for (int i = 0; i < costs; ++i) {
        writeCost(run.costs, {});
    }
}

void addEvent(ForgedRun& run, std::uint64_t kind, std::int64_t executor, std::int64_t lane)
{
    run.facts.controlEvents = 1;
    run.events.writeSigned(0);
    run.events.writeUnsigned(kind);
    run.events.writeSigned(executor);
    run.events.writeSigned(lane);
    run.events.writeSigned(0);
    run.events.writeText("");
}

void addBlocked(ForgedRun& run, const std::vector<std::uint64_t>& numbers)
{
    run.facts.blockers = {"slots"};
    run.facts.blocked = {1};
    for (const std::uint64_t number : numbers) {
        run.blocked.writeUnsigned(number);
    }
}

void addBusy(ForgedRun& run, const std::vector<std::uint64_t>& numbers)
{
    run.facts.infrastructure = {{{0, "Alarm", 7}, 1}};
    for (const std::uint64_t number : numbers) {
        run.busy.writeUnsigned(number);
    }
}

void addUsage(ForgedRun& run, const std::vector<std::uint64_t>& numbers)
{
    run.facts.usage = {1};
    for (const std::uint64_t number : numbers) {
        run.usage.writeUnsigned(number);
    }
}

using Spoil = std::function<void(ForgedRun&)>;

void replaceInFacts(ForgedRun& run, const std::string& what, const std::string& by)
{
    run.json = toJson(run.facts);
    const std::size_t at = run.json.find(what);
    QVERIFY2(at != std::string::npos, what.c_str());
    run.json.replace(at, what.size(), by);
}

} // namespace

Q_DECLARE_METATYPE(Spoil)

class TestRunFileDamage : public QObject
{
    Q_OBJECT

private slots:
    void truncatedFileIsRefusedAtEveryLength()
    {
        const std::string bytes = sampleBytes();
        QVERIFY(!bytes.empty());
        QVERIFY(readBytes(bytes).isOk());
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            const QString error = errorOf(bytes.substr(0, length));
            QVERIFY2(error.startsWith("it is "),
                     qPrintable(QString::number(length) + ": " + error));
        }
    }

    void everyChangedByteIsNoticed()
    {
        const std::string bytes = sampleBytes();
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (const unsigned mask : {0x01U, 0x10U, 0x80U, 0xffU}) {
                std::string changed = bytes;
                changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
                QVERIFY2(!readBytes(changed).isOk(), qPrintable(QString::number(at)));
            }
        }
    }

    void severalThreadsTellTheSame()
    {
        const std::string bytes = sampleBytes();
        const auto tellTheSame = [](const std::string& changed) {
            std::istringstream first(changed);
            const Result<SnapshotPtr> byOne = readRun(first, changed.size(), 1);
            std::istringstream second(changed);
            const Result<SnapshotPtr> byFour = readRun(second, changed.size(), 4);
            QVERIFY(!byOne.isOk());
            QVERIFY(!byFour.isOk());
            QCOMPARE(byFour.error().message, byOne.error().message);
        };
        for (std::size_t at = 0; at < bytes.size(); at += 3) {
            tellTheSame(bytes.substr(0, at));
            std::string changed = bytes;
            changed[at] = static_cast<char>(changed[at] ^ 0x40);
            tellTheSame(changed);
        }
        // Whole sections that are there twice or not at all.
        for (const SectionTag tag : {kLaneTag, kRecordsTag, kResultsTag}) {
            const std::size_t begin = bytes.find(tag);
            const std::size_t end =
                std::min(bytes.find(kResultsTag, begin + 4), bytes.find(kRecordsTag, begin + 4));
            QVERIFY(end != std::string::npos);
            tellTheSame(bytes.substr(0, end) + bytes.substr(begin));
            tellTheSame(bytes.substr(0, begin) + bytes.substr(end));
        }
    }

    void randomDamageIsRefused()
    {
        const std::string bytes = sampleBytes();
        for (unsigned seed = 0; seed < 3000; ++seed) {
            std::mt19937 random(seed);
            std::string changed = bytes;
            const auto position = [&] { return random() % changed.size(); };
            for (unsigned changes = 1 + random() % 8; changes > 0; --changes) {
                switch (random() % 4) {
                case 0:
                    changed[position()] = static_cast<char>(random());
                    break;
                case 1:
                    changed.erase(position(), 1 + random() % 16);
                    break;
                case 2:
                    changed.insert(position(), 1 + random() % 16, static_cast<char>(random()));
                    break;
                default: {
                    const std::string piece = changed.substr(position(), 64);
                    changed.insert(position(), piece);
                }
                }
            }
            if (changed != bytes) {
                QVERIFY2(!readBytes(changed).isOk(), qPrintable(QString::number(seed)));
            }
        }
    }

    void randomBodiesAreRefused()
    {
        // Behind right check sums: the decoders see the damage themselves.
        for (unsigned seed = 0; seed < 3000; ++seed) {
            std::mt19937 random(seed);
            ForgedRun run;
            run.recordCount = 1 + random() % 4;
            run.lifeCount = random() % 3;
            run.results.clear();
            for (unsigned left = random() % 32; left > 0; --left) {
                run.results.writeUnsigned(random() % 8);
            }
            run.records.assign(random() % 4, run.records.front());
            for (TaskRecord& record : run.records) {
                record.startNs = static_cast<Nanos>((std::uint64_t{random()} << 32) | random());
                record.task = static_cast<std::uint32_t>(random());
                record.stateAndFlags = static_cast<std::uint8_t>(random());
            }
            QVERIFY2(!readBytes(run.bytes()).isOk(), qPrintable(QString::number(seed)));
        }
    }

    void strangersAreCalledSo_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("task,workload,name\n0,spin,\n");
        QTest::newRow("zeros") << QByteArray(64, '\0');
        QTest::newRow("converted line ends") << QByteArray("\x89PSC\n\x1a\n\x01\0\0\0\0", 12);
    }
    void strangersAreCalledSo()
    {
        QFETCH(const QByteArray, bytes);
        QCOMPARE(errorOf(bytes.toStdString()), QString("it is not a Poolscope run"));
    }

    void newerFormatIsCalledSo()
    {
        std::string bytes = sampleBytes();
        bytes[kRunFileMagic.size()] = kRunFileVersion + 1;
        QVERIFY2(errorOf(bytes).contains("newer Poolscope (format 6"), qPrintable(errorOf(bytes)));
    }

    void bytesBehindTheEndAreNoticed()
    {
        QVERIFY(errorOf(sampleBytes() + '\0').contains("bytes behind it"));
    }

    void sizeBeyondTheFileIsNotBelieved()
    {
        // The section's stored size: the file's header, then the tag.
        std::string bytes = sampleBytes();
        bytes.replace(kRunFileMagic.size() + 4 + 4, 4, "\xff\xff\xff\xff");
        QVERIFY2(errorOf(bytes).contains("section META"), qPrintable(errorOf(bytes)));
    }

    void unspoiltForgeryIsRead()
    {
        // Or else the forgeries below would be refused for another reason than theirs.
        QCOMPARE(errorOf(ForgedRun().bytes()), QString("(it was read)"));
        ForgedRun costly;
        addCosts(costly, 1);
        QCOMPARE(errorOf(costly.bytes()), QString("(it was read)"));
        ForgedRun blocked;
        addBlocked(blocked, {0, 12, 3, 0});
        QCOMPARE(errorOf(blocked.bytes()), QString("(it was read)"));
        ForgedRun busy;
        addBusy(busy, {12, 3});
        QCOMPARE(errorOf(busy.bytes()), QString("(it was read)"));
        ForgedRun usage;
        addUsage(usage, {12, 3, 2, 4096});
        QCOMPARE(errorOf(usage.bytes()), QString("(it was read)"));
    }

    void factsWithoutRecordingAreRead()
    {
        // As version 1 wrote them.
        ForgedRun run;
        replaceInFacts(run, "\"recording\"", "\"something else\"");
        QCOMPARE(errorOf(run.bytes()), QString("(it was read)"));
    }

    void factsWithoutBlockersAreRead()
    {
        // As version 2 wrote them.
        ForgedRun run;
        replaceInFacts(run, "\"blockers\"", "\"something else\"");
        QCOMPARE(errorOf(run.bytes()), QString("(it was read)"));
    }

    void factsWithoutInfrastructureAreRead()
    {
        // As version 3 wrote them.
        ForgedRun run;
        replaceInFacts(run, "\"infrastructure\"", "\"something else\"");
        QCOMPARE(errorOf(run.bytes()), QString("(it was read)"));
    }

    void factsWithoutUsageAreRead()
    {
        // As version 4 wrote them.
        ForgedRun run;
        replaceInFacts(run, "\"usage\"", "\"something else\"");
        QCOMPARE(errorOf(run.bytes()), QString("(it was read)"));
    }

    void factsWithoutGoneRecordsAreRead()
    {
        // As version 4 wrote them.
        ForgedRun run;
        replaceInFacts(run, "\"gone\"", "\"something else\"");
        QCOMPARE(errorOf(run.bytes()), QString("(it was read)"));
    }

    void forgeriesAreRefused_data();
    void forgeriesAreRefused()
    {
        QFETCH(const Spoil, spoil);
        QFETCH(const QString, section);
        ForgedRun run;
        spoil(run);
        const QString error = errorOf(run.bytes());
        QVERIFY2(error.contains("section " + section), qPrintable(error));
    }
};

void TestRunFileDamage::forgeriesAreRefused_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QString>("section");
    const auto row = [](const char* name, const char* section, Spoil spoil) {
        QTest::newRow(name) << std::move(spoil) << QString(section);
    };
    row("facts are no JSON", "META", [](ForgedRun& run) { run.json = "{"; });
    row("facts are a list", "META", [](ForgedRun& run) { run.json = "[]"; });
    row("facts are deep", "META", [](ForgedRun& run) { run.json = std::string(1 << 20, '['); });
    row("field missing", "META",
        [](ForgedRun& run) { replaceInFacts(run, "\"seed\"", "\"sead\""); });
    row("field of wrong type", "META",
        [](ForgedRun& run) { replaceInFacts(run, "\"chunk\":3", "\"chunk\":\"3\""); });
    row("number too large", "META",
        [](ForgedRun& run) { replaceInFacts(run, "\"chunk\":3", "\"chunk\":3000000000"); });
    row("too many tasks", "META",
        [](ForgedRun& run) { replaceInFacts(run, "\"tasks\":10", "\"tasks\":4294967296"); });
    row("parameter is null", "META",
        [](ForgedRun& run) { replaceInFacts(run, "\"whole\":2.0", "\"whole\":null"); });
    row("blocked on what has no name", "BLKD", [](ForgedRun& run) {
        addBlocked(run, {1, 12, 3, 0});
    });
    row("blocked for ages", "BLKD", [](ForgedRun& run) {
        addBlocked(run, {0, 12, std::uint64_t{1} << 62U, 0});
    });
    row("blocked stretch cut short", "BLKD", [](ForgedRun& run) { addBlocked(run, {0, 12, 3}); });
    row("busy for ages", "INFR", [](ForgedRun& run) {
        addBusy(run, {12, std::uint64_t{1} << 62U});
    });
    row("busy stretch cut short", "INFR", [](ForgedRun& run) { addBusy(run, {12}); });
    row("more busy than promised", "INFR", [](ForgedRun& run) { addBusy(run, {12, 3, 4, 5}); });
    row("used in no time", "USAG", [](ForgedRun& run) { addUsage(run, {12, 0, 0, 0}); });
    row("used for ages", "USAG", [](ForgedRun& run) {
        addUsage(run, {12, std::uint64_t{1} << 62U, 0, 0});
    });
    row("impossible processor time", "USAG", [](ForgedRun& run) {
        addUsage(run, {12, 3, std::uint64_t{1} << 62U, 0});
    });
    row("impossible memory", "USAG", [](ForgedRun& run) {
        addUsage(run, {12, 3, 2, std::uint64_t{1} << 60U});
    });
    row("usage cut short", "USAG", [](ForgedRun& run) { addUsage(run, {12, 3, 2}); });
    row("more usage than promised", "USAG", [](ForgedRun& run) {
        addUsage(run, {12, 3, 2, 4096, 0});
    });
    row("usage missing", "USAG",
        [](ForgedRun& run) { run.facts.usage = {std::uint64_t{1} << 60}; });
    row("lanes and usage differ", "META", [](ForgedRun& run) { run.facts.usage = {0, 0}; });
    row("infrastructure of nobody", "META", [](ForgedRun& run) {
        addBusy(run, {12, 3});
        run.facts.infrastructure.front().info.executor = 1;
    });
    row("thread that cannot be", "META", [](ForgedRun& run) {
        addBusy(run, {12, 3});
        run.facts.infrastructure.front().info.threadId = -1;
    });
    row("lanes and gone differ", "META", [](ForgedRun& run) { run.facts.gone = {0, 0}; });
    row("gone in half a chunk", "META", [](ForgedRun& run) { run.facts.gone = {1000}; });
    row("more gone than there were", "LANE", [](ForgedRun& run) { run.facts.gone = {2048}; });
    row("lanes and blocked differ", "META", [](ForgedRun& run) { run.facts.blocked = {0, 0}; });
    row("no executor", "META", [](ForgedRun& run) {
        run.facts.meta.executors.clear();
        run.facts.submitted.clear();
        run.facts.queueSamples.clear();
    });
    row("too many executors", "META", [](ForgedRun& run) {
        run.facts.meta.executors.assign(kMaxExecutors + 1, {});
        run.facts.submitted.assign(kMaxExecutors + 1, 0);
        run.facts.queueSamples.assign(kMaxExecutors + 1, 0);
    });
    row("counts for other executors", "META", [](ForgedRun& run) { run.facts.submitted = {1, 2}; });
    row("too many lanes", "META", [](ForgedRun& run) { run.facts.lanes = kMaxLanes + 1; });
    row("lane missing", "LANE", [](ForgedRun& run) {
        run.facts.lanes = 2;
        run.facts.blocked = {0, 0};
        run.facts.usage = {0, 0};
        run.facts.gone = {0, 0};
    });
    row("time out of bounds", "META", [](ForgedRun& run) { run.facts.nowNs = kMaxTimeNs + 1; });
    row("executor of a lane", "LANE", [](ForgedRun& run) { run.laneExecutor = 1; });
    row("negative executor of a lane", "LANE", [](ForgedRun& run) { run.laneExecutor = -1; });
    row("huge executor of a lane", "LANE",
        [](ForgedRun& run) { run.laneExecutor = std::int64_t{1} << 32; });
    row("kind of a lane", "LANE", [](ForgedRun& run) { run.laneKind = 3; });
    row("lives missing", "LANE", [](ForgedRun& run) { run.lifeCount = 1; });
    row("too many lives", "LANE", [](ForgedRun& run) { run.lifeCount = std::uint64_t{1} << 60; });
    row("too few records", "RECS", [](ForgedRun& run) { run.recordCount = 2; });
    row("too many records", "RECS", [](ForgedRun& run) { run.records.resize(2, run.records[0]); });
    row("no records", "RECS", [](ForgedRun& run) { run.records.clear(); });
    row("bytes behind the records", "RECS", [](ForgedRun& run) { run.isBlockTooLong = true; });
    row("task beyond the job", "RECS", [](ForgedRun& run) { run.records[0].task = kSampleTasks; });
    row("end before start", "RECS", [](ForgedRun& run) { run.records[0].endNs = 9; });
    row("impossible time", "RECS",
        [](ForgedRun& run) { run.records[0].submitNs = std::numeric_limits<Nanos>::min(); });
    row("lead is not a number", "RECS", [](ForgedRun& run) {
        run.records[0].sentLeadNs = std::numeric_limits<float>::quiet_NaN();
    });
    row("task still runs", "RECS",
        [](ForgedRun& run) { run.records[0].setState(TaskState::Running); });
    row("unknown state", "RECS", [](ForgedRun& run) { run.records[0].stateAndFlags = 100; });
    row("overlapping records", "RECS", [](ForgedRun& run) {
        run.recordCount = 2;
        run.records.resize(2, run.records[0]);
        run.records[1].task = 1;
        run.records[1].startNs = 19;
    });
    row("unknown cost level", "META",
        [](ForgedRun& run) { replaceInFacts(run, "\"costs\":\"off\"", "\"costs\":\"all\""); });
    row("impossible duration", "META",
        [](ForgedRun& run) { run.facts.meta.recording.recordNs = -1; });
    row("cost missing", "COST",
        [](ForgedRun& run) { run.facts.meta.recording.level = CostLevel::Totals; });
    row("cost too many", "COST", [](ForgedRun& run) { addCosts(run, 2); });
    row("impossible cost", "COST", [](ForgedRun& run) {
        addCosts(run, 0);
        run.costs.writeUnsigned(std::numeric_limits<std::uint64_t>::max());
    });
    row("result missing", "RSLT", [](ForgedRun& run) { run.results.clear(); });
    row("result too many", "RSLT", [](ForgedRun& run) { run.results.writeValue(2.0); });
    row("text longer than its section", "RSLT", [](ForgedRun& run) {
        run.results.clear();
        run.results.writeValue({});
        run.results.writeUnsigned(std::uint64_t{1} << 62);
    });
    row("unknown kind of value", "RSLT", [](ForgedRun& run) {
        run.results.clear();
        run.results.writeUnsigned(9);
        run.results.writeText("");
    });
    row("event missing", "CTRL", [](ForgedRun& run) { run.facts.controlEvents = 1; });
    row("kind of event", "CTRL", [](ForgedRun& run) { addEvent(run, 10, 0, 0); });
    row("event's executor", "CTRL", [](ForgedRun& run) { addEvent(run, 0, 1, 0); });
    row("event's lane", "CTRL", [](ForgedRun& run) { addEvent(run, 0, 0, 1); });
    row("event's lane is negative", "CTRL", [](ForgedRun& run) { addEvent(run, 0, 0, -2); });
    row("samples missing", "QUEU",
        [](ForgedRun& run) { run.facts.queueSamples = {std::uint64_t{1} << 60}; });
    row("items missing", "ITEM", [](ForgedRun& run) { run.facts.hasItems = true; });
    row("kinds missing", "KIND", [](ForgedRun& run) { run.facts.hasKindOfTask = true; });
}

QTEST_GUILESS_MAIN(TestRunFileDamage)
#include "tst_run_file_damage.moc"
