// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/chrome_trace_writer.h"
#include "core/io/json_event_writer.h"
#include "tests/support/synthetic_trace.h"
#include "tests/unit/io/sample_run.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

using namespace poolscope;
using namespace poolscope::test;

using Json = nlohmann::json;

namespace {

std::string traceTextOf(const Snapshot& snapshot)
{
    std::ostringstream out;
    return writeChromeTrace(snapshot, out) ? out.str() : std::string{};
}

Json traceOf(const Snapshot& snapshot)
{
    return Json::parse(traceTextOf(snapshot), nullptr, false);
}

std::vector<Json> eventsOf(const Json& trace, const std::string& phase,
                           const std::string& category = {})
{
    std::vector<Json> found;
    for (const Json& event : trace["traceEvents"]) {
        if (event["ph"] == phase && (category.empty() || event["cat"] == category)) {
            found.push_back(event);
        }
    }
    return found;
}

using Track = std::pair<std::int64_t, std::int64_t>;

Track trackOf(const Json& event)
{
    return {event["pid"].get<std::int64_t>(), event["tid"].get<std::int64_t>()};
}

/// Times are written with three decimals, so this is exact.
Nanos nanosOf(const Json& micros)
{
    return std::llround(micros.get<double>() * 1000.0);
}

/// \return names by process, or by track, from the metadata.
std::map<Track, std::string> namesOf(const Json& trace, const std::string& kind)
{
    std::map<Track, std::string> names;
    for (const Json& event : eventsOf(trace, "M")) {
        if (event["name"] == kind) {
            names[trackOf(event)] = event["args"]["name"].get<std::string>();
        }
    }
    return names;
}

SnapshotPtr bigRun()
{
    SyntheticOptions options;
    options.lanes = 3;
    options.tasks = 3000;
    options.executors = 2;
    options.failureRate = 0.01;
    options.retryRate = 0.02;
    options.instantRate = 0.02;
    options.cancelRate = 0.02;
    return makeSyntheticTrace(options);
}

} // namespace

class TestChromeTraceWriter : public QObject
{
    Q_OBJECT

private slots:
    void traceIsJsonWithRunFacts()
    {
        const Json trace = traceOf(*makeSampleRun());
        QVERIFY(trace.is_object());
        QCOMPARE(trace["displayTimeUnit"].get<std::string>(), std::string("ns"));
        const Json& facts = trace["otherData"];
        QCOMPARE(facts["workload"].get<std::string>(), std::string("hash_files"));
        QCOMPARE(facts["seed"].get<std::uint64_t>(), makeSampleMeta()->seed);
        QCOMPARE(facts["machine"]["cpuModel"].get<std::string>(), std::string("A \"CPU\""));
        QCOMPARE(facts["params"]["paths"].get<std::string>(),
                 std::string("/tmp/a\n/tmp/not utf-8 \xef\xbf\xbd\xef\xbf\xbd"));
    }

    void everyTaskHasOneSlice()
    {
        const Json trace = traceOf(*makeSampleRun());
        QCOMPARE(eventsOf(trace, "X", "task").size(), std::size_t{kSampleEnds});
        const std::vector<Json> lost = eventsOf(trace, "X", "lost");
        QCOMPARE(lost.size(), std::size_t{kSampleLostAttempts});
        QCOMPARE(lost[0]["args"]["attempt"].get<int>(), 1);
        QCOMPARE(lost[0]["args"]["task"].get<int>(), 0);
        QCOMPARE(lost[0]["pid"].get<int>(), 5001);
    }

    void slicesHoldWhatTasksCost()
    {
        const Json trace = traceOf(*makeCostlyRun());
        const std::vector<Json> slices = eventsOf(trace, "X", "task");
        QCOMPARE(slices.size(), std::size_t{5});
        const auto sliceOf = [&slices](int process, int task) {
            const auto found = std::ranges::find_if(slices, [=](const Json& slice) {
                return slice["pid"] == process && slice["args"]["task"] == task;
            });
            return found == slices.end() ? Json{} : *found;
        };
        const Json first = sliceOf(kProgramId, 0);
        QCOMPARE(nanosOf(first["tts"]), Nanos{0});
        QCOMPARE(nanosOf(first["tdur"]), Nanos{60'000});
        QCOMPARE(first["args"]["run_queue_ms"].get<double>(), 0.03);
        QCOMPARE(first["args"]["blocked_ms"].get<double>(), 0.01);
        QCOMPARE(first["args"]["major_faults"].get<int>(), 5);
        const Json second = sliceOf(kProgramId, 1);
        QCOMPARE(nanosOf(second["tts"]), Nanos{60'000}); // the thread's clock goes on
        QVERIFY(!second["args"].contains("blocked_ms")); // the run queue is not known
        QCOMPARE(sliceOf(5001, 0)["args"]["peak_memory_kib"].get<int>(), 6144);
        const Json lost = sliceOf(5001, 1);
        QVERIFY(!lost.is_null() && !lost.contains("tdur") && !lost["args"].contains("cpu_ms"));
        QVERIFY(!eventsOf(traceOf(*makeSampleRun()), "X", "task").front().contains("tdur"));
    }

    void sliceSaysWhatHappened()
    {
        const Json trace = traceOf(*makeSampleRun());
        const std::vector<Json> slices = eventsOf(trace, "X", "task");
        const auto failed = std::ranges::find_if(
            slices, [](const Json& slice) { return slice["args"]["state"] == "failed"; });
        QVERIFY(failed != slices.end());
        QCOMPARE(failed->at("name").get<std::string>(),
                 std::string("not utf-8 \xef\xbf\xbd\xef\xbf\xbd"));
        QCOMPARE(trackOf(*failed), Track(kProgramId, kProgramId + 1));
        QCOMPARE(nanosOf(failed->at("ts")), Nanos{200'000});
        QCOMPARE(nanosOf(failed->at("dur")), Nanos{10'000});
        const Json& args = failed->at("args");
        QCOMPARE(args["task"].get<int>(), 5);
        QCOMPARE(args["name"].get<std::string>(), failed->at("name").get<std::string>());
        QCOMPARE(args["kind"].get<std::string>(), std::string("long"));
        QCOMPARE(args["attempts"].get<int>(), 1);
        QCOMPARE(args["wait_ms"].get<double>(), 0.197999);
        QCOMPARE(args["error"].get<std::string>(),
                 std::string("a \"bad\", b\nline\x01\xef\xbf\xbd"));
        QVERIFY(!args.contains("result"));
        QVERIFY(!args.contains("core"));
    }

    void resultsKeepTheirTypes()
    {
        const Json trace = traceOf(*makeSampleRun());
        std::map<std::pair<int, bool>, Json> results;
        for (const Json& slice : eventsOf(trace, "X", "task")) {
            const Json& args = slice["args"];
            results[{args["task"].get<int>(), args.contains("core")}] =
                args.contains("result") ? args["result"] : Json();
        }
        QVERIFY(results.at({0, false}).is_null());
        QCOMPARE(results.at({1, false}).get<int>(), -42);
        QCOMPARE(results.at({2, false}).get<std::string>(), std::string("-inf"));
        QCOMPARE(results.at({3, false}).get<double>(), 0.1);
        QCOMPARE(results.at({4, false}).get<std::int64_t>(),
                 std::numeric_limits<std::int64_t>::min());
        QCOMPARE(results.at({6, false}).get<std::string>(), std::string("x,\xc3\xa9\0y", 6));
        QCOMPARE(results.at({2, true}).get<std::int64_t>(), std::int64_t{2} << 40);
    }

    void everyTaskHasOneArrow()
    {
        const Json trace = traceOf(*bigRun());
        std::map<std::int64_t, Json> starts;
        for (const Json& start : eventsOf(trace, "s")) {
            QVERIFY(starts.emplace(start["id"].get<std::int64_t>(), start).second);
        }
        QCOMPARE(starts.size(), std::size_t{6000});
        std::set<std::pair<Track, Nanos>> sliceStarts;
        for (const Json& slice : eventsOf(trace, "X", "task")) {
            sliceStarts.emplace(trackOf(slice), nanosOf(slice["ts"]));
        }
        const std::vector<Json> ends = eventsOf(trace, "f");
        QCOMPARE(ends.size(), starts.size());
        std::set<std::int64_t> ended;
        for (const Json& end : ends) {
            const std::int64_t id = end["id"].get<std::int64_t>();
            QVERIFY(ended.insert(id).second);
            QVERIFY(starts.contains(id));
            QVERIFY(end["cat"] == starts[id]["cat"]);
            QVERIFY(end["name"] == starts[id]["name"]);
            QCOMPARE(end["bp"].get<std::string>(), std::string("e"));
            QVERIFY(sliceStarts.contains({trackOf(end), nanosOf(end["ts"])}));
        }
    }

    void arrowsBeginInsideSubmitSlices()
    {
        const Json trace = traceOf(*bigRun());
        std::map<std::pair<Track, Nanos>, Nanos> submits;
        std::int64_t submitted = 0;
        for (const Json& submit : eventsOf(trace, "X", "submit")) {
            const Nanos begin = nanosOf(submit["ts"]);
            QVERIFY(nanosOf(submit["dur"]) > 0);
            QVERIFY(
                submits.emplace(std::pair(trackOf(submit), begin), nanosOf(submit["dur"])).second);
            submitted += submit["args"]["tasks"].get<std::int64_t>();
        }
        QCOMPARE(submitted, std::int64_t{6000});
        for (const Json& start : eventsOf(trace, "s")) {
            QVERIFY(submits.contains({trackOf(start), nanosOf(start["ts"])}));
        }
    }

    void slicesOfATrackFollowEachOther()
    {
        std::map<Track, Nanos> ends;
        for (const Json& slice : eventsOf(traceOf(*bigRun()), "X")) {
            const Nanos begin = nanosOf(slice["ts"]);
            Nanos& end = ends[trackOf(slice)];
            QVERIFY(begin >= end);
            end = begin + nanosOf(slice["dur"]);
        }
        QVERIFY(ends.size() > 6);
    }

    void everyTrackHasAName()
    {
        const Json trace = traceOf(*bigRun());
        const std::map<Track, std::string> threads = namesOf(trace, "thread_name");
        const std::map<Track, std::string> processes = namesOf(trace, "process_name");
        for (const Json& event : trace["traceEvents"]) {
            if (event["ph"] != "M") {
                QVERIFY(threads.contains(trackOf(event)));
                QVERIFY(processes.contains({trackOf(event).first, 0}));
            }
        }
    }

    void namesSayWhoWorked()
    {
        const Json trace = traceOf(*makeSampleRun());
        const std::map<Track, std::string> processes = namesOf(trace, "process_name");
        QCOMPARE(processes.at({kProgramId, 0}), std::string("Poolscope: Thread pool"));
        QCOMPARE(processes.at({5001, 0}), std::string("Process pool worker 0"));
        QCOMPARE(processes.at({5003, 0}), std::string("Process pool worker 0"));
        QCOMPARE(processes.at({5002, 0}), std::string("Process pool worker 1"));
        const std::map<Track, std::string> threads = namesOf(trace, "thread_name");
        QCOMPARE(threads.at({kProgramId, kProgramId + 1}), std::string("Thread 0"));
        QCOMPARE(threads.at({kProgramId, kProgramId + 3}), std::string("Thread 1"));
        QCOMPARE(threads.at({5002, 5002}), std::string("Worker 1"));
        std::set<std::string> names;
        for (const auto& [track, name] : threads) {
            names.insert(name);
        }
        QVERIFY(names.contains("Submit (Thread pool)"));
        QVERIFY(names.contains("Submit (Process pool)"));
        QVERIFY(names.contains("Never began (Thread pool)"));
        QVERIFY(!names.contains("Never began (Process pool)"));
    }

    void countersFollowTheQueue()
    {
        const std::vector<Json> counters = eventsOf(traceOf(*makeSampleRun()), "C");
        QCOMPARE(counters.size(), std::size_t{4});
        QCOMPARE(counters[1]["name"].get<std::string>(), std::string("Thread pool"));
        QCOMPARE(nanosOf(counters[1]["ts"]), Nanos{100'000});
        const Json expected{{"queued", 7}, {"running", 2}, {"workers", 2}};
        QVERIFY(counters[1]["args"] == expected);
        QCOMPARE(counters[3]["name"].get<std::string>(), std::string("Process pool"));
    }

    void controlEventsAreInstants()
    {
        const std::vector<Json> instants = eventsOf(traceOf(*makeSampleRun()), "i", "control");
        QCOMPARE(instants.size(), std::size_t{4});
        QCOMPARE(instants[1]["name"].get<std::string>(), std::string("resize"));
        QCOMPARE(instants[1]["args"]["value"].get<int>(), 2);
        QCOMPARE(instants[2]["name"].get<std::string>(), std::string("worker_died"));
        QCOMPARE(instants[2]["s"].get<std::string>(), std::string("p"));
        QCOMPARE(instants[2]["pid"].get<int>(), 5001);
    }

    void lanesWithEqualIdsStayApart()
    {
        // As in a made-up trace, or when the system gives an id again.
        auto recorder = std::make_shared<Recorder>(0, 2);
        TaskRecord record;
        record.endNs = 10;
        record.setState(TaskState::Done);
        const auto addLane = [&](LaneInfo info, std::int32_t process, std::int32_t thread) {
            Lane& lane = recorder->addLane(info);
            lane.openLife({0, -1, process, thread});
            lane.append(record, {}, "");
            ++record.task;
        };
        addLane({0, LaneKind::Thread, 0}, 7, 8);
        addLane({0, LaneKind::Thread, 1}, 7, 8);
        addLane({0, LaneKind::Thread, 2}, 0, 0);
        addLane({0, LaneKind::Thread, 3}, 0, 0);
        addLane({1, LaneKind::Process, 0}, 7, 7);
        addLane({1, LaneKind::Process, 1}, 9, 9);
        addLane({1, LaneKind::Process, 2}, 9, 9);
        const Json trace = traceOf(*finish(recorder, makeSampleMeta()));
        std::set<Track> tracks;
        for (const Json& slice : eventsOf(trace, "X", "task")) {
            QVERIFY(tracks.insert(trackOf(slice)).second);
        }
        QCOMPARE(tracks.size(), std::size_t{7});
        QCOMPARE(namesOf(trace, "process_name").size(), std::size_t{4});
    }

    void equalExecutorsAreNumbered()
    {
        auto meta = makeSampleMeta();
        meta->executors[1] = meta->executors[0];
        auto recorder = std::make_shared<Recorder>(0, 2);
        recorder->addLane({0, LaneKind::Thread, 0}).openLife({0, -1, 7, 8});
        recorder->addLane({1, LaneKind::Thread, 0}).openLife({0, -1, 7, 9});
        const Json trace = traceOf(*finish(recorder, meta));
        QCOMPARE(namesOf(trace, "process_name").at({7, 0}),
                 std::string("Poolscope: Thread pool, Thread pool 2"));
        QCOMPARE(namesOf(trace, "thread_name").at({7, 9}), std::string("Thread 0 (Thread pool 2)"));
    }

    void infrastructureHasTracksOfItsOwn()
    {
        const Json trace = traceOf(*makeRunWithInfrastructure());
        std::map<Track, int> slices;
        for (const Json& slice : eventsOf(trace, "X", "infrastructure")) {
            ++slices[trackOf(slice)];
        }
        QCOMPARE(slices.size(), std::size_t{2});
        const auto names = namesOf(trace, "thread_name");
        std::set<std::string> texts;
        for (const auto& [track, count] : slices) {
            texts.insert(names.at(track) + ": " + std::to_string(count));
        }
        QVERIFY(texts.contains("Collector: 1"));
        QCOMPARE(eventsOf(trace, "X", "task").size(), std::size_t{1});
    }

    void emptyRunIsValid()
    {
        auto meta = std::make_shared<TraceMeta>();
        meta->executors = {{"threads", "Thread pool", 1}};
        const Json trace = traceOf(*finish(std::make_shared<Recorder>(0, 1), meta));
        QVERIFY(trace["traceEvents"].is_array());
        QVERIFY(eventsOf(trace, "X").empty());
    }

    void timesKeepTheirNanoseconds_data()
    {
        QTest::addColumn<qint64>("nanos");
        QTest::addColumn<QString>("micros");
        QTest::newRow("zero") << qint64{0} << "0.000";
        QTest::newRow("one") << qint64{1} << "0.001";
        QTest::newRow("below one") << qint64{-1} << "-0.001";
        QTest::newRow("whole") << qint64{1000} << "1.000";
        QTest::newRow("a day") << qint64{86'400'000'000'007} << "86400000000.007";
    }
    void timesKeepTheirNanoseconds()
    {
        QFETCH(const qint64, nanos);
        QFETCH(const QString, micros);
        std::ostringstream out;
        JsonEventWriter writer(out);
        writer.begin('X', "n", {1, 2});
        writer.addTime("ts", nanos);
        writer.end();
        QCOMPARE(QString::fromStdString(out.str()),
                 "\n{\"ph\":\"X\",\"name\":\"n\",\"pid\":1,\"tid\":2,\"ts\":" + micros + "}");
    }

    void brokenStreamIsAnError()
    {
        std::ostringstream out;
        out.setstate(std::ios::badbit);
        QVERIFY(!writeChromeTrace(*makeSampleRun(), out).isOk());
    }
};

QTEST_GUILESS_MAIN(TestChromeTraceWriter)
#include "tst_chrome_trace_writer.moc"
